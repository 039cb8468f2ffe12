"""Goal ``prices``: all SKUs of one partner with what it pays, against one SQL join; and the preview of a rule for 10,000 of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from time import perf_counter
from types import ModuleType
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from catalog.bench.clocks import timed
from catalog.bench.goods import VARIANTS, bench_company, chunks
from catalog.models import EffectivePrice, PriceList
from catalog.offers import Walk
from catalog.pricing import Rule
from catalog.pricing.change import Change
from catalog.services import apply_products, assign_price_list, bulk, create_price_list, preview_change, publishing
from catalog.services.publishing import publish_change
from catalog.visibility import visible_to
from portal.companies.models import Company, CompanyKind, Partnership, PartnershipState
from portal.lib import clock
from portal.lib.bench import Row

PAGE, PREVIEWED = 50, 10_000
JOIN = """
    SELECT v.id, v.sku, p.amount, p.retail_amount FROM catalog_variant v
    JOIN catalog_effectiveprice p ON p.variant_id = v.id AND p.valid_until IS NULL
    WHERE p.price_list_id = %s AND v.is_active ORDER BY v.id
"""
ENDED = "UPDATE catalog_effectiveprice SET valid_until = %s WHERE price_list_id = %s AND valid_until IS NULL"
BEGUN = """
    INSERT INTO catalog_effectiveprice (price_list_id, variant_id, amount, retail_amount, list_version, rule, explanation, breaks, valid_from)
    SELECT price_list_id, variant_id, round(amount * 0.94, 2), retail_amount, list_version + 1, rule, explanation, breaks, %s
    FROM catalog_effectiveprice WHERE price_list_id = %s AND valid_until = %s
"""


def run(scale: int = 100_000) -> list[Row]:
    """Reading every price of a partner, and a page of 50, against one join; a preview in seconds."""
    with bench_company() as company:
        _fill(company, scale)
        retailer, price_list = _partner(company)
        rows = [_everything(retailer, price_list), _a_page(retailer, price_list), *_publish(price_list, scale)]
        _forget(company, retailer)
    with bench_company() as company:
        _fill(company, PREVIEWED)
        rows.append(_preview(company))
        _forget(company)
    return rows


def _fill(company: Company, skus: int) -> None:
    for chunk in chunks(max(skus // VARIANTS, 1)):
        apply_products(company, chunk, currency="GBP")


def _forget(company: Company, retailer: Company | None = None) -> None:
    """Take the lists and their prices away, and the retailer."""
    if retailer:
        Partnership.objects.filter(retailer=retailer).delete()
        retailer.delete()
    lists = PriceList.objects.filter(company=company)
    EffectivePrice.objects.filter(price_list__in=lists)._raw_delete(EffectivePrice.objects.db)
    lists.delete()


def _partner(company: Company) -> tuple[Company, PriceList]:
    """A retailer who trades with ``company``, and the list that it has."""
    retailer = Company.objects.create(name="Bench retailer", kind=CompanyKind.RETAILER)
    partnership = Partnership.objects.create(
        supplier=company, retailer=retailer, inviter=company, state=PartnershipState.ACCEPTED
    )
    price_list = create_price_list(company, name="Bench", percent_off=Decimal(20))
    assign_price_list(partnership, price_list)
    return retailer, price_list


def _everything(retailer: Company, price_list: PriceList) -> Row:
    """Ours and the floor's rows must be the same to the penny, or the figure means nothing."""
    with timed() as floor:
        theirs = _joined(JOIN, price_list)
    with timed() as ours:
        read = visible_to(retailer).order_by("pk")
        mine = list(read.values_list("pk", "sku", "dropship", "suggested"))
    if [(row[0], Decimal(str(row[2]))) for row in theirs] != [(row[0], row[2]) for row in mine]:
        raise AssertionError("the page's prices differ from the join's")
    return Row.of(f"prices, {len(mine):,} SKUs", ours=ours.wall, floor=floor.wall, goal="≤ 2.5")


def _a_page(retailer: Company, price_list: PriceList) -> Row:
    """As the API reads it; the first one warms up."""
    walk = Walk.of(retailer)
    for _ in range(2):
        with timed() as floor:
            _joined(f"{JOIN} DESC LIMIT {PAGE}", price_list)
        with timed() as ours:
            walk.read(PAGE)
    return Row.of("prices, page of 50 in one query", ours=ours.wall, floor=floor.wall, goal="report")


def _publish(price_list: PriceList, scale: int) -> list[Row]:
    """Another percentage for all: the whole publish, and the moment in which it holds the list; the floor is two statements that end as many prices and
    begin others."""
    with timed() as floor:
        _change_all(price_list)
    with seconds_in(publishing, "_switch") as switch, timed() as ours:
        moved = publish_change(price_list, Change(terms={"percent_off": "25"}))
    if len(moved) != scale:
        raise AssertionError(f"{len(moved)} of {scale} prices moved")
    return [
        Row.of(f"prices, publish of {scale:,}", ours=ours.wall, floor=floor.wall, goal="report"),
        Row.of("prices, the switch within it", ours=sum(switch), floor=floor.wall, goal="report"),
    ]


def _change_all(price_list: PriceList) -> None:
    """Other prices for all of the list, the former ones kept; then everything as it was."""
    now = bulk.raw_time(clock.now())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENDED, [now, price_list.pk])
        cursor.execute(BEGUN, [now, price_list.pk, now])
        transaction.set_rollback(True)


@contextmanager
def seconds_in(module: ModuleType, name: str) -> Iterator[list[float]]:
    """How long each call of a function took inside."""
    seconds: list[float] = []
    work = getattr(module, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        begin = perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            seconds.append(perf_counter() - begin)

    with patch.object(module, name, watched):
        yield seconds


def _preview(company: Company) -> Row:
    """A changed rule over 10,000 SKUs; the floor is the goal of one second."""
    price_list = create_price_list(company, name="Bench preview", percent_off=Decimal(20))
    begin = perf_counter()
    preview_change(price_list, Change(rules=[Rule("band", "10-", Decimal(30))]))
    return Row.of(f"prices, preview of {PREVIEWED:,}", ours=perf_counter() - begin, floor=1.0, goal="≤ 1")


def _joined(sql: str, price_list: PriceList) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [price_list.pk])
        return cursor.fetchall()
