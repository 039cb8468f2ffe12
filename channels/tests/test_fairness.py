"""One tenant's flood does not starve another, and rows of one record go in their order."""

from __future__ import annotations

import pytest
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from channels import jobs, outbox
from channels.models import Outbound, OutboundKind, OutboundState, StepState
from channels.sync import context, pushing
from channels.tests.factories import make_company, make_integration
from channels.tests.trading import listed
from channels.tests.world import World
from portal.lib import clock

pytestmark = pytest.mark.django_db


def task_of(integration_id: int) -> str:
    return f"push_orders {integration_id}"


def taken() -> list[str]:
    """The names of the jobs in the order in which a cluster takes them."""
    broker = get_broker("trade")
    broker._next_beat = float("inf")
    return [
        SignedPackage.loads(broker.dequeue()[0][1])["name"] for _ in range(OrmQ.objects.filter(key="trade").count())
    ]


def test_a_flood_of_one_tenant_is_one_job_and_the_other_comes_next(django_capture_on_commit_callbacks):
    flooding, other = make_integration(), make_integration(make_company("Harbour"), remote_store_id="other")
    with django_capture_on_commit_callbacks(execute=True):
        for record in range(1, 501):
            outbox.enqueue(flooding, OutboundKind.CREATE_ORDER, [record])
        outbox.enqueue(other, OutboundKind.CREATE_ORDER, [900])
    assert taken() == [task_of(flooding.pk), task_of(other.pk)]


def test_a_flood_gives_the_worker_back_after_its_turn_and_waits_behind_the_other(world: World, monkeypatch):
    """The run of the flooding tenant ends with most of its rows still waiting, and its next run is queued behind the other tenant's."""
    trade = listed(world, supplier_kind="bigcommerce")
    for _ in range(3):
        trade.buy()
    trade.pull_orders()
    other = make_integration(make_company("Harbour"), remote_store_id="other")
    OrmQ.objects.all().delete()
    StepState.objects.update(queued_at=None)
    outbox.enqueue(other, OutboundKind.CREATE_ORDER, [900])
    outbox.wake_later(other.pk, OutboundKind.CREATE_ORDER)
    from channels.dispatch import wake

    wake(other.pk, "push_orders")
    monkeypatch.setitem(context.LONGEST_RUN, "orders", -1.0)
    trade.push_orders()
    waiting = Outbound.objects.filter(integration=trade.supplies, kind=OutboundKind.CREATE_ORDER)
    assert set(waiting.values_list("state", flat=True)) == {OutboundState.WAITING}
    assert taken() == [task_of(other.pk), task_of(trade.supplies.pk)]


def test_the_flood_of_one_integration_is_not_claimed_for_another():
    flooding, other = make_integration(), make_integration(make_company("Harbour"), remote_store_id="other")
    outbox.enqueue(flooding, OutboundKind.CREATE_ORDER, range(1, 200))
    outbox.enqueue(other, OutboundKind.CREATE_ORDER, [900])
    assert len(outbox.claim(flooding.pk, OutboundKind.CREATE_ORDER, most=pushing.BATCH)) == pushing.BATCH
    assert [row.record_id for row in outbox.claim(other.pk, OutboundKind.CREATE_ORDER, most=pushing.BATCH)] == [900]


def test_the_regular_round_of_many_hands_on_so_that_a_single_one_is_not_kept_waiting(monkeypatch):
    many = [make_integration(remote_store_id=f"s{number}").pk for number in range(4)]
    for integration_id in many:
        outbox.enqueue(integration_id, OutboundKind.CREATE_ORDER, [900])
    monkeypatch.setattr(jobs, "TURN_SECONDS", -1.0)
    jobs.run_many(many, "push_orders")
    assert OrmQ.objects.get(key="trade-later").task["args"][0] == many[1:]


def test_rows_of_one_record_are_sent_in_their_order_even_when_the_first_must_wait():
    integration = make_integration()
    kind = OutboundKind.CREATE_SHIPMENT
    for record in (1, 2):
        outbox.enqueue(integration, kind, [record], order_key="order-7")
    outbox.enqueue(integration, kind, [3], order_key="order-8")
    claimed = outbox.claim(integration.pk, kind, most=10)
    assert [row.record_id for row in claimed] == [1, 3]
    outbox.postpone(claimed[0], until=clock.after(60))
    assert outbox.claim(integration.pk, kind, most=10) == []
    Outbound.objects.filter(record_id=1).update(not_before=clock.now())
    (first,) = outbox.claim(integration.pk, kind, most=10)
    assert first.record_id == 1
    outbox.confirm(first)
    assert [row.record_id for row in outbox.claim(integration.pk, kind, most=10)] == [2]
