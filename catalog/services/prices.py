"""Prices in force: computed by ``catalog.pricing``, stored here and only here, in sets; the old rows stay and are the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.db.models import F

from catalog import signals
from catalog.models import EffectivePrice, PriceList, Variant
from catalog.pricing import Price, Step, Terms, figure
from catalog.services import bulk
from catalog.services.listings import announce_unpublished, refresh_activity
from catalog.services.locks import lock_catalogue
from catalog.services.terms import Inputs, inputs_of, terms_of
from portal.companies.models import Company
from portal.lib import clock

CHUNK = 2_000
COLUMNS = (
    "price_list_id",
    "variant_id",
    "amount",
    "retail_amount",
    "list_version",
    "rule",
    "explanation",
    "breaks",
    "valid_from",
)
# id, variant, amount, suggested retail, rule, explanation, breaks
Held = tuple[int, int, Decimal, Decimal, str, dict[str, str], list[list[str]]]


def refresh_prices(
    price_list: PriceList,
    *,
    variant_ids: Iterable[int] | None = None,
    add: bool | None = None,
    at: datetime | None = None,
) -> list[int]:
    """Bring the prices in force of ``price_list`` up to its terms, for ``variant_ids`` or all of the supplier's variants.

    Changed prices get a new row and the old one an end; what did not change is not written. Variants that were never on the list join it only when ``add``
    (default: what the list says of new products). A chunk is one short transaction, at whose end ``prices_changed`` is sent. The list's version grows
    when any price did. Returns the variants whose amounts changed.
    """
    joins = price_list.adds_new_products if add is None else add
    terms = terms_of(price_list)
    changed: list[int] = []
    for chunk in chunks_of(all_variants(price_list.company_id) if variant_ids is None else variant_ids):
        with transaction.atomic():
            lock_catalogue(price_list.company_id)
            changed += _refresh_chunk(price_list, terms, chunk, joins, at or clock.now())
    return changed


def refresh_company_prices(company: Company, variant_ids: Iterable[int], *, at: datetime | None = None) -> None:
    """Bring all lists of ``company`` up to date after its variants ``variant_ids`` changed."""
    ids = list(variant_ids)
    for price_list in PriceList.objects.filter(company=company):
        refresh_prices(price_list, variant_ids=ids, at=at)


def chunks_of(variant_ids: Iterable[int]) -> Iterator[list[int]]:
    """``variant_ids`` in the parts that are priced together."""
    stream = iter(variant_ids)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def all_variants(company_id: int) -> Iterator[int]:
    """Every variant of a company, read in pages."""
    last = 0
    while page := list(
        Variant.objects.filter(company_id=company_id, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        yield from page
        last = page[-1]


def different_prices(
    price_list: PriceList, ids: Sequence[int], *, terms: Terms, inputs: Inputs, joins: bool
) -> tuple[dict[int, Held], dict[int, Price | None]]:
    """The prices in force of these variants, and those that should stand instead (None: no price), where they differ. Writes nothing."""
    held = _held(price_list, ids)
    members = inputs.goods.keys() if joins else _members(price_list, ids) | inputs.overrides.keys()
    wanted = {i: inputs.price(i, terms=terms) if i in members else None for i in inputs.goods}
    return held, {i: price for i, price in wanted.items() if _differs(held.get(i), price)}


def _refresh_chunk(price_list: PriceList, terms: Terms, ids: Sequence[int], joins: bool, at: datetime) -> list[int]:
    held, prices = different_prices(price_list, ids, terms=terms, inputs=inputs_of(price_list, ids), joins=joins)
    return _write(price_list, held, prices, at)


def _held(price_list: PriceList, ids: Sequence[int]) -> dict[int, Held]:
    found = EffectivePrice.objects.filter(price_list=price_list, variant_id__in=ids, valid_until__isnull=True)
    columns = ("pk", "variant_id", "amount", "retail_amount", "rule", "explanation", "breaks")
    return {row[1]: row for row in found.values_list(*columns)}


def _members(price_list: PriceList, ids: Sequence[int]) -> set[int]:
    """The variants that are or were on the list."""
    rows = EffectivePrice.objects.filter(price_list=price_list, variant_id__in=ids)
    return set(rows.values_list("variant_id", flat=True))


def _differs(held: Held | None, price: Price | None) -> bool:
    if held is None or price is None:
        return (held is None) != (price is None)
    return held[2:] != (
        price.amount,
        price.retail_amount,
        price.rule[:120],
        price.explanation,
        raw_breaks(price.breaks),
    )


def raw_breaks(steps: Sequence[Step]) -> list[list[str]]:
    """Quantity breaks as they are stored."""
    return [[str(quantity), figure(each)] for quantity, each in steps]


def _write(price_list: PriceList, held: dict[int, Held], prices: dict[int, Price | None], at: datetime) -> list[int]:
    if not prices:
        return []
    PriceList.objects.filter(pk=price_list.pk).update(version=F("version") + 1, updated_at=at)
    price_list.refresh_from_db(fields=("version", "updated_at"))
    ended = [held[i][0] for i in prices if i in held]
    EffectivePrice.objects.filter(pk__in=ended).update(valid_until=at)
    _insert(price_list, {i: price for i, price in prices.items() if price}, at)
    moved = [i for i, price in prices.items() if is_moved(held.get(i), price)]
    tell(price_list, [i for i, price in prices.items() if (i in held) != (price is not None)], moved)
    return moved


def is_moved(held: Held | None, price: Price | None) -> bool:
    """Whether a partner pays or shows another amount, not only for another reason."""
    return _amounts(held) != _price_amounts(price)


def _insert(price_list: PriceList, prices: dict[int, Price], at: datetime) -> None:
    moment = bulk.raw_time(at)
    rows = [
        (
            price_list.pk,
            variant_id,
            bulk.raw_decimal(price.amount),
            bulk.raw_decimal(price.retail_amount),
            price_list.version,
            price.rule[:120],
            bulk.raw_json(price.explanation),
            bulk.raw_json(raw_breaks(price.breaks)),
            moment,
        )
        for variant_id, price in prices.items()
    ]
    bulk.insert_rows(EffectivePrice, COLUMNS, rows)


def tell(price_list: PriceList, came_or_went: Sequence[int], moved: Sequence[int]) -> None:
    """Listings whose price came or went change their activity; whoever listens hears of moved amounts. In the caller's transaction."""
    if came_or_went:
        refresh_activity(variant_ids=came_or_went, price_list=price_list)
    if moved:
        signals.prices_changed.send(sender=PriceList, price_list_id=price_list.pk, variant_ids=moved)
        announce_unpublished(price_list=price_list, variant_ids=moved)


def _amounts(held: Held | None) -> tuple[Decimal, Decimal, list[list[str]]] | None:
    return (held[2], held[3], held[6]) if held else None


def _price_amounts(price: Price | None) -> tuple[Decimal, Decimal, list[list[str]]] | None:
    return (price.amount, price.retail_amount, raw_breaks(price.breaks)) if price else None
