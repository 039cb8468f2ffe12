"""What keeps a retailer's orders from going on and only the supplier can mend: told to the supplier too, in its own words, with nothing of the customer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from catalog.models import EffectivePrice, Listing, PriceList, PriceListAssignment, PriceListState, Variant
from channels.models import Problem, ProblemState
from channels.problems import raise_problem, resolve
from orders.models import Order, OrderLine, OrderState
from portal.companies.models import Company, Partnership

NO_PRICE, NO_LIST = "no_price", "no_price_list"
CODES = (NO_PRICE, NO_LIST)
_WAITING = (OrderState.HELD, OrderState.NEEDS_MATCH)


def tell_suppliers(order: Order) -> None:
    """``order`` is held: each supplier of a line that lacks a price hears of it, once a product and list; what was answered meanwhile is closed."""
    close_answered(order)
    lines = order.lines.filter(held_code__in=CODES).exclude(variant__company=order.company_id)
    for line in lines.select_related("variant__product"):
        if line.variant:
            _tell(line.variant, order.company_id, code=line.held_code)


def tell_listing(listing: Listing) -> None:
    """``listing`` cannot be published for want of a price."""
    if listing.variant.company_id != listing.company_id:
        _tell(listing.variant, listing.company_id, code=NO_PRICE)


def close_answered(order: Order, *, is_released: bool = False) -> None:
    """Close what the suppliers of ``order`` were told and what nothing waits for any more. ``is_released``: this order does not wait either."""
    variants = dict(order.lines.exclude(variant=None).values_list("variant_id", "variant__company_id"))
    pairs = Partnership.objects.filter(supplier__in=set(variants.values()), retailer=order.company_id).values("pk")
    rows = _told().filter(Q(code=NO_PRICE, record_id__in=list(variants)) | Q(code=NO_LIST, record_id__in=pairs))
    for row in rows.filter(company__in=set(variants.values())):
        lines = _lines_waiting_for(row)
        if (
            not (lines.exclude(order=order) if is_released else lines).exists()
            and not _listings_waiting_for(row).exists()
        ):
            resolve(pk=row.pk, resolution="Nothing waits for it any more.")


def close_priced(price_list_id: int, variant_ids: Iterable[int]) -> None:
    """Prices of a list changed, or it was assigned: what it says now is told no more as missing. Three queries while nothing was."""
    told = _told().filter(code=NO_PRICE, cause_key=f"{NO_PRICE}:{price_list_id}", record_id__in=list(variant_ids))
    wanted = dict(told.values_list("record_id", "pk"))
    priced = EffectivePrice.objects.filter(price_list=price_list_id, variant__in=wanted, valid_until=None)
    done = [wanted[pk] for pk in priced.values_list("variant_id", flat=True)]
    assigned = PriceListAssignment.objects.filter(price_list=price_list_id).values("partnership")
    done += _told().filter(code=NO_LIST, record_id__in=assigned).values_list("pk", flat=True)
    if done:
        resolve(pk__in=done, resolution="It has a price now.")


def list_of(row: Problem) -> int | None:
    """The id of the price list that lacks a price, None where the problem names none."""
    _, _, pk = row.cause_key.partition(":")
    return int(pk) if row.code == NO_PRICE and row.record_type == "variant" and pk.isdecimal() else None


def _told() -> QuerySet[Problem]:
    return Problem.objects.filter(code__in=CODES, record_type__in=("variant", "partnership")).exclude(
        state=ProblemState.RESOLVED
    )


def _retailers_of(row: Problem) -> QuerySet:
    if row.code == NO_LIST and row.record_id:
        return Partnership.objects.filter(pk=row.record_id).values("retailer")
    return PriceListAssignment.objects.filter(price_list=list_of(row)).values("partnership__retailer")


def _lines_waiting_for(row: Problem) -> QuerySet[OrderLine]:
    """The lines of held orders that wait for what ``row`` tells of."""
    lines = OrderLine.objects.filter(
        held_code=row.code, order__state__in=_WAITING, order__company__in=_retailers_of(row)
    )
    return lines.filter(variant__company=row.company_id) if row.code == NO_LIST else lines.filter(variant=row.record_id)


def _listings_waiting_for(row: Problem) -> QuerySet[Listing]:
    """What cannot be published for want of the same price."""
    if row.code == NO_LIST:
        return Listing.objects.none()
    stuck = Problem.objects.open().filter(code=NO_PRICE, record_type__in=("product", "listing")).values("company")
    return Listing.objects.filter(variant=row.record_id, is_active=True, company__in=_retailers_of(row)).filter(
        company__in=stuck
    )


def _tell(variant: Variant, retailer_id: int, *, code: str) -> None:
    rows = Partnership.objects.filter(supplier=variant.company_id, retailer=retailer_id)
    partnership = rows.select_related("retailer").order_by("-pk").first()
    if partnership is None or partnership.retailer is None:
        return
    price_list = _live_list(partnership)
    if code == NO_PRICE and price_list is not None:
        _tell_no_price(variant, price_list, partnership.retailer)
    elif price_list is None:
        _tell_no_list(variant.company_id, partnership, partnership.retailer)


def _live_list(partnership: Partnership) -> PriceList | None:
    return PriceList.objects.filter(assignments__partnership=partnership, state=PriceListState.LIVE).first()


def _tell_no_price(variant: Variant, price_list: PriceList, retailer: Company) -> None:
    raise_problem(
        variant.company_id,
        NO_PRICE,
        f"{variant.sku or variant.full_name} has no price on your list “{price_list.name}”, so what {retailer.name} sells of it cannot go on. "
        "Set its price; the rest goes by itself.",
        record=variant,
        record_name=f"{variant.sku} {variant.full_name}".strip(),
        cause_key=f"{NO_PRICE}:{price_list.pk}",
    )


def _tell_no_list(supplier_id: int, partnership: Partnership, retailer: Company) -> None:
    raise_problem(
        supplier_id,
        NO_LIST,
        f"No price list of yours holds for {retailer.name}, so its orders for your goods cannot go on. Assign one; the rest goes by itself.",
        record=partnership,
        record_name=retailer.name,
        cause_key=f"{NO_LIST}:{partnership.pk}",
    )
