"""Webhooks through the real door: proven, kept, deduplicated, handled in any order, parked while paused."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from channels import dispatch, inbox, services
from channels.models import Health, Integration, Problem, Receipt, ReceiptState
from channels.sync import one_record
from channels.tests.trading import DIRECTIONS, KINDS, Trade, listed, open_door
from channels.tests.world import World, run
from orders.models import Order, Shipment
from portal.lib import clock
from portal.lib.errors import DomainError

pytestmark = pytest.mark.django_db
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)


def hooked(world: World, supplier_kind: str) -> Trade:
    """A trading pair whose stores call us."""
    trade = listed(world, supplier_kind=supplier_kind)
    assert run(trade.supplies, "register_hooks") == ["ok"]
    assert run(trade.sells, "register_hooks") == ["ok"]
    world.apps["bigcommerce"].parts.hooks.clear()
    world.apps["shift4shop"].parts.hooks.clear()
    return trade


def address(integration: Integration) -> str:
    return reverse("channels:hook", kwargs={"kind": integration.kind, "key": integration.hook_key})


@both_directions
@pytest.mark.row("S4-19")
def test_an_order_that_a_webhook_tells_of_is_in_the_portal_without_polling(world: World, supplier_kind, retailer_kind):
    trade = hooked(world, supplier_kind)
    queue, door = open_door(world, retailer_kind)
    trade.buy()
    assert queue.deliver_due()
    assert set(door.answers) == {200}
    inbox.handle_waiting(trade.sells.pk)
    assert Order.objects.count() == 1
    assert set(Receipt.objects.values_list("state", flat=True)) == {"done"}


@both_directions
def test_webhooks_sent_twice_have_one_effect(world: World, supplier_kind, retailer_kind):
    trade = hooked(world, supplier_kind)
    queue, door = open_door(world, retailer_kind)
    trade.retailer_store.call("PUT", "/switches", {"hooks_duplicate": True})
    trade.buy()
    delivered = queue.deliver_due()
    assert set(door.answers) == {200}
    assert Receipt.objects.count() < delivered
    inbox.handle_waiting(trade.sells.pk)
    inbox.handle_waiting(trade.sells.pk)
    assert Order.objects.count() == 1


@both_directions
def test_a_webhook_that_comes_after_polling_found_the_order_changes_nothing(world: World, supplier_kind, retailer_kind):
    trade = hooked(world, supplier_kind)
    queue, _ = open_door(world, retailer_kind)
    trade.buy()
    trade.pull_orders()
    before = list(Order.objects.values())
    queue.deliver_due()
    inbox.handle_waiting(trade.sells.pk)
    assert list(Order.objects.values()) == before


@both_directions
def test_tracking_arrives_by_webhook_and_a_late_one_moves_nothing_back(world: World, supplier_kind, retailer_kind):
    trade = hooked(world, supplier_kind)
    queue, _ = open_door(world, supplier_kind)
    trade.buy()
    trade.to_supplier()
    queue.deliver_due()
    early = list(Receipt.objects.filter(integration=trade.supplies).values_list("pk", flat=True))
    trade.ship_everything()
    queue.deliver_due()
    inbox.handle_waiting(trade.supplies.pk)
    assert Order.objects.get().state == "shipped"
    # The hint that the order was made comes after the one that it was shipped.
    Receipt.objects.filter(pk__in=early).update(state=ReceiptState.WAITING)
    inbox.handle_waiting(trade.supplies.pk)
    assert Order.objects.get().state == "shipped"
    assert Shipment.objects.count() == 1


@both_directions
@pytest.mark.row("S1-26")
def test_a_lost_webhook_costs_at_most_the_next_poll(world: World, supplier_kind, retailer_kind):
    trade = hooked(world, supplier_kind)
    queue, _ = open_door(world, retailer_kind)
    trade.retailer_store.call("PUT", "/switches", {"hooks_lost_share": 1.0})
    trade.buy()
    queue.deliver_due()
    assert not Receipt.objects.filter(integration=trade.sells).exists()
    trade.pull_orders()
    assert Order.objects.count() == 1


@both_directions
@pytest.mark.row("S2-30", "S2-33")
def test_a_webhook_while_paused_is_answered_kept_and_followed_up_on_enabling(
    world: World, supplier_kind, retailer_kind
):
    trade = hooked(world, supplier_kind)
    queue, door = open_door(world, retailer_kind)
    services.disable(trade.sells, by=None)
    trade.buy()
    queue.deliver_due()
    assert set(door.answers) == {200}
    assert set(Receipt.objects.values_list("state", flat=True)) == {"parked"}
    assert inbox.handle_waiting(trade.sells.pk) == 0
    assert not Order.objects.exists()
    services.enable(trade.sells, by=None)
    inbox.handle_waiting(trade.sells.pk)
    assert Order.objects.count() == 1


def test_a_webhook_to_an_unknown_address_is_not_found(world: World):
    trade = hooked(world, "shift4shop")
    wrong = reverse("channels:hook", kwargs={"kind": "bigcommerce", "key": "no-such-key"})
    other_kind = address(trade.sells).replace("bigcommerce", "shift4shop")
    for path in (wrong, other_kind):
        assert Client().post(path, "{}", content_type="application/json").status_code == 404
    assert not Receipt.objects.exists()


def test_a_webhook_of_a_removed_integration_is_not_found(world: World):
    trade = hooked(world, "shift4shop")
    path = address(trade.sells)
    services.remove(trade.sells, by=None)
    assert Client().post(path, "{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("headers", [{}, {"X-Tradelane-Key": "guessed"}])
def test_a_webhook_that_is_not_proven_is_refused_and_leaves_nothing(world: World, headers):
    trade = hooked(world, "shift4shop")
    body = json.dumps(
        {"scope": "store/order/created", "data": {"type": "order", "id": 1}, "producer": "stores/x", "hash": "h"}
    )
    answer = Client().post(address(trade.sells), body, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("body", ["", "no json", "[]", "[1, 2]"])
def test_a_body_that_cannot_be_read_is_refused_and_leaves_nothing(world: World, body):
    trade = hooked(world, "bigcommerce")
    answer = Client().post(address(trade.sells), body, content_type="application/json")
    assert answer.status_code == 400
    assert not Receipt.objects.exists()


@both_directions
def test_what_a_webhook_hints_at_waits_while_the_store_is_down(world: World, supplier_kind, retailer_kind):
    trade = hooked(world, supplier_kind)
    queue, _ = open_door(world, retailer_kind)
    trade.buy()
    queue.deliver_due()
    trade.retailer_store.down("503")
    for _ in range(2 * inbox.MOST_ATTEMPTS):
        assert inbox.handle_waiting(trade.sells.pk) == 0
    orders = Receipt.objects.filter(topic="order")
    assert set(orders.values_list("state", "attempts")) == {("waiting", 0)}
    trade.retailer_store.down("up")
    inbox.handle_waiting(trade.sells.pk)
    assert Order.objects.count() == 1


def test_a_record_that_ends_the_job_does_not_keep_the_others_from_being_fetched(world: World, monkeypatch):
    trade = hooked(world, "shift4shop")
    queue, _ = open_door(world, "bigcommerce")
    poison = trade.buy()
    queue.deliver_due()
    fetch = one_record.fetch

    def stumble(integration, connector, topic, remote_id):
        if remote_id == poison:
            raise KeyError("a mistake of ours")
        return fetch(integration, connector, topic, remote_id)

    monkeypatch.setattr(one_record, "fetch", stumble)
    with pytest.raises(KeyError):
        inbox.handle_waiting(trade.sells.pk)
    trade.buy()
    queue.deliver_due()
    with pytest.raises(KeyError):
        inbox.handle_waiting(trade.sells.pk)
    assert Order.objects.count() == 1
    Receipt.objects.filter(state="waiting").update(attempts=inbox.MOST_ATTEMPTS)
    inbox.handle_waiting(trade.sells.pk)
    assert not Receipt.objects.filter(state="waiting").exists()
    assert Problem.objects.get(code="our_mistake").state == "open"


def test_what_our_own_rules_refuse_is_a_problem_and_the_rest_goes_on(world: World, monkeypatch):
    trade = hooked(world, "shift4shop")
    queue, _ = open_door(world, "bigcommerce")
    trade.buy()
    queue.deliver_due()

    def refuse(*_):
        raise DomainError("The order cannot be taken as it is.")

    monkeypatch.setattr(one_record, "fetch", refuse)
    inbox.handle_waiting(trade.sells.pk)
    assert set(Receipt.objects.values_list("state", flat=True)) == {"failed"}
    assert set(Problem.objects.values_list("code", flat=True)) == {DomainError.code}


@pytest.mark.parametrize("kind", KINDS)
def test_a_webhook_after_the_token_was_taken_away_leads_to_the_check_that_tells_the_owner(world: World, kind):
    trade = hooked(world, next(other for other in KINDS if other != kind))
    queue, _ = open_door(world, kind)
    trade.buy()
    queue.deliver_due()
    trade.retailer_store.revoke()
    inbox.handle_waiting(trade.sells.pk)
    run(trade.sells, "check_credentials")
    trade.sells.refresh_from_db()
    assert trade.sells.health == Health.NEEDS_REAUTHORISATION
    assert Receipt.objects.filter(state="waiting").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_hooks_that_the_store_dropped_are_registered_again_and_never_twice(world: World, kind):
    trade = hooked(world, next(other for other in KINDS if other != kind))
    trade.retailer_store.revoke()
    trade.retailer_store.restore()
    run(trade.sells, "register_hooks", "register_hooks")
    queue, door = open_door(world, kind)
    trade.buy()
    queue.deliver_due()
    assert set(door.answers) == {200}
    assert Receipt.objects.filter(integration=trade.sells, topic="order").exists()


def test_a_webhook_whose_task_was_lost_is_handled_by_the_dispatcher(world: World):
    from django_q.models import OrmQ

    trade = hooked(world, "shift4shop")
    queue, _ = open_door(world, "bigcommerce")
    trade.buy()
    queue.deliver_due()
    OrmQ.objects.all().delete()
    inbox.cache.clear()
    Receipt.objects.update(received_at=clock.now() - timedelta(minutes=5))
    dispatch.wake_waiting_receipts()
    assert [task.name() for task in OrmQ.objects.all()] == [f"receipts {trade.sells.pk}"]
