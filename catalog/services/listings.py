"""What a retailer sells of its partners' goods: choose, stop, resume, price; and keeping listings true to what is in trade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from catalog import signals
from catalog.models import Listing, ListingState, PriceList, Variant
from catalog.services.adopting import adopt_by_sku
from catalog.visibility import visible_to
from portal.companies.models import Company, Partnership
from portal.lib import clock
from portal.lib.errors import DomainError, NotAllowed
from portal.lib.money import ZERO

CHUNK = 2_000
MOST_UNITS = 1_000_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """What came of choosing: new listings, listings taken up again, and how many were chosen already or cannot be had."""

    created: tuple[int, ...]
    resumed: tuple[int, ...]
    already: int
    refused: int

    @property
    def listing_ids(self) -> tuple[int, ...]:
        return self.created + self.resumed


def choose(
    company: Company,
    *,
    partnership: Partnership | None = None,
    product_ids: Iterable[int] = (),
    variant_ids: Iterable[int] = (),
) -> Chosen:
    """List goods of partners: whole products, single variants, or both. Choosing twice changes nothing; a stopped listing is taken up again.

    Only what ``company`` can see counts (accepted partnership, its live price list, active goods, a price in force): the rest is refused by number.
    What its store has under the same SKU already is taken over, not made twice.
    """
    wanted = Q(product_id__in=list(product_ids)) | Q(pk__in=list(variant_ids))
    with transaction.atomic():
        asked = set(Variant.objects.filter(wanted).values_list("pk", flat=True))
        goods = list(
            visible_to(company, partnership=partnership).filter(wanted).values_list("pk", "product_id", "seller_id")
        )
        held = {row.variant_id: row for row in Listing.objects.filter(company=company, variant_id__in=asked)}
        resumed = _resume([held[pk] for pk, _, _ in goods if pk in held and held[pk].state == ListingState.STOPPED])
        created = _create(company, [row for row in goods if row[0] not in held])
        adopt_by_sku(company, [pk for pk, _, _ in goods if pk not in held])
        _announce(company.pk, [*created, *resumed])
    already = sum(1 for pk, _, _ in goods if pk in held) - len(resumed)
    return Chosen(tuple(created), tuple(resumed), already, len(asked) - len(goods))


def stop(company: Company, listing_ids: Iterable[int]) -> list[int]:
    """Take listings out of ``company``'s store: stock 0 and hidden there, nothing deleted. Returns those that were not stopped yet."""
    with transaction.atomic():
        rows = Listing.objects.filter(company=company, pk__in=list(listing_ids)).exclude(state=ListingState.STOPPED)
        ids = list(rows.values_list("pk", flat=True))
        Listing.objects.filter(pk__in=ids).update(state=ListingState.STOPPED, is_active=False, updated_at=clock.now())
        _announce(company.pk, ids)
    return ids


def resume(company: Company, listing_ids: Iterable[int]) -> list[int]:
    """Take stopped listings up again, where the goods can still be had. Returns those taken up. Raises NotAllowed when none can be."""
    stopped = Listing.objects.filter(company=company, pk__in=list(listing_ids), state=ListingState.STOPPED)
    with transaction.atomic():
        rows = {row.variant_id: row for row in stopped}
        possible = set(visible_to(company).filter(pk__in=rows).values_list("pk", flat=True))
        if rows and not possible:
            raise NotAllowed("Your supplier no longer offers these goods to you. Ask them, or choose others.")
        ids = _resume([row for variant_id, row in rows.items() if variant_id in possible])
        _announce(company.pk, ids)
    return ids


def set_retail_price(company: Company, listing_ids: Iterable[int], *, amount: Decimal | None) -> list[int]:
    """Set ``company``'s own shelf price (in the list's retail currency), or go back to the suggested one (None). Raises DomainError unless above 0."""
    if amount is not None and not (amount.is_finite() and ZERO < amount < 10**9):
        raise DomainError(
            "A shelf price is above 0. Type an amount such as 12.95, or leave it empty for the suggested one.",
            field="retail_price",
        )
    with transaction.atomic():
        rows = Listing.objects.filter(company=company, pk__in=list(listing_ids))
        ids = [pk for pk, before in rows.values_list("pk", "retail_price") if before != amount]
        Listing.objects.filter(pk__in=ids).update(retail_price=amount, updated_at=clock.now())
        _announce(company.pk, ids)
    return ids


def set_stock_buffer(company: Company, listing_ids: Iterable[int], *, units: int | None) -> list[int]:
    """Keep ``units`` of each of ``company``'s listings back from its store, instead of what the supplier keeps back (None: as the supplier says).

    Returns those that changed. Raises DomainError for less than nothing.
    """
    if units is not None and not 0 <= units <= MOST_UNITS:
        raise DomainError(
            f"Type how many units to keep back, 0 to {MOST_UNITS:,}, or leave it empty.", field="stock_buffer"
        )
    with transaction.atomic():
        rows = Listing.objects.filter(company=company, pk__in=list(listing_ids))
        changed = {
            pk: variant for pk, variant, held in rows.values_list("pk", "variant_id", "stock_buffer") if held != units
        }
        Listing.objects.filter(pk__in=changed).update(stock_buffer=units, updated_at=clock.now())
        if changed:
            signals.stock_changed.send(sender=Listing, variant_ids=sorted(set(changed.values())))
    return list(changed)


def note_published(listing_ids: Iterable[int]) -> None:
    """The retailer's store holds these listings now. Announces nothing: it is the answer to an announcement."""
    Listing.objects.filter(pk__in=list(listing_ids), state=ListingState.CHOSEN).update(
        state=ListingState.PUBLISHED, updated_at=clock.now()
    )


def refresh_activity(
    *,
    variant_ids: Sequence[int] | None = None,
    partnership: Partnership | None = None,
    price_list: PriceList | None = None,
) -> list[int]:
    """Make ``is_active`` of listings true to what their retailers can see now; stopped ones stay inactive. Returns the listings that flipped.

    Called whenever goods, partnerships, lists or prices change, inside that transaction. Without listings concerned it costs one query.
    """
    flipped: list[int] = []
    for chunk in _slices(variant_ids):
        rows = _concerned(chunk, partnership, price_list)
        flipped += _flip(list(rows.values_list("pk", "company_id", "partnership_id", "variant_id", "is_active")))
    return flipped


def announce_unpublished(*, price_list: PriceList, variant_ids: Sequence[int]) -> None:
    """Announce listings that no store holds yet again: a price or rate may have been what they waited for."""
    rows = _concerned(variant_ids, None, price_list).filter(state=ListingState.CHOSEN, is_active=True)
    by_company: dict[int, list[int]] = defaultdict(list)
    for pk, company_id in rows.values_list("pk", "company_id"):
        by_company[company_id].append(pk)
    for company_id, listing_ids in by_company.items():
        _announce(company_id, listing_ids)


def _slices(variant_ids: Sequence[int] | None) -> list[Sequence[int] | None]:
    if variant_ids is None:
        return [None]
    return [variant_ids[start : start + CHUNK] for start in range(0, len(variant_ids), CHUNK)]


def _concerned(
    variant_ids: Sequence[int] | None, partnership: Partnership | None, price_list: PriceList | None
) -> QuerySet[Listing]:
    rows = Listing.objects.exclude(state=ListingState.STOPPED)
    if variant_ids is not None:
        rows = rows.filter(variant_id__in=variant_ids)
    if partnership is not None:
        rows = rows.filter(partnership=partnership)
    if price_list is not None:
        rows = rows.filter(partnership__price_assignment__price_list=price_list)
    return rows


def _flip(rows: Sequence[tuple[int, int, int, int, bool]]) -> list[int]:
    by_company: dict[int, list[tuple[int, int, int, bool]]] = defaultdict(list)
    for pk, company_id, partnership_id, variant_id, is_active in rows:
        by_company[company_id].append((pk, partnership_id, variant_id, is_active))
    return [pk for company_id, listings in by_company.items() for pk in _flip_company(company_id, listings)]


def _flip_company(company_id: int, listings: Sequence[tuple[int, int, int, bool]]) -> list[int]:
    visible = visible_to(company_id).filter(pk__in=[variant_id for _, _, variant_id, _ in listings])
    offered = set(visible.values_list("pk", "partnership_id"))
    on = [pk for pk, p, v, is_active in listings if not is_active and (v, p) in offered]
    off = [pk for pk, p, v, is_active in listings if is_active and (v, p) not in offered]
    now = clock.now()
    Listing.objects.filter(pk__in=on).update(is_active=True, updated_at=now)
    Listing.objects.filter(pk__in=off).update(is_active=False, updated_at=now)
    _announce(company_id, on + off)
    return on + off


def _create(company: Company, goods: Sequence[tuple[int, int, int]]) -> list[int]:
    """New listings of (variant, product, supplier), each under the partnership with that supplier."""
    partnerships = dict(Partnership.objects.filter(retailer=company, state="accepted").values_list("supplier_id", "pk"))
    rows = Listing.objects.bulk_create(
        Listing(company=company, partnership_id=partnerships[seller], product_id=product, variant_id=variant)
        for variant, product, seller in goods
    )
    return [row.pk for row in rows]


def _resume(rows: Sequence[Listing]) -> list[int]:
    ids = [row.pk for row in rows]
    Listing.objects.filter(pk__in=ids).update(state=ListingState.CHOSEN, is_active=True, updated_at=clock.now())
    return ids


def _announce(company_id: int, listing_ids: Sequence[int]) -> None:
    if listing_ids:
        signals.listings_changed.send(sender=Listing, company_id=company_id, listing_ids=list(listing_ids))
