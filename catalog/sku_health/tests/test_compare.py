"""Which SKUs match, which only look alike, which are shared, missing, damaged or renamed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from catalog.data import ProductData, VariantData
from catalog.models import FindingKind, SkuCheck, SkuFinding, SkuRename, Variant, sku_key
from catalog.services import apply_products, assign_price_list, choose, create_price_list, remember_match, resolve_skus
from catalog.sku_health import compare, services
from catalog.sku_health.compare import Other, Side, difference
from catalog.sku_health.forms import SkuForm, sku_form
from catalog.tests.factories import VariantFactory
from portal.lib.errors import DomainError


def found(company, kind=None):
    """(kind, own SKU, other SKU) of what is shown."""
    rows = SkuFinding.objects.filter(company=company, round=SkuCheck.objects.get(company=company).round)
    rows = rows.filter(kind=kind) if kind else rows
    return sorted(rows.values_list("kind", "sku", "other_sku"))


def goods(company, *skus):
    return [VariantFactory(product__company=company, sku=sku) for sku in skus]


@pytest.fixture
def offered(kingsway, partnership):
    """``offered("84029E")``: Kingsway's goods that Acme sees."""

    def offer(*skus):
        made = goods(kingsway, *skus)
        assign_price_list(partnership, create_price_list(kingsway, name="Trade", percent_off=Decimal(20)))
        return made

    return offer


def test_a_catalogue_in_order_has_no_trouble(kingsway):
    goods(kingsway, "84029E", "84029G", "22423")
    services.ask(kingsway)
    assert found(kingsway) == []
    check = services.check_of(kingsway)
    assert (check.looked_at, check.is_running) == (3, False)


def test_a_suppliers_own_trouble_is_found(kingsway):
    goods(kingsway, "22423", "022423", "84029E", "84029E", "", "1.23E+11")
    services.ask(kingsway)
    assert found(kingsway) == [
        ("damaged", "1.23E+11", ""),
        ("duplicate", "84029E", "84029E"),
        ("duplicate", "84029E", "84029E"),
        ("missing", "", ""),
        ("near", "022423", "22423"),
        ("near", "22423", "022423"),
    ]


def test_a_retailers_store_is_compared_with_its_partners_goods(acme, offered):
    offered("84029E", "22423", "only-theirs", "listed")
    goods(acme, "84029e ", "022-423", "only-mine")
    choose(acme, variant_ids=[Variant.objects.get(sku="listed").pk])
    services.ask(acme)
    assert found(acme) == [
        ("here", "only-mine", ""),
        ("matched", "84029e ", "84029E"),
        ("matched", "listed", "listed"),
        ("near", "022-423", "22423"),
        ("there", "", "only-theirs"),
    ]


def test_looking_twice_says_the_same(acme, offered):
    offered("84029E", "22423")
    goods(acme, "84029-E")
    services.ask(acme)
    before = found(acme)
    services.ask(acme)
    assert found(acme) == before
    assert SkuFinding.objects.count() == len(before)


def test_a_look_alike_that_is_the_same_is_remembered_for_orders(acme, offered):
    (theirs,) = offered("22423")
    goods(acme, "022423")
    services.ask(acme)
    near = SkuFinding.objects.get(company=acme, kind=FindingKind.NEAR)
    assert services.settle_same(acme, [near]) == 1
    assert resolve_skus(acme, ["022423"]) == {"022423": theirs.pk}
    services.ask(acme)
    assert found(acme, "matched") == [("matched", "022423", "22423")]
    services.forget(acme, SkuFinding.objects.filter(kind="matched"))
    services.ask(acme)
    assert found(acme, "near") == [("near", "022423", "22423")]


def test_a_look_alike_that_is_not_the_same_stays_ones_own(acme, offered):
    offered("22423")
    goods(acme, "022423")
    services.ask(acme)
    services.settle_different(acme, SkuFinding.objects.filter(company=acme, kind=FindingKind.NEAR))
    services.ask(acme)
    assert found(acme) == [("here", "022423", ""), ("there", "", "22423")]
    assert services.forget(acme, SkuFinding.objects.filter(kind="here")) == 1
    services.ask(acme)
    assert found(acme) == [("near", "022423", "22423")]


def test_what_is_matched_already_cannot_be_settled(acme, offered):
    offered("22423")
    goods(acme, "22423")
    services.ask(acme)
    with pytest.raises(DomainError, match="look like a partner"):
        services.settle_same(acme, SkuFinding.objects.filter(company=acme))


def test_a_renamed_sku_is_told_to_both_and_its_old_one_can_be_remembered(kingsway, acme, offered):
    (variant,) = offered("84029E")
    choose(acme, variant_ids=[variant.pk])
    again = VariantData(key="v", variant_id=variant.pk, sku="84029-RED", price=Decimal(2))
    apply_products(
        kingsway,
        [ProductData(key="p", product_id=variant.product_id, name="Warmer", variants=(again,))],
        currency="GBP",
    )
    assert SkuRename.objects.get().before == "84029E"
    services.ask(kingsway)
    services.ask(acme)
    assert found(kingsway, "renamed") == [("renamed", "84029-RED", "84029E")]
    assert found(acme, "renamed") == [("renamed", "84029E", "84029-RED")]
    services.settle_same(acme, SkuFinding.objects.filter(company=acme, kind="renamed"))
    assert resolve_skus(acme, ["84029E"]) == {"84029e": variant.pk}
    services.ask(acme)
    assert found(acme, "renamed") == []


def test_another_side_such_as_a_warehouse_is_compared_as_well(kingsway, monkeypatch):
    goods(kingsway, "84029E", "22423", "alone")
    monkeypatch.setattr(compare, "_sources", [])
    compare.add_source(lambda company: [Side("Leeds warehouse", [Other("84029E"), Other("022423"), Other("theirs")])])
    services.ask(kingsway)
    assert found(kingsway) == [
        ("here", "alone", ""),
        ("matched", "84029E", "84029E"),
        ("near", "22423", "022423"),
        ("there", "", "theirs"),
    ]


def test_goods_that_are_not_shared_are_never_told(kingsway, acme, partnership):
    goods(kingsway, "secret")
    goods(acme, "0secret")
    services.ask(acme)
    assert found(acme) == [("here", "0secret", "")]


def test_queries_do_not_grow_with_the_skus_of_a_chunk(kingsway, acme, offered, django_assert_max_num_queries):
    offered(*[f"s{n}" for n in range(150)])
    goods(acme, *[f"0s{n}" for n in range(150)])
    with django_assert_max_num_queries(60):
        services.ask(acme)
    assert len(found(acme, "near")) == 150


def test_two_looks_at_once_are_one(kingsway):
    goods(kingsway, "1", "01")
    services.check_of(kingsway)
    SkuCheck.objects.update(asked_at="2026-01-01T00:00Z", lease_owner="another", lease_until="2999-01-01T00:00Z")
    assert services.look(kingsway) is False
    SkuCheck.objects.update(lease_until="2026-01-01T00:00Z")
    assert services.due() == [kingsway.pk]
    assert services.look(kingsway) is True


@given(st.lists(st.text(alphabet="0aZß1 -_./'é", max_size=12), min_size=1, max_size=20))
def test_the_bare_form_is_the_same_in_python_and_in_the_database(skus):
    sql = SkuForm.template % {"expressions": "%s"}
    for sku in skus:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {sql}", [sku_key(sku)])
            assert cursor.fetchone()[0] == sku_form(sku)


test_the_bare_form_is_the_same_in_python_and_in_the_database = pytest.mark.django_db(
    test_the_bare_form_is_the_same_in_python_and_in_the_database
)


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("022423", "22423", "Differs by leading zeros."),
        ("84029-E", "84029E", "Differs by blanks or signs."),
        ("84029e", "84029E", "Differs by case."),
    ],
)
def test_the_difference_is_said_in_words(one, other, words):
    assert difference(one, other) == words


def test_a_match_made_on_an_order_counts_here(acme, offered):
    (theirs,) = offered("22423")
    remember_match(acme, "my-own-code", theirs)
    services.ask(acme)
    assert found(acme) == [("matched", "my-own-code", "22423")]
