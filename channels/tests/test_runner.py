"""What a dead, slow or mistaken worker leaves behind, and who takes it up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from catalog.models import Product
from channels import dispatch, outbox, steps
from channels.leases import Lease
from channels.models import Health, Outbound, OutboundKind, OutboundState, Problem, RunResult, StepState, SyncRun
from channels.sync import context as sync_context
from channels.sync import runner
from channels.tests.factories import make_integration
from channels.tests.trading import GOODS, goods_in_portal, listed, make_due
from channels.tests.world import World, run
from orders.models import Order
from portal.lib import clock

pytestmark = pytest.mark.django_db
PAST = timedelta(hours=1)


def die_in(integration, step: str) -> None:
    """A worker took the lease, opened its run, and was killed; its lease ran out since."""
    Lease.take(integration.pk, step)
    SyncRun.objects.create(integration=integration, step=step, trigger="schedule")
    StepState.objects.filter(integration=integration).update(next_run_at=clock.now() + PAST)
    StepState.objects.filter(integration=integration, step=step).update(lease_until=clock.now() - timedelta(seconds=1))


def test_a_step_whose_worker_died_is_due_at_once_whenever_its_next_time_is():
    integration = make_integration()
    die_in(integration, "pull_stock")
    assert dispatch.dispatch_due() == 1
    assert [task.name() for task in OrmQ.objects.all()] == ["pull_stock × 1"]


def test_a_wish_that_was_lost_with_its_queue_is_queued_again_before_the_next_hour():
    integration = make_integration()
    StepState.objects.filter(integration=integration).update(next_run_at=clock.now() + PAST)
    StepState.objects.filter(step="push_orders").update(queued_at=clock.now() - PAST)
    assert dispatch.dispatch_due() == 1


def test_the_run_of_a_dead_worker_is_closed_by_the_one_that_takes_over(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    die_in(trade.sells, "pull_orders")
    assert trade.pull_orders() == ["ok"]
    dead, alive = SyncRun.objects.filter(integration=trade.sells, step="pull_orders").order_by("pk")
    assert (dead.result, alive.result) == (RunResult.PARTIAL, RunResult.OK)
    assert "ended before it was done" in dead.sentence


def test_a_row_whose_claim_was_taken_away_is_not_sent():
    integration = make_integration()
    outbox.enqueue(integration, OutboundKind.CREATE_ORDER, [7])
    (row,) = outbox.claim(integration.pk, OutboundKind.CREATE_ORDER, most=1)
    Outbound.objects.update(sending_since=clock.now() - PAST)
    outbox.take_up_stale()
    assert not outbox.begin(row)


def test_a_row_that_waits_for_its_turn_in_a_batch_does_not_grow_stale_once_it_is_sent():
    integration = make_integration()
    outbox.enqueue(integration, OutboundKind.CREATE_ORDER, [7])
    (row,) = outbox.claim(integration.pk, OutboundKind.CREATE_ORDER, most=1)
    row.sending_since = clock.now() - PAST
    Outbound.objects.update(sending_since=row.sending_since)
    assert outbox.begin(row)
    assert outbox.take_up_stale() == 0


def test_a_run_that_lasts_too_long_leaves_the_rest_untouched_and_wishes_for_another(world: World, monkeypatch):
    trade = listed(world, supplier_kind="shift4shop")
    trade.buy()
    trade.pull_orders()
    StepState.objects.update(queued_at=None)
    monkeypatch.setitem(sync_context.LONGEST_RUN, "orders", -1.0)
    run(trade.supplies, "push_orders")
    row = Outbound.objects.get(kind=OutboundKind.CREATE_ORDER)
    assert (row.state, row.attempts) == (OutboundState.WAITING, 0)
    assert StepState.objects.get(integration=trade.supplies, step="push_orders").queued_at
    monkeypatch.undo()
    assert trade.push_orders() == ["ok"]
    assert len(trade.made()) == 1


def test_a_worker_that_lost_its_lease_stops_without_another_write(world: World, monkeypatch):
    trade = goods_in_portal(world, supplier_kind="shift4shop")
    trade.supplier_store.set_stock(**{"LAN-1": 7})

    def overtaken(lease) -> None:
        StepState.objects.filter(pk=lease.state.pk).update(lease_owner="another worker")
        lease.beaten_at -= PAST
        beat(lease)

    beat = Lease.beat
    monkeypatch.setattr(Lease, "beat", overtaken)
    assert run(trade.supplies, "pull_stock") == ["partial"]
    state = StepState.objects.get(integration=trade.supplies, step="pull_stock")
    assert state.lease_owner == "another worker"
    assert SyncRun.objects.filter(step="pull_stock").latest("pk").sentence == "Another worker took this over."


@pytest.fixture
def broken_step(monkeypatch):
    """``pull_stock`` runs into a mistake of our own."""
    module = type("module", (), {"run": staticmethod(lambda context: {}["missing"])})
    monkeypatch.setattr(runner.importlib, "import_module", lambda name: module)
    return steps.STEPS["pull_stock"]


def test_a_mistake_of_ours_is_a_failed_run_and_one_problem_for_staff(broken_step):
    integration = make_integration()
    assert run(integration, "pull_stock", "pull_stock") == ["failed", "failed"]
    problem = Problem.objects.get()
    assert (problem.code, problem.times_seen) == ("our_mistake", 2)
    assert "KeyError" in problem.detail
    assert "KeyError" not in problem.sentence
    assert not StepState.objects.exclude(lease_owner="").exists()


def test_a_mistake_of_ours_does_not_make_the_integration_look_broken(broken_step):
    integration = make_integration()
    run(integration, "pull_stock")
    integration.refresh_from_db()
    assert integration.health == Health.HEALTHY


def test_a_mistake_while_sending_leaves_no_row_in_sending_and_doubles_nothing(world: World, monkeypatch):
    trade = listed(world, supplier_kind="shift4shop")
    trade.buy()
    trade.pull_orders()
    from channels.connectors.shift4shop.connector import Shift4Shop

    create = Shift4Shop.create_order

    def create_and_stumble(self, request):
        create(self, request)
        raise KeyError("a mistake of ours, after the store had taken it")

    monkeypatch.setattr(Shift4Shop, "create_order", create_and_stumble)
    assert trade.push_orders() == ["failed"]
    assert Outbound.objects.get(kind=OutboundKind.CREATE_ORDER).state == OutboundState.UNKNOWN
    monkeypatch.undo()
    make_due(trade.supplies)
    assert trade.push_orders() == ["ok"]
    assert len(trade.made()) == 1
    assert not Problem.objects.filter(code="our_mistake", state="open").exists()


def test_a_store_that_had_goods_and_shows_none_is_unusual_and_nothing_is_hidden(world: World):
    trade = goods_in_portal(world, supplier_kind="bigcommerce")
    for product in trade.supplier_store.products():
        trade.supplier_store.call("DELETE", f"/stores/{trade.supplier_store.store}/products/{product['id']}")
    StepState.objects.filter(step="pull_products").update(cursor={"walk": 1, "walk_open": True})
    assert run(trade.supplies, "pull_products") == ["empty"]
    assert Product.objects.filter(is_active=True).count() == len(GOODS)


def many_goods(number: int) -> tuple[dict[str, object], ...]:
    return tuple({**GOODS[0], "name": f"Lantern {n}", "sku": f"LAN-{n}"} for n in range(number))


def test_a_walk_that_would_hide_most_of_a_catalogue_asks_and_resumes_when_told(world: World):
    trade = goods_in_portal(world, supplier_kind="bigcommerce", goods=many_goods(30))
    store = trade.supplier_store
    for product in store.products()[5:]:
        store.call("DELETE", f"/stores/{store.store}/products/{product['id']}")
    StepState.objects.filter(step="pull_products").update(cursor={"walk": 1, "walk_open": True})
    assert run(trade.supplies, "pull_products") == ["partial"]
    assert Product.objects.filter(is_active=True).count() == 30
    problem = Problem.objects.get(code="mass_change")
    assert "25 of 30" in problem.sentence
    StepState.objects.filter(integration=trade.supplies, step="pull_products").update(
        cursor={"walk": 2, "walk_open": True, "may_hide": 25}
    )
    assert run(trade.supplies, "pull_products") == ["ok"]
    assert Product.objects.filter(is_active=True).count() == 5


@pytest.mark.row("S2-28", "S2-29", "S2-30")
def test_while_paused_a_queued_job_does_nothing_to_the_store(world: World):
    from channels import services

    trade = listed(world, supplier_kind="shift4shop")
    trade.buy()
    services.disable(trade.sells, by=None)
    trade.supplier_store.set_stock(**{"LAN-1": 3})
    run(trade.supplies, "pull_stock")
    shelf = trade.retailer_store.products()
    results = run(trade.sells, "pull_orders", "push_stock", "push_listings", "push_prices", "push_shipments")
    assert set(results) == {"disabled"}
    assert not Order.objects.exists()
    assert trade.retailer_store.products() == shelf


@pytest.mark.row("S2-31", "S2-32", "S2-33")
def test_enabling_catches_up_exactly_once(world: World):
    from channels import services

    trade = listed(world, supplier_kind="shift4shop")
    trade.pull_orders()
    services.disable(trade.sells, by=None)
    StepState.objects.filter(step="pull_orders").update(last_run_at=clock.now() - PAST)
    trade.buy()
    assert services.orders_to_catch_up(trade.sells) == (1, True)
    services.enable(trade.sells, by=None)
    assert run(trade.sells, "pull_orders", "pull_orders") == ["ok", "ok"]
    assert Order.objects.count() == 1


@pytest.mark.row("S2-34")
def test_tracking_that_comes_while_the_retailers_store_is_paused_is_recorded_and_told_later(world: World):
    from channels import services

    trade = listed(world, supplier_kind="shift4shop")
    remote_id = trade.buy()
    trade.to_supplier()
    services.disable(trade.sells, by=None)
    trade.ship_everything()
    trade.tracking_back()
    assert Order.objects.get().state == "shipped"
    assert not any(order["shipments"] for order in trade.retailer_store.orders())
    services.enable(trade.sells, by=None)
    run(trade.sells, "push_shipments")
    (sold,) = [order for order in trade.retailer_store.orders() if str(order["id"]) == remote_id]
    assert len(sold["shipments"]) == 1


def test_a_walk_over_orders_that_was_cut_goes_on_where_it_stood(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    store = trade.retailer_store
    for minute in range(35):
        world.apps["bigcommerce"].parts.clock.advance(60 * (minute > 0))
        trade.buy()
    reads = r"/v2/orders/\d+/products"
    store.fault("unavailable", method="GET", path=reads, skip=24, times=9)
    assert trade.pull_orders() == ["failed"]
    taken = Order.objects.count()
    assert 10 <= taken < 35
    store.call("DELETE", "/faults")
    store.call("DELETE", "/calls")
    assert trade.pull_orders() == ["ok"]
    assert Order.objects.count() == 35
    again = [
        call
        for call in store.call("GET", "/calls")
        if call["path"].endswith("/products") and "/orders/" in call["path"]
    ]
    assert len(again) <= 35 - taken + 1


def test_more_orders_at_once_than_the_budget_has_requests_are_all_taken_in(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    lines = [{"sku": "LAN-1", "quantity": 1, "price": "12.50"}]
    store = trade.retailer_store
    store.call("POST", f"/stores/{store.store}/orders", [{"lines": lines, "customer": {"country": "GB"}}] * 60)
    for skip in range(6):
        store.fault("rate_limited", method="GET", skip=11 + skip, times=2)
        trade.pull_orders()
        store.call("DELETE", "/faults")
    assert ["ok"] in (trade.pull_orders() for _ in range(30))
    assert Order.objects.count() == 60


def test_an_order_cancelled_in_the_suppliers_store_is_told_to_both_sides_by_webhook_too(world: World):
    from channels.contract import Topic
    from channels.session import open_connector
    from channels.sync import one_record

    trade = listed(world, supplier_kind="bigcommerce")
    trade.buy()
    trade.to_supplier()
    (made,) = trade.made()
    trade.supplier_store.call("POST", f"/stores/{trade.supplier_store.store}/orders/{made['id']}/status", {"status": 5})
    one_record.fetch(trade.supplies, open_connector(trade.supplies), Topic.ORDER, str(made["id"]))
    told = Problem.objects.filter(code="cancelled_at_supplier", state="open")
    assert {problem.company_id for problem in told} == {trade.supplier.pk, trade.retailer.pk}
