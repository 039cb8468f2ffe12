"""How many goods each rule of a list decides, counted in groups: goods that no rule tells apart are one line of the database's answer.

Which rule decides is said by the rule book alone; the database only groups by what rules look at: tag, category, brand and price band. The few goods that a
rule names by SKU are looked at one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When

from catalog.models import PriceList, ProductTag, Variant, sku_key
from catalog.pricing.prices import book_of
from catalog.pricing.rules import BAND, SKU, TAG, read_band
from catalog.pricing.terms import Goods, Rule, Terms
from catalog.services.terms import goods_of

# No retail price in the list's currency.
_NO_BAND = -1
_GROUP = ("tag_at", "product__category", "product__brand", "band")


def decided(price_list: PriceList, terms: Terms) -> Counter[int]:
    """The number of active SKUs that each rule of ``terms`` decides, by its place from 0; at −1 those left to the list itself. Four queries at most."""
    rules, book = terms.rules, book_of(terms)
    own = Variant.objects.filter(company_id=price_list.company_id, is_active=True, product__is_active=True)
    named = Q(sku_key__in={sku_key(rule.value) for rule in rules if rule.target == SKU})
    edges = _edges(rules)
    counts = Counter(
        book.deciding(one).place
        for one in goods_of(price_list, list(own.filter(named).values_list("pk", flat=True))).values()
    )
    grouped = own.exclude(named).annotate(tag_at=_tag_at(rules), band=_band(edges, price_list.currency))
    for tag_at, category, brand, band, number in grouped.values_list(*_GROUP).annotate(n=Count("pk")).order_by():
        tags = () if tag_at is None else (rules[tag_at].value,)
        counts[book.deciding(Goods(_amount_in(band, edges), brand, category, tags=tags)).place] += number
    return counts


def _tag_at(rules: Sequence[Rule]) -> Case | Value:
    """The place of the first rule for a tag that the goods bear: of several tags it decides."""
    tags = {rule.value.strip().casefold(): at for at, rule in reversed([*enumerate(rules)]) if rule.target == TAG}
    whens = [When(_bears(key), then=Value(at)) for key, at in sorted(tags.items(), key=lambda item: item[1])]
    return Case(*whens, default=None, output_field=IntegerField())


def _bears(key: str) -> Q:
    return Q(Exists(ProductTag.objects.filter(product=OuterRef("product"), key=key)))


def _edges(rules: Sequence[Rule]) -> list[Decimal]:
    """Every amount at which a price band begins or ends, ascending."""
    bands = [read_band(rule.value) for rule in rules if rule.target == BAND]
    return sorted({end for ends in bands if ends for end in ends if end is not None})


def _band(edges: Sequence[Decimal], currency: str) -> Case:
    """How many of ``edges`` the retail price has reached."""
    reached = [When(price__gte=edge, then=Value(at)) for at, edge in reversed([*enumerate(edges, start=1)])]
    priced = Case(*reached, default=0, output_field=IntegerField())
    return Case(When(currency=currency, price__isnull=False, then=priced), default=_NO_BAND)


def _amount_in(band: int, edges: Sequence[Decimal]) -> Decimal | None:
    """Some retail price of the ``band``: bands hold their lower edge."""
    if band == _NO_BAND:
        return None
    return edges[band - 1] if band else (edges[0] - 1 if edges else Decimal(1))
