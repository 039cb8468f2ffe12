"""What the apps put on Home, in the search and on every page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from channels.models import Health
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from orders.models import SupplierOrder
from orders.tests.factories import trade as make_trade
from portal.companies.models import Company, Partnership
from portal.companies.permissions import Role
from portal.companies.scope import Scope
from portal.companies.tests.factories import MembershipFactory, SupplierFactory
from portal.lib import clock
from portal.lib.prepared import how_many
from portal.web.sources import goods, partners, stores, trade
from portal.web.sources.links import counted, sums

pytestmark = pytest.mark.django_db


def scope_of(company: Company, role: str = Role.OWNER) -> Scope:
    return Scope.of_membership(MembershipFactory(company=company, role=role))


def test_a_refused_key_stands_on_every_page_of_those_who_can_mend_it():
    row = make_integration(
        health=Health.NEEDS_REAUTHORISATION, health_reason="The store refused the key.", name="Outlet"
    )
    banner = next(iter(stores.broken_banners(scope_of(row.company))))
    assert banner.title == "Outlet needs you."
    assert banner.text == "The store refused the key. Nothing is lost."
    assert stores.any_broken(scope_of(row.company, Role.VIEWER)) is None


def test_a_missing_setting_leads_to_the_settings_and_not_to_a_new_key():
    row = make_integration(health=Health.MISCONFIGURED, health_code="setting_missing", health_reason="Choose one.")
    scope = scope_of(row.company)
    banner, to_do = next(iter(stores.broken_banners(scope))), next(iter(stores.broken_todos(scope)))
    assert (banner.action, to_do.action) == ("Open settings", "Open settings")
    assert banner.url == to_do.url == f"/integrations/{row.pk}/settings/"


def test_a_paused_connection_asks_nobody_for_anything():
    row = make_integration(health=Health.NEEDS_REAUTHORISATION, enabled=False)
    assert list(stores.broken_todos(scope_of(row.company))) == []


def test_problems_are_counted_and_shown_by_cause():
    company = SupplierFactory()
    for number in (1, 2, 3):
        raise_problem(
            company, "no_such_sku", f"Line {number}", cause_key="no_such_sku:ABC", record=make_integration(company)
        )
    raise_problem(company, "zero_price", "Order 5 has a price of zero.", record_name="Order 5")
    scope = scope_of(company)
    assert how_many([stores.open_causes(scope)]) == [2]


def test_another_companys_problem_is_not_counted():
    raise_problem(SupplierFactory(), "zero_price", "Order 5 has a price of zero.")
    assert how_many([stores.open_causes(scope_of(SupplierFactory()))]) == [0]


def test_a_connection_shows_its_health_and_24_hours():
    row = make_integration(health=Health.WAITING, name="Main store")
    lane = next(iter(stores.lanes(scope_of(row.company))))
    assert (lane.health, lane.monogram, len(lane.ticks), set(lane.ticks)) == ("Waiting for store", "B", 24, {"idle"})


def test_connecting_is_done_once_the_store_answered():
    row = make_integration(health=Health.CONNECTING)
    scope = scope_of(row.company)
    assert not next(iter(stores.connect_step(scope))).is_done
    type(row).objects.update(health=Health.HEALTHY)
    assert next(iter(stores.connect_step(scope))).is_done


def test_an_invitation_waits_for_its_answer():
    pair = make_trade("22423").partnership
    Partnership.objects.update(state="invited", inviter=pair.supplier)
    assert [item.title for item in partners.waiting_invitations(scope_of(pair.retailer))] == [
        f"{pair.supplier} invited you to trade"
    ]
    assert list(partners.waiting_invitations(scope_of(pair.supplier))) == []


def test_an_order_to_accept_is_the_suppliers_to_do_only():
    pair = make_trade("22423")
    pair.supplier_order("22423")
    SupplierOrder.objects.update(accepted_at=None)
    assert [item.title for item in trade.to_accept(scope_of(pair.supplier))] == ["1 order waits for you to accept"]
    assert list(trade.to_accept(scope_of(pair.retailer))) == []


def test_a_late_order_says_what_it_is_worth():
    pair = make_trade("22423")
    pair.supplier_order("22423", quantity=2)
    SupplierOrder.objects.update(due_at=clock.after(-3600))
    item = next(iter(trade.late(scope_of(pair.supplier))))
    assert item.title == "1 order is late"
    assert item.consequence.startswith("Worth £16.00 · oldest is from")


def test_the_chart_counts_each_side_s_orders():
    pair = make_trade("22423")
    pair.supplier_order("22423", placed_at=clock.now())
    for company, series in ((pair.supplier, str(pair.retailer)), (pair.retailer, "Acme store")):
        chart = next(iter(trade.orders_a_day(scope_of(company))))
        assert (chart.series, chart.days[-1].parts, len(chart.days)) == ((series,), (1,), 14)


def test_search_finds_an_order_by_any_of_its_numbers():
    pair = make_trade("22423")
    part = pair.supplier_order("22423")
    for text in (part.reference, part.order.number):
        assert [hit.code for hit in trade.find_orders(scope_of(pair.supplier), text)] == [part.reference]
    assert list(trade.find_orders(scope_of(SupplierFactory()), part.reference)) == []


def test_search_finds_partners_by_name():
    pair = make_trade("22423")
    hits = list(partners.find_partners(scope_of(pair.supplier), pair.retailer.name[:4].lower()))
    assert [hit.title for hit in hits] == [pair.retailer.name]


def test_the_figures_tell_what_partners_list():
    pair = make_trade("22423")
    figure = next(iter(goods.goods_figures(scope_of(pair.supplier))))
    assert (figure.value, figure.detail) == ("1", "1 listed by partners")


def test_home_of_a_new_company_is_the_checklist(client):
    member = MembershipFactory(company=SupplierFactory())
    client.force_login(member.user)
    page = client.get(reverse("home")).content.decode()
    assert page.index("Connect your platform") < page.index("Products arrive") < page.index("Link a partner")


def test_home_costs_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    pair = make_trade("22423", "85123A")
    for _ in range(3):
        make_integration(pair.supplier)
    member = MembershipFactory(company=pair.supplier)
    client.force_login(member.user)
    client.get(reverse("home"))
    with django_assert_max_num_queries(45):
        client.get(reverse("home"))


def test_amounts_of_two_currencies_are_never_added_up():
    assert sums([("GBP", 10), ("EUR", None), ("USD", 5)]) == "£10.00 and US$5.00"
    assert counted(1_030, "product") == "1,030 products"
