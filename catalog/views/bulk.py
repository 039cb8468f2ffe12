"""What is done with many prices at once. One field says how: a price, a step such as +0.50 or −5 %, or a tag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from catalog.models import PriceList, PriceOverride, PriceRevision, Variant
from catalog.pricing.change import Change, Fixed
from catalog.services import lock_overrides, locked_among, open_revision
from catalog.services.checking import clean_amount
from catalog.services.previews import planned_prices
from catalog.services.tags import tag_products, untag_products
from catalog.views.amounts import read_amount
from catalog.views.bulk_undo import put_and_keep
from catalog.views.grid import Priced
from portal.lib.errors import DomainError
from portal.lib.money import ZERO, minor_unit
from portal.ui.lists import BulkAction

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

MOST = 10_000


@dataclass(frozen=True, slots=True)
class FieldAction(BulkAction):
    """A bulk action with fields of its own beside its button, drawn by ``template``."""

    template: str = ""


def set_prices(view: Any, rows: QuerySet[WithAnnotations[Variant, Priced]]) -> str:
    """Fix the prices of ``rows`` as the field says; locked ones stay."""
    step = _read_step(view.request.POST.get("bulk", ""))
    amounts = _shown(view.price_list, dict(rows.values_list("pk", "amount")[: MOST + 1]))
    if len(amounts) > MOST:
        raise DomainError(f"Change at most {MOST:,} prices at once. Use a rule for more.")
    locked, coin = locked_among(view.price_list, amounts), minor_unit(view.price_list.currency)
    fixed = {
        pk: Fixed(clean_amount(becomes.quantize(coin, rounding=ROUND_HALF_UP)))
        for pk, amount in amounts.items()
        if pk not in locked and (becomes := step(amount)) is not None
    }
    return _said(_put(view, fixed), len(fixed), len(locked))


def _shown(price_list: PriceList, amounts: dict[int, Decimal | None]) -> dict[int, Decimal | None]:
    """The prices that the grid shows: where there is a draft, what it makes of them."""
    revision = open_revision(price_list)
    if revision is None or len(amounts) > MOST:
        return amounts
    planned, _ = planned_prices(price_list, Change.from_json(revision.change), list(amounts))
    return {pk: planned[pk].amount if planned.get(pk) else None for pk in amounts}


def _put(view: Any, fixed: dict[int, Fixed]) -> PriceRevision | list[int]:
    """Take the edit, and keep the way back with the person's session."""
    done, view.undo_url = put_and_keep(view.request, view.price_list, fixed)
    return done


def give_back(view: Any, rows: QuerySet[Variant]) -> str:
    """Clear the overrides of ``rows``; locked ones stay."""
    held = PriceOverride.objects.filter(price_list=view.price_list, variant__in=rows.values("pk"))
    flags = dict(held.values_list("variant_id", "is_locked"))
    freed = {pk: Fixed(None) for pk, is_locked in flags.items() if not is_locked}
    if not flags:
        return "None of these had an override."
    return _said(_put(view, freed), len(freed), len(flags) - len(freed))


def lock(view: Any, rows: QuerySet[Variant]) -> str:
    """Lock the overrides of ``rows``."""
    count = lock_overrides(view.price_list, rows.values_list("pk", flat=True), is_locked=True, by=view.request.user)
    return (
        f"{count:,} locked: bulk edits and files leave them alone."
        if count
        else "None of these is an override that is open."
    )


def unlock(view: Any, rows: QuerySet[Variant]) -> str:
    """Unlock the overrides of ``rows``."""
    count = lock_overrides(view.price_list, rows.values_list("pk", flat=True), is_locked=False, by=view.request.user)
    return f"{count:,} unlocked." if count else "None of these was locked."


def tag(view: Any, rows: QuerySet[Any]) -> str:
    """Tag the products of ``rows`` (variants or products) with the field's word, so that a rule can gather them."""
    word = _word(view)
    count = tag_products(view.request.scope.company, _product_ids(rows), name=word)
    return f"{count:,} {'product carries' if count == 1 else 'products carry'} the tag “{word}” now. A rule can use it."


def untag(view: Any, rows: QuerySet[Any]) -> str:
    """Take the field's word off the products of ``rows``."""
    word = _word(view)
    count = untag_products(view.request.scope.company, _product_ids(rows), name=word)
    return (
        f"{count:,} {'product no longer carries' if count == 1 else 'products no longer carry'} the tag “{word}”. "
        "Prices that a rule made for it follow the other rules now."
        if count
        else f"None of these carries the tag “{word}”."
    )


def _word(view: Any) -> str:
    return " ".join(view.request.POST.get("bulk", "").split())


def _product_ids(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values_list("product_id" if rows.model is Variant else "pk", flat=True)


def _read_step(text: str) -> Callable[[Decimal | None], Decimal | None]:
    """The function of the present price that ``text`` means. Raises DomainError for what is neither a price nor a step."""
    clean = text.strip().replace("−", "-")
    sign = -1 if clean.startswith("-") else 1
    number = read_amount(clean.lstrip("+-").replace("%", ""))
    if number is None:
        raise DomainError("Type what the prices become: 9.95, or a step such as +0.50 or −5 %.", field="bulk")
    if clean.endswith("%"):
        return lambda amount: None if amount is None else amount * (100 + sign * number) / 100
    if clean[:1] in "+-":
        return lambda amount: None if amount is None else max(amount + sign * number, ZERO)
    return lambda amount: number


def _said(done: PriceRevision | list[int], count: int, locked: int) -> str:
    kept = f" {locked:,} locked stayed as they were." if locked else ""
    where = (
        "in the draft. Preview and publish when you are ready." if isinstance(done, PriceRevision) else "and in force."
    )
    return f"{count:,} {'price is' if count == 1 else 'prices are'} changed {where}{kept}"
