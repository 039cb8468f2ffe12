"""What the catalogue tells on Home, in search and about partners."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog import home
from catalog.models import PriceListAssignment, Variant
from catalog.pricing.change import Change
from catalog.services import choose, draft_change
from catalog.services.revisions import submit
from catalog.tests.factories import trading
from portal.companies.models import Company, Role
from portal.companies.scope import Scope
from portal.companies.tests.factories import MembershipFactory, RetailerFactory, SupplierFactory

pytestmark = pytest.mark.django_db


def scope_of(company: Company, role: str = Role.OWNER) -> Scope:
    return Scope.of_membership(MembershipFactory(company=company, role=role))


@pytest.mark.row("S4-24")
def test_the_checklist_names_the_partner_that_sees_nothing():
    partnership = trading()
    PriceListAssignment.objects.all().delete()
    step = next(iter(home.steps(scope_of(partnership.supplier))))
    assert not step.is_done
    assert step.blocker == f"No price list is assigned to {partnership.retailer}: they see 0 products."
    assert [todo.title for todo in home.todos(scope_of(partnership.supplier))] == [
        f"Assign a price list to {partnership.retailer}"
    ]


def test_a_colleagues_change_of_prices_asks_for_a_yes_and_ones_own_does_not():
    partnership = trading()
    price_list = partnership.price_assignment.price_list
    mine, theirs = scope_of(partnership.supplier), scope_of(partnership.supplier, Role.PRICING)
    draft = draft_change(price_list, Change(terms={"percent_off": "50"}), by=mine.user)
    assert list(home.todos(theirs)) == []
    submit(draft, by=mine.user)
    (todo,) = home.todos(theirs)
    assert todo.title == f"Approve prices of “{price_list}”"
    assert todo.url == reverse("price-list-preview", args=[price_list.pk])
    assert list(home.todos(mine)) == []
    assert list(home.todos(scope_of(SupplierFactory()))) == []


@pytest.mark.row("S4-22")
def test_setting_prices_is_a_step_that_ticks_itself():
    fresh = next(iter(home.steps(scope_of(SupplierFactory()))))
    done = next(iter(home.steps(scope_of(trading().supplier))))
    assert (fresh.is_done, fresh.action, done.is_done) == (False, "Set prices", True)


def test_choosing_goods_ticks_the_retailers_step():
    partnership = trading()
    assert not next(iter(home.steps(scope_of(partnership.retailer)))).is_done
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    assert next(iter(home.steps(scope_of(partnership.retailer)))).is_done


@pytest.mark.row("S4-24")
def test_each_side_of_a_partnership_reads_its_own_sentence():
    partnership = trading()
    assert home.price_list_notices(partnership.supplier, [partnership]) == {}
    PriceListAssignment.objects.all().delete()
    ours = home.price_list_notices(partnership.supplier, [partnership])[partnership.pk][0]
    theirs = home.price_list_notices(partnership.retailer, [partnership])[partnership.pk][0]
    assert ours.sentence.endswith("they see 0 products.")
    assert theirs.sentence.endswith("you see 0 of their products.")


def test_search_finds_own_and_partners_goods_and_nobody_elses():
    partnership = trading()
    for company, count in ((partnership.supplier, 1), (partnership.retailer, 1), (RetailerFactory(), 0)):
        assert len(list(home.find_products(scope_of(company), "regency"))) == count
