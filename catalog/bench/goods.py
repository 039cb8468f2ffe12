"""A made-up catalogue of any size, the same at every run, with a company that leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from django.db import connection

from catalog.data import Applied, ProductData, VariantData
from portal.companies.models import Company

VARIANTS = 2
# Two pages of 250: what the sync step commits at once.
CHUNK = 500
WORDS = ("Regency", "Jumbo", "Vintage", "Red", "Cream", "Heart", "Cakestand", "Bag", "Lantern", "Holder")
# From the outermost leaf to the root; rows of a company go in this order.
_TABLES = (
    ("catalog_stockchange", "variant_id IN (SELECT id FROM catalog_variant WHERE company_id = %s)"),
    ("catalog_pricechange", "variant_id IN (SELECT id FROM catalog_variant WHERE company_id = %s)"),
    ("catalog_stocklevel", "variant_id IN (SELECT id FROM catalog_variant WHERE company_id = %s)"),
    ("catalog_location", "company_id = %s"),
    ("catalog_variant", "company_id = %s"),
    ("catalog_product", "company_id = %s"),
    ("companies_company", "id = %s"),
)


@contextmanager
def bench_company() -> Iterator[Company]:
    """A supplier for the time of a bench; all its goods go with it."""
    company = Company.objects.create(name="Bench", kind="supplier", is_sandbox=True)
    try:
        yield company
    finally:
        with connection.cursor() as cursor:
            for table, condition in _TABLES:
                cursor.execute(f"DELETE FROM {table} WHERE {condition}", [company.pk])


def product(n: int, *, changed: bool = False) -> ProductData:
    """Product number ``n``; ``changed`` makes its first variant dearer."""
    name = " ".join(WORDS[(n // 10**i) % 10] for i in range(4))
    price = Decimal(n % 5_000 + 100) / 100
    variants = tuple(
        VariantData(
            key=f"{n}-{v}",
            sku=f"{n:06}{'AB'[v]}",
            name="Red" if v else "Cream",
            options={"Colour": "Red" if v else "Cream"},
            price=price + 1 if changed and not v else price,
            cost=price / 2,
            weight=Decimal("0.35"),
            position=v,
        )
        for v in range(VARIANTS)
    )
    return ProductData(
        key=str(n),
        name=f"{name} {n}",
        description=f"{name}. " * 12,
        brand=WORDS[n % 10],
        category="Gifts",
        variants=variants,
    )


def chunks(scale: int) -> Iterator[list[ProductData]]:
    """The whole catalogue in chunks, made as they are taken."""
    for start in range(0, scale, CHUNK):
        yield [product(n) for n in range(start, min(start + CHUNK, scale))]


def again(chunk: list[ProductData], applied: Applied, *, every: int = 0) -> list[ProductData]:
    """``chunk`` as the next pull has it: with our ids, every so many-th product changed."""
    found = []
    for item in chunk:
        fresh = product(int(item.key), changed=bool(every) and int(item.key) % every == 0)
        product_id, variant_ids = applied.ids[item.key]
        variants = tuple(replace(v, variant_id=variant_ids[v.key]) for v in fresh.variants)
        found.append(replace(fresh, product_id=product_id, variants=variants))
    return found
