"""A catalogue that a retailer sees: goods of a supplier with a price each, a live list, an accepted partnership; written in sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from catalog import search
from catalog.bench.goods import WORDS
from catalog.models import EffectivePrice, Location, PriceList, PriceListAssignment, Product, StockLevel, Variant
from catalog.services import bulk
from catalog.services.prices import COLUMNS as PRICE_COLUMNS
from portal.companies.models import Company, Partnership, PartnershipState
from portal.lib import clock

VARIANTS = 2
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Offered:
    """``retailer`` sees ``variants`` variants of ``supplier`` through ``price_list``."""

    supplier: Company
    retailer: Company
    partnership: Partnership
    price_list: PriceList
    variants: int


@contextmanager
def offered(products: int) -> Iterator[Offered]:
    """So many products, two variants each; everything goes in the end."""
    supplier = Company.objects.create(name="Bench", kind="supplier", is_sandbox=True)
    retailer = Company.objects.create(name="Bench shop", kind="retailer", is_sandbox=True)
    partnership = Partnership.objects.create(
        supplier=supplier, retailer=retailer, inviter=supplier, state=PartnershipState.ACCEPTED
    )
    price_list = PriceList.objects.create(company=supplier, name="Trade", currency="GBP", percent_off=20)
    PriceListAssignment.objects.create(partnership=partnership, price_list=price_list)
    try:
        _fill(supplier, price_list, products)
        # Without statistics PostgreSQL reads whole tables for each part that is put into the search index; rows of an earlier bench that nobody
        # swept up would be walked over by ours and by the floor.
        _tidy()
        search.catch_up()
        _tidy()
        yield Offered(supplier, retailer, partnership, price_list, products * VARIANTS)
    finally:
        _empty(supplier, retailer)


def _tidy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _fill(supplier: Company, price_list: PriceList, products: int) -> None:
    place = Location.objects.create(company=supplier, is_counted=True)
    moment = bulk.raw_time(clock.now())
    for start in range(0, products, CHUNK):
        numbers = range(start, min(start + CHUNK, products))
        with transaction.atomic():
            _write(supplier, price_list, place, numbers, moment)


def _write(supplier: Company, price_list: PriceList, place: Location, numbers: range, moment: object) -> None:
    columns = ("company_id", "name", "description", "brand", "category", "image_url", "is_active", *_STAMPS)
    goods = [(supplier.pk, name_of(n), "", WORDS[n % 10], "Gifts", "", True, moment, moment) for n in numbers]
    product_ids = list(bulk.insert_rows(Product, columns, goods))
    price = bulk.raw_decimal(Decimal("12.75"))
    rows = [
        (supplier.pk, pk, sku, sku.lower(), "", "{}", "", "GBP", price, "", True, True, v, moment, moment)
        for n, pk in zip(numbers, product_ids, strict=True)
        for v in range(VARIANTS)
        for sku in (f"{n:07}{'AB'[v]}",)
    ]
    variant_ids = list(bulk.insert_rows(Variant, _VARIANT, rows))
    prices = [
        (price_list.pk, pk, bulk.raw_decimal(Decimal(n % 5_000 + 100) / 100), price, 1, "List", "{}", "[]", moment)
        for n, pk in enumerate(variant_ids)
    ]
    bulk.insert_rows(EffectivePrice, PRICE_COLUMNS, prices)
    levels = [(pk, place.pk, pk % 50, moment) for pk in variant_ids]
    bulk.insert_rows(StockLevel, ("variant_id", "location_id", "on_hand", "changed_at"), levels)
    search.note(product_ids)


def name_of(number: int) -> str:
    """The name of product ``number``."""
    return " ".join([*(WORDS[(number // 10**i) % 10] for i in range(4)), str(number)])


_STAMPS = ("created_at", "updated_at")
_VARIANT = (
    *("company_id", "product_id", "sku", "sku_key", "name", "options", "barcode", "currency", "price", "image_url"),
    *("tracks_stock", "is_active", "position", *_STAMPS),
)
_MINE = "(SELECT id FROM catalog_variant WHERE company_id = %s)"
_TABLES = (
    ("catalog_effectiveprice", f"variant_id IN {_MINE}"),
    ("catalog_stocklevel", f"variant_id IN {_MINE}"),
    ("catalog_location", "company_id = %s"),
    ("catalog_variant", "company_id = %s"),
    ("catalog_product", "company_id = %s"),
)


def _empty(supplier: Company, retailer: Company) -> None:
    with connection.cursor() as cursor:
        for table, condition in _TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE {condition}", [supplier.pk])
    Partnership.objects.filter(supplier=supplier).delete()
    PriceList.objects.filter(company=supplier).delete()
    Company.objects.filter(pk__in=[supplier.pk, retailer.pk]).delete()
    search.rebuild()
