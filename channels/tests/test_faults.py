"""A table of what can go wrong: each gets the right cause and the right owner, whatever the channel calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from catalog import services as catalog
from catalog.models import PriceListAssignment
from channels.causes import CAUSES, Owner, cause_of
from channels.models import (
    Health,
    Integration,
    Outbound,
    OutboundKind,
    Problem,
    StepState,
    SyncRun,
    VariantLink,
)
from channels.tests.trading import GOODS, KINDS, Trade, choose_everything, goods_in_portal, listed, make_due
from channels.tests.world import SimStore, World, run
from orders.models import Order, SupplierOrder

pytestmark = pytest.mark.django_db
MAKE = {"method": "POST", "path": r"(?i)/orders/?$"}
LANTERN = {"sku": "LAN-1", "quantity": 1, "price": "12.50"}


def codes_told() -> set[str]:
    """Every code that anybody is shown: of runs, of open problems, of the stores' health, of what waits."""
    told = {
        *SyncRun.objects.values_list("code", flat=True),
        *Problem.objects.filter(state="open").values_list("code", flat=True),
        *Integration.objects.values_list("health_code", flat=True),
        *Outbound.objects.values_list("code", flat=True),
    }
    return told - {""}


@dataclass(frozen=True)
class Case:
    """``happen`` makes the trouble at one store; ``code`` and ``owner`` is what must be told."""

    name: str
    happen: Callable[[SimStore], object]
    code: str
    owner: Owner


def fault(name: str, **more: object) -> Callable[[SimStore], object]:
    return lambda store: store.fault(name, **more)


# A read is repeated once, so that it takes two faults to fail.
TWICE = {"method": "GET", "times": 2}
READING = (
    Case("token revoked", lambda s: s.revoke(), "credentials_rejected", Owner.INTEGRATION),
    Case("store down", lambda s: s.down("503"), "store_unavailable", Owner.NOBODY),
    Case("store answers HTML", lambda s: s.down("html"), "store_unavailable", Owner.NOBODY),
    Case("store suspended", lambda s: s.down("suspended"), "store_unavailable", Owner.NOBODY),
    Case("store does not answer", lambda s: s.down("timeout"), "store_unreachable", Owner.NOBODY),
    Case("connection cut before", fault("cut_before", **TWICE), "store_unreachable", Owner.NOBODY),
    Case("connection cut after", fault("cut_after", **TWICE), "store_unreachable", Owner.NOBODY),
    Case("call times out", fault("timeout", **TWICE), "store_unreachable", Owner.NOBODY),
    Case("half an answer", fault("truncated", **TWICE), "store_unreachable", Owner.NOBODY),
    Case("an HTML page", fault("html", **TWICE), "store_unavailable", Owner.NOBODY),
    Case("service unavailable", fault("unavailable", **TWICE), "store_unavailable", Owner.NOBODY),
    Case("failure after the work", fault("error_after", **TWICE), "store_unavailable", Owner.NOBODY),
    Case("too many requests", fault("rate_limited", **TWICE), "rate_limited", Owner.NOBODY),
    Case("too many requests, bare", fault("rate_limited_bare", **TWICE), "rate_limited", Owner.NOBODY),
)
WRITING = (
    Case("cut after", fault("cut_after", **MAKE), "no_clear_answer", Owner.NOBODY),
    Case("cut before", fault("cut_before", **MAKE), "no_clear_answer", Owner.NOBODY),
    Case("time-out before", fault("timeout", **MAKE), "no_clear_answer", Owner.NOBODY),
    Case("time-out after", fault("timeout", committed=True, **MAKE), "no_clear_answer", Owner.NOBODY),
    Case("500 after", fault("error_after", **MAKE), "no_clear_answer", Owner.NOBODY),
    Case("half an answer", fault("truncated", **MAKE), "no_clear_answer", Owner.NOBODY),
    Case("an HTML page", fault("html", **MAKE), "no_clear_answer", Owner.NOBODY),
    Case("unavailable", fault("unavailable", **MAKE), "store_unavailable", Owner.NOBODY),
    Case("too many requests", fault("rate_limited", **MAKE), "rate_limited", Owner.NOBODY),
    Case("too many, bare", fault("rate_limited_bare", **MAKE), "rate_limited", Owner.NOBODY),
    Case("token revoked", lambda s: s.revoke(), "credentials_rejected", Owner.INTEGRATION),
    Case("store down", lambda s: s.down("503"), "store_unavailable", Owner.NOBODY),
)
ORDERS = (
    ("no SKU", {**LANTERN, "sku": "", "name": "Something"}, "empty_sku", Owner.RETAILER),
    ("negative quantity", {**LANTERN, "quantity": -2}, "negative_quantity", Owner.RETAILER),
    ("sold for nothing", {**LANTERN, "price": "0"}, "zero_price", Owner.RETAILER),
)
both_kinds = pytest.mark.parametrize("kind", KINDS)


def other(kind: str) -> str:
    return next(one for one in KINDS if one != kind)


@both_kinds
@pytest.mark.parametrize("case", READING, ids=lambda case: case.name)
def test_trouble_while_reading_has_its_cause_and_owner(world: World, kind, case: Case):
    trade = listed(world, supplier_kind=other(kind))
    trade.buy()
    case.happen(trade.retailer_store)
    trade.pull_orders()
    assert codes_told() == {case.code}
    assert cause_of(case.code).owner == case.owner
    assert not Problem.objects.filter(state="open", code="our_mistake").exists()


@both_kinds
@pytest.mark.parametrize("case", WRITING, ids=lambda case: case.name)
def test_trouble_while_an_order_is_sent_has_its_cause_and_owner(world: World, kind, case: Case):
    trade = listed(world, supplier_kind=kind)
    trade.buy()
    trade.pull_orders()
    case.happen(trade.supplier_store)
    trade.push_orders()
    assert codes_told() == {case.code}
    assert cause_of(case.code).owner == case.owner
    row = Outbound.objects.get(kind=OutboundKind.CREATE_ORDER)
    assert row.state in {"waiting", "unknown"}


@both_kinds
@pytest.mark.parametrize(("what", "line", "code", "owner"), ORDERS, ids=lambda value: str(value)[:20])
def test_an_order_that_cannot_go_on_says_why_and_who_acts(world: World, kind, what, line, code, owner):
    trade = listed(world, supplier_kind=other(kind))
    trade.buy(line)
    trade.pull_orders()
    assert codes_told() == {code}
    assert cause_of(code).owner == owner
    assert Order.objects.get().held_reason
    assert not SupplierOrder.objects.exists()


def _no_price_list(trade: Trade) -> None:
    PriceListAssignment.objects.all().delete()


def _no_partnership(trade: Trade) -> None:
    trade.partnership.state = "ended"
    trade.partnership.save()


def _no_address(trade: Trade) -> None:
    trade.retailer.address1 = ""
    trade.retailer.save()


TERMS = (
    ("no price list", _no_price_list, "no_price_list", Owner.SUPPLIER),
    ("no partnership", _no_partnership, "no_partnership", Owner.RETAILER),
    ("no address of the retailer", _no_address, "no_address", Owner.RETAILER),
)


@pytest.mark.parametrize(("what", "happen", "code", "owner"), TERMS, ids=lambda value: str(value)[:20])
def test_terms_that_are_missing_hold_an_order_and_name_who_acts(world: World, what, happen, code, owner):
    trade = listed(world, supplier_kind="shift4shop")
    happen(trade)
    trade.buy()
    trade.pull_orders()
    assert codes_told() == {code}
    assert cause_of(code).owner == owner


def test_an_order_of_goods_that_the_suppliers_store_lacks_is_the_suppliers(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    trade.buy()
    trade.pull_orders()
    VariantLink.objects.filter(integration=trade.supplies).delete()
    trade.push_orders()
    assert "product_not_linked" in codes_told()
    assert Problem.objects.get(code="product_not_linked").company == trade.supplier
    assert cause_of("product_not_linked").owner == Owner.SUPPLIER
    assert SupplierOrder.objects.get().state == "held"


def test_a_payment_method_that_was_never_chosen_is_a_setting_that_is_missing(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    Integration.objects.filter(pk=trade.supplies.pk).update(settings={})
    trade.buy()
    trade.pull_orders()
    trade.push_orders()
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.MISCONFIGURED
    assert codes_told() == {"setting_missing"}
    assert cause_of("setting_missing").owner == Owner.INTEGRATION


def test_a_permission_that_was_taken_away_is_misconfigured_and_named(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    store = trade.retailer_store
    kept = [scope for scope in store.credentials["scopes"] if "orders" not in scope]
    store.call("POST", f"/stores/{store.store}/scopes", {"granted": kept})
    trade.pull_orders()
    trade.sells.refresh_from_db()
    assert trade.sells.health == Health.MISCONFIGURED
    assert codes_told() == {"permission_missing"}
    assert "Orders" in trade.sells.health_reason


@both_kinds
def test_goods_without_a_sku_are_the_suppliers(world: World, kind):
    trade = goods_in_portal(world, supplier_kind=kind)
    trade.supplier_store.on_shelf({"name": "Nameless", "sku": "", "price": "1.00", "stock": 1, "weight": 0.1})
    StepState.objects.filter(step="pull_products").update(cursor={})
    run(trade.supplies, "pull_products")
    assert codes_told() <= {"sku_missing"}
    assert CAUSES["sku_missing"].owner == Owner.SUPPLIER


def test_a_catalogue_that_would_vanish_is_the_integrations_owner_to_confirm(world: World):
    goods = tuple({**GOODS[0], "name": f"Lantern {n}", "sku": f"LAN-{n}"} for n in range(20))
    trade = goods_in_portal(world, supplier_kind="bigcommerce", goods=goods)
    store = trade.supplier_store
    for product in store.products()[2:]:
        store.call("DELETE", f"/stores/{store.store}/products/{product['id']}")
    StepState.objects.filter(step="pull_products").update(cursor={"walk": 1, "walk_open": True})
    run(trade.supplies, "pull_products")
    assert codes_told() == {"mass_change"}
    assert cause_of("mass_change").owner == Owner.INTEGRATION


def test_goods_without_a_price_on_the_list_are_the_suppliers(world: World):
    trade = goods_in_portal(world, supplier_kind="shift4shop")
    choose_everything(trade)
    _no_price_list(trade)
    run(trade.sells, "push_listings")
    # The retailer hears of the goods, the supplier that the partner has no list.
    assert codes_told() == {"no_price", "no_price_list"}
    assert Problem.objects.get(code="no_price_list").company == trade.supplier
    assert cause_of("no_price").owner == Owner.SUPPLIER


# --- Back again -------------------------------------------------------------------------------------------------------


@both_kinds
def test_a_revoked_token_stops_everything_tells_the_owner_once_and_loses_nothing(
    world: World, kind, mailoutbox, django_capture_on_commit_callbacks
):
    trade = listed(world, supplier_kind=kind)
    trade.buy()
    trade.pull_orders()
    trade.supplier_store.revoke()
    with django_capture_on_commit_callbacks(execute=True):
        trade.push_orders()
        trade.push_orders()
        run(trade.supplies, "pull_products", "pull_stock", "pull_shipments")
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.NEEDS_REAUTHORISATION
    assert [mail.subject for mail in mailoutbox] == [f"{trade.supplies.name} needs you"]
    assert Problem.objects.get(state="open").code == "credentials_rejected"
    assert Outbound.objects.get(kind=OutboundKind.CREATE_ORDER).state == "waiting"
    assert run(trade.supplies, "push_orders") == ["needs a person"]


@both_kinds
def test_after_reauthorising_what_waited_goes_out_once_and_the_owner_hears_that_it_works(
    world: World, kind, mailoutbox, django_capture_on_commit_callbacks
):
    from channels import services

    trade = listed(world, supplier_kind=kind)
    trade.buy()
    trade.pull_orders()
    trade.supplier_store.revoke()
    trade.push_orders()
    trade.supplier_store.restore()
    trade.supplies.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        waiting = services.reauthorise(trade.supplies, trade.supplier_store.credentials, by=None)
    assert waiting >= 1
    assert mailoutbox[-1].subject == f"Back to normal: {trade.supplies.name}"
    make_due(trade.supplies)
    run(trade.supplies, "push_orders", "push_orders")
    assert len(trade.made()) == 1
    assert not Problem.objects.filter(state="open").exists()


@both_kinds
def test_reauthorising_with_the_key_of_another_store_is_refused_and_changes_nothing(world: World, kind):
    from channels import services

    trade = listed(world, supplier_kind=kind)
    stranger = world.store(kind, "Somebody else")
    trade.supplier_store.revoke()
    run(trade.supplies, "pull_stock")
    with pytest.raises(services.AnotherStore):
        services.reauthorise(trade.supplies, stranger.credentials, by=None)
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.NEEDS_REAUTHORISATION
    assert trade.supplies.store_name == "Kingsway"


@both_kinds
@pytest.mark.parametrize("mode", ["503", "html", "timeout", "suspended"])
def test_a_store_that_is_down_makes_everything_wait_and_it_goes_on_by_itself(world: World, kind, mode):
    trade = listed(world, supplier_kind=kind)
    trade.buy()
    trade.pull_orders()
    trade.supplier_store.down(mode)
    run(trade.supplies, "push_orders", "pull_stock")
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.WAITING
    assert trade.supplies.retry_at
    assert Outbound.objects.get(kind=OutboundKind.CREATE_ORDER).state in {"waiting", "unknown"}
    trade.supplier_store.down("up")
    make_due(trade.supplies)
    assert trade.push_orders() == ["ok"]
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.HEALTHY
    assert len(trade.made()) == 1


@both_kinds
def test_a_store_that_asks_to_slow_down_is_asked_again_when_it_said_and_not_before(world: World, kind):
    trade = listed(world, supplier_kind=kind)
    trade.buy()
    trade.pull_orders()
    trade.supplier_store.fault("rate_limited", **MAKE)
    assert trade.push_orders() == ["partial"]
    row = Outbound.objects.get(kind=OutboundKind.CREATE_ORDER)
    state = StepState.objects.get(integration=trade.supplies, step="push_orders")
    assert (row.state, row.code) == ("waiting", "rate_limited")
    assert row.not_before > row.created_at
    assert state.next_run_at >= row.not_before
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.HEALTHY


def test_money_survives_every_detour_to_the_cent(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    trade.price_list = catalog.create_price_list(trade.supplier, name="Odd", percent_off=Decimal("33.3"))
    catalog.assign_price_list(trade.partnership, trade.price_list)
    trade.buy({"sku": "LAN-1", "quantity": 3, "price": "12.50"})
    trade.pull_orders()
    trade.supplier_store.fault("cut_after", **MAKE)
    trade.push_orders()
    make_due(trade.supplies)
    trade.push_orders()
    (made,) = trade.made()
    supplier_order = SupplierOrder.objects.get()
    assert Decimal(str(made["lines"][0]["price"])) == supplier_order.lines.get().unit_price.quantize(Decimal("0.01"))


@both_kinds
def test_a_store_that_leaves_write_after_write_unclear_is_left_alone_for_a_while(world: World, kind):
    trade = listed(world, supplier_kind=kind)
    for _ in range(9):
        trade.buy()
    trade.pull_orders()
    trade.supplier_store.fault("cut_after", **MAKE, share=1.0)
    assert trade.push_orders() == ["failed"]
    states = sorted(Outbound.objects.filter(kind=OutboundKind.CREATE_ORDER).values_list("state", "attempts"))
    assert states == [("unknown", 1)] * 5 + [("waiting", 0)] * 4
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.WAITING
