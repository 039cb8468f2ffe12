"""Words of the supplier's own on its products. Prices follow: a rule may ask for a tag."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count

from catalog.models import Product, ProductTag, Variant
from catalog.services.prices import refresh_company_prices
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.errors import DomainError

MOST = 20


def tag_products(company: Company, product_ids: Iterable[int], *, name: str) -> int:
    """Put the tag ``name`` on products of ``company`` and reprice them. Returns how many carry it now. Twice is once.

    Raises DomainError for an empty or overlong tag.
    """
    word = _clean(name)
    ids = list(Product.objects.filter(company=company, pk__in=set(product_ids)).values_list("pk", flat=True))
    carrying = ProductTag.objects.filter(product__in=ids, key=word.casefold()).values_list("product_id", flat=True)
    _change(company, add=[(pk, word) for pk in set(ids) - set(carrying)])
    return len(ids)


def untag_products(company: Company, product_ids: Iterable[int], *, name: str) -> int:
    """Take the tag off products of ``company`` and reprice them. Returns how many carried it. Raises DomainError for an empty or overlong tag."""
    rows = ProductTag.objects.filter(
        product__company=company, product__in=set(product_ids), key=_clean(name).casefold()
    )
    return len(_change(company, drop=list(rows.values_list("pk", "product_id"))))


def set_tags(company: Company, product: Product, names: Iterable[str]) -> list[str]:
    """Make ``names`` the tags of a product of ``company``, and reprice it where that changes anything. Returns them as they are kept.

    Raises DomainError for an empty or overlong tag, and for more than 20.
    """
    wanted: dict[str, str] = {}
    for word in map(_clean, names):
        wanted.setdefault(word.casefold(), word)
    if len(wanted) > MOST:
        raise DomainError(f"A product has at most {MOST} tags. Leave some out.", field="tags")
    held = {row.key: row for row in ProductTag.objects.filter(product=product)}
    _change(
        company,
        add=[(product.pk, word) for key, word in wanted.items() if key not in held],
        drop=[(row.pk, product.pk) for key, row in held.items() if key not in wanted],
    )
    return list(ProductTag.objects.filter(product=product).values_list("name", flat=True))


def tags_of(company: Company, *, most: int) -> list[tuple[str, str, int]]:
    """The tags of ``company``'s products, most used first: (key, a name, how many products)."""
    rows = ProductTag.objects.filter(product__company=company).order_by().values("key")
    found = rows.annotate(number=Count("pk")).order_by("-number", "key")[:most]
    counts = {row["key"]: row["number"] for row in found}
    names = dict(
        ProductTag.objects.filter(product__company=company, key__in=counts).order_by("-pk").values_list("key", "name")
    )
    return [(key, names[key], number) for key, number in counts.items()]


def _change(company: Company, *, add: Iterable[tuple[int, str]] = (), drop: Iterable[tuple[int, int]] = ()) -> set[int]:
    """Add (product, word), drop (tag row, product), and reprice the products concerned, which are returned. They count as changed, so that a publish at work
    looks at them again."""
    add, drop = list(add), list(drop)
    ids = {pk for pk, _ in add} | {pk for _, pk in drop}
    if not ids:
        return ids
    with transaction.atomic():
        ProductTag.objects.filter(pk__in=[pk for pk, _ in drop]).delete()
        ProductTag.objects.bulk_create(
            [ProductTag(product_id=pk, name=word, key=word.casefold()) for pk, word in add], ignore_conflicts=True
        )
        Product.objects.filter(pk__in=ids).update(updated_at=clock.now())
    variants = Variant.objects.filter(product__in=ids).values_list("pk", flat=True)
    refresh_company_prices(company, variants)
    return ids


def _clean(name: str) -> str:
    word = " ".join(name.replace("\x00", "").split())
    if not word or len(word) > 60:
        raise DomainError("A tag is a word or two, at most 60 letters. Type one such as clearance.", field="tags")
    return word
