"""Prices worked out ahead of a publish, and the switch that brings all of them into force at one moment.

Staging reads and writes in short transactions that nobody waits for; partners see the old prices throughout. The switch is two statements over what was
staged, in the caller's transaction. Goods that changed while prices were staged are worked out again, so that a sync or an edit meanwhile is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from catalog.models import EffectivePrice, PriceList, PriceOverride, PriceRevision, StagedPrice, Variant
from catalog.pricing import Price
from catalog.pricing.change import Change
from catalog.services import bulk
from catalog.services.applying import with_terms
from catalog.services.previews import planned_inputs, planned_terms
from catalog.services.prices import Held, all_variants, chunks_of, different_prices, is_moved, raw_breaks, tell
from catalog.services.terms import inputs_of

COLUMNS = ("revision_id", "variant_id", "held", "amount", "retail_amount", "rule", "explanation", "breaks", "is_moved")
# Two machines' clocks, and a writer that had not committed when it was read past.
MARGIN = timedelta(seconds=5)
# So many prices are told in one transaction: each may become a change for several stores.
TOLD_AT_ONCE = 500


def stage(revision: PriceRevision, change: Change, variant_ids: Iterable[int] | None = None) -> Iterator[int]:
    """Work out what ``change`` makes of these variants (None: of all of the supplier's) and keep what differs from the prices in force. Yields after each
    short transaction how many variants it looked at; what was staged of them before is replaced."""
    price_list = PriceList.objects.get(pk=revision.price_list_id)
    terms = planned_terms(price_list, change)
    joins = with_terms(PriceList.objects.get(pk=price_list.pk), change.terms).adds_new_products
    for ids in chunks_of(all_variants(price_list.company_id) if variant_ids is None else variant_ids):
        inputs = planned_inputs(inputs_of(price_list, ids), change)
        held, prices = different_prices(price_list, ids, terms=terms, inputs=inputs, joins=joins)
        with transaction.atomic():
            forget(revision, ids)
            bulk.insert_rows(
                StagedPrice, COLUMNS, [_row(revision, pk, held.get(pk), one) for pk, one in prices.items()]
            )
        yield len(ids)


def touched(revision: PriceRevision, *, since: datetime) -> list[int]:
    """The variants of which something changed from ``since`` on that staging may not have seen: goods, overrides, prices in force."""
    since, price_list = since - MARGIN, revision.price_list
    goods = Variant.objects.filter(company_id=price_list.company_id)
    moved = EffectivePrice.objects.filter(price_list=price_list)
    return sorted(
        {
            *goods.filter(updated_at__gte=since).values_list("pk", flat=True),
            *goods.filter(product__updated_at__gte=since).values_list("pk", flat=True),
            *moved.filter(Q(valid_from__gte=since) | Q(valid_until__gte=since)).values_list("variant_id", flat=True),
            *PriceOverride.objects.filter(price_list=price_list, set_at__gte=since).values_list(
                "variant_id", flat=True
            ),
            *_no_longer_held(revision),
        }
    )


def is_list_changed(revision: PriceRevision, *, since: datetime) -> bool:
    """Whether another change of the list came into force from ``since`` on: then everything was staged from terms that hold no longer."""
    others = PriceRevision.objects.filter(price_list=revision.price_list_id, published_at__gte=since - MARGIN)
    return others.exclude(pk=revision.pk).filter(change__has_any_keys=("terms", "rules", "breaks")).exists()


def forget(revision: PriceRevision, variant_ids: Iterable[int] | None) -> None:
    """Take back what was staged of these variants (None: of all)."""
    staged = StagedPrice.objects.filter(revision=revision)
    if variant_ids is None:
        staged.delete()
        return
    for ids in chunks_of(variant_ids):
        staged.filter(variant_id__in=ids).delete()


def switch(revision: PriceRevision, price_list: PriceList, *, at: datetime) -> None:
    """Bring all that is staged into force at ``at``: old rows end, new ones begin. In the caller's transaction; two statements, however many prices."""
    staged = StagedPrice.objects.filter(revision=revision)
    if not staged.exists():
        return
    PriceList.objects.filter(pk=price_list.pk).update(version=F("version") + 1, updated_at=at)
    price_list.refresh_from_db(fields=("version", "updated_at"))
    ended = EffectivePrice.objects.filter(pk__in=staged.filter(held__isnull=False).values("held"))
    ended.update(valid_until=at)
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [price_list.pk, price_list.version, bulk.raw_time(at), revision.pk])


def tell_some(revision: PriceRevision, price_list: PriceList) -> list[int] | None:
    """Tell listings and whoever listens of the next prices that came into force, and forget that they wait. In a transaction of its own. Returns the
    variants whose price moved; None when all know."""
    with transaction.atomic():
        rows = list(StagedPrice.objects.filter(revision=revision).order_by("variant_id")[:TOLD_AT_ONCE])
        if not rows:
            return None
        moved = [row.variant_id for row in rows if row.is_moved]
        tell(price_list, [row.variant_id for row in rows if (row.held is None) != (row.amount is None)], moved)
        StagedPrice.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return moved


_BEGIN = f"""INSERT INTO {EffectivePrice._meta.db_table}
    (price_list_id, variant_id, amount, retail_amount, list_version, rule, explanation, breaks, valid_from)
    SELECT %s, variant_id, amount, retail_amount, %s, rule, explanation, breaks, %s
    FROM {StagedPrice._meta.db_table} WHERE revision_id = %s AND amount IS NOT NULL ORDER BY variant_id"""


def _no_longer_held(revision: PriceRevision) -> list[int]:
    """Staged variants whose price in force is another than the one that was read."""
    in_force = EffectivePrice.objects.filter(
        price_list=revision.price_list_id, variant=OuterRef("variant"), valid_until__isnull=True
    )
    staged = StagedPrice.objects.filter(revision=revision)
    gone = staged.filter(~Exists(in_force.filter(pk=OuterRef("held"))), held__isnull=False)
    came = staged.filter(Exists(in_force), held__isnull=True)
    return [*gone.values_list("variant_id", flat=True), *came.values_list("variant_id", flat=True)]


def _row(revision: PriceRevision, variant_id: int, held: Held | None, price: Price | None) -> bulk.Row:
    is_new = is_moved(held, price)
    before = held[0] if held else None
    if price is None:
        return (revision.pk, variant_id, before, None, None, "", "{}", "[]", is_new)
    return (
        revision.pk,
        variant_id,
        before,
        bulk.raw_decimal(price.amount),
        bulk.raw_decimal(price.retail_amount),
        price.rule[:120],
        bulk.raw_json(price.explanation),
        bulk.raw_json(raw_breaks(price.breaks)),
        is_new,
    )
