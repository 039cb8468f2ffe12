"""How many goods each rule decides: counted in groups, the same as asking the rule book for each SKU."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

import pytest

from catalog.models import PriceList, ProductTag, Variant
from catalog.pricing import Rule, Terms
from catalog.pricing.prices import book_of
from catalog.rule_counts import decided
from catalog.services.terms import goods_of
from catalog.tests.factories import PriceListFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
BRANDS, CATEGORIES, TAGS = ("Regency", "REGENCY", "Tilda", ""), ("Cake", "Garden", ""), ("winter", "Clearance", "new")
BANDS = ("-5", "5-10", "5-20", "10-", "odd", "12.75-13")
PRICES = (None, "0", "4.99", "5", "9.9999", "10", "12.75", "20", "100")


@pytest.fixture
def price_list() -> PriceList:
    return PriceListFactory()


def stock_up(price_list: PriceList, chance: Random, number: int = 60) -> None:
    """Goods of all sorts, some in another currency, some no longer sold."""
    for n in range(number):
        product = ProductFactory(
            company=price_list.company, brand=chance.choice(BRANDS), category=chance.choice(CATEGORIES)
        )
        for tag in chance.sample(TAGS, chance.randrange(3)):
            ProductTag.objects.create(product=product, name=tag, key=tag.casefold())
        price = chance.choice(PRICES)
        VariantFactory(
            product=product,
            sku=f"A{n}",
            price=price and Decimal(price),
            currency=chance.choice(("GBP", "GBP", "EUR")),
            is_active=chance.random() > 0.1,
        )


def any_rules(chance: Random) -> tuple[Rule, ...]:
    values = {
        "brand": ("regency", "Tilda", "Nobody"),
        "category": CATEGORIES[:2],
        "tag": ("WINTER", "clearance", "new"),
        "band": BANDS,
        "sku": ("A1", "a2", "A3 ", "A99"),
    }
    targets = chance.choices(list(values), k=chance.randrange(9))
    return tuple(Rule(target, chance.choice(values[target]), Decimal(n)) for n, target in enumerate(targets))


def one_by_one(price_list: PriceList, terms: Terms) -> Counter[int]:
    sold = Variant.objects.filter(company=price_list.company, is_active=True).values_list("pk", flat=True)
    return Counter(book_of(terms).deciding(one).place for one in goods_of(price_list, list(sold)).values())


def test_groups_count_what_the_rule_book_says_of_each_sku(price_list):
    chance = Random(7)
    stock_up(price_list, chance)
    for _ in range(150):
        terms = Terms(currency="GBP", rules=any_rules(chance))
        assert +decided(price_list, terms) == one_by_one(price_list, terms), terms.rules


def test_another_suppliers_goods_are_not_counted(price_list):
    VariantFactory()
    assert decided(price_list, Terms(currency="GBP")) == Counter()


def test_thousands_of_goods_cost_four_queries_at_most(price_list, django_assert_max_num_queries):
    stock_up(price_list, Random(1), number=30)
    terms = Terms(currency="GBP", rules=(Rule("sku", "A1"), Rule("tag", "new"), Rule("band", "5-10")))
    with django_assert_max_num_queries(4):
        decided(price_list, terms)
