"""Words of the supplier's own on its products."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from catalog.models import Product, ProductTag, Variant
from catalog.services.prices import refresh_company_prices
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.errors import DomainError


def tag_products(company: Company, product_ids: Iterable[int], *, name: str) -> int:
    """Put the tag ``name`` on products of ``company`` and reprice them: a rule may ask for it. Returns how many carry it now. Twice is once.

    Raises DomainError for an empty or overlong tag.
    """
    word = _clean(name)
    ids = list(Product.objects.filter(company=company, pk__in=set(product_ids)).values_list("pk", flat=True))
    with transaction.atomic():
        ProductTag.objects.bulk_create(
            [ProductTag(product_id=pk, name=word, key=word.casefold()) for pk in ids], ignore_conflicts=True
        )
    _reprice(company, ids)
    return len(ids)


def untag_products(company: Company, product_ids: Iterable[int], *, name: str) -> int:
    """Take the tag off again and reprice. Returns how many carried it."""
    rows = ProductTag.objects.filter(
        product__company=company, product__in=set(product_ids), key=_clean(name).casefold()
    )
    ids = list(rows.values_list("product_id", flat=True))
    rows.delete()
    _reprice(company, ids)
    return len(ids)


def _clean(name: str) -> str:
    word = " ".join(name.split())
    if not word or len(word) > 60:
        raise DomainError("A tag is a word or two, at most 60 letters. Type one such as clearance.", field="bulk")
    return word


def _reprice(company: Company, product_ids: list[int]) -> None:
    """The products count as changed, so that a publish at work looks at them again."""
    Product.objects.filter(pk__in=product_ids).update(updated_at=clock.now())
    variants = Variant.objects.filter(product__in=product_ids).values_list("pk", flat=True)
    refresh_company_prices(company, variants)
