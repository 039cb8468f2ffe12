"""What is due is queued once; what is paused or broken is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from channels import dispatch, inbox, jobs, outbox, schedules
from channels.models import Health, Integration, OutboundKind, StepState
from channels.steps import STEPS
from channels.tests.factories import make_company, make_integration
from portal.lib import clock

pytestmark = pytest.mark.django_db


def queued() -> list[str]:
    return sorted(task.name() for task in OrmQ.objects.all())


def make_due(integration: Integration, *steps: str) -> None:
    StepState.objects.update(next_run_at=clock.now() + timedelta(hours=1))
    StepState.objects.filter(integration=integration, step__in=steps).update(next_run_at=clock.now())


def test_a_due_step_is_queued_once():
    make_due(make_integration(), "pull_stock")
    assert dispatch.dispatch_due() == 1
    assert dispatch.dispatch_due() == 0
    assert queued() == ["pull_stock × 1"]


@pytest.mark.parametrize(
    "state", [{"enabled": False}, {"health": Health.NEEDS_REAUTHORISATION}, {"removed_at": clock.now()}]
)
def test_a_step_of_a_paused_broken_or_removed_integration_is_not_queued(state):
    integration = make_integration()
    make_due(integration, "pull_stock")
    Integration.objects.update(**state)
    assert dispatch.dispatch_due() == 0


def test_a_wish_whose_task_was_lost_is_queued_again():
    integration = make_integration()
    make_due(integration, "pull_stock")
    dispatch.dispatch_due()
    StepState.objects.update(queued_at=clock.now() - timedelta(hours=1), next_run_at=clock.now())
    assert dispatch.dispatch_due() >= 1


def test_waking_twice_before_the_run_queues_one_task():
    integration = make_integration()
    assert dispatch.wake(integration.pk, "push_orders")
    assert not dispatch.wake(integration.pk, "push_orders")
    assert OrmQ.objects.count() == 1


def test_catalogue_work_goes_to_its_own_queue():
    integration = make_integration()
    dispatch.wake(integration.pk, "pull_products")
    dispatch.wake(integration.pk, "push_orders")
    assert set(OrmQ.objects.values_list("key", flat=True)) == {"bulk", "trade"}


def test_an_outbound_row_whose_waiting_time_is_over_wakes_its_step():
    integration = make_integration()
    StepState.objects.update(next_run_at=clock.now() + timedelta(hours=1))
    outbox.enqueue(integration, OutboundKind.CREATE_ORDER, [1])
    dispatch.wake_waiting_outbound()
    assert queued() == [f"push_orders {integration.pk}"]


def test_the_steps_of_an_integration_follow_what_flows_through_it():
    supplier = make_integration(make_company())
    retailer = make_integration(make_company("Acme", kind="retailer"))
    steps = {i.pk: set(i.steps.values_list("step", flat=True)) for i in (supplier, retailer)}
    assert "pull_stock" in steps[supplier.pk]
    assert "pull_orders" not in steps[supplier.pk]
    assert "pull_orders" in steps[retailer.pk]
    assert "pull_stock" not in steps[retailer.pk]


@pytest.mark.row("S1-20", "S1-22", "S1-23")
def test_stock_shipments_and_orders_run_hourly():
    integration = make_integration()
    for step in ("pull_stock", "pull_shipments", "push_orders"):
        assert StepState.objects.get(integration=integration, step=step).interval == timedelta(hours=1)


@pytest.mark.row("S1-21")
def test_products_run_every_eight_hours():
    integration = make_integration()
    assert StepState.objects.get(integration=integration, step="pull_products").interval == timedelta(hours=8)


def test_regular_runs_are_spread_over_the_interval():
    step = STEPS["pull_stock"]
    now = clock.now()
    minutes = {int((dispatch.next_time(i, step, after=now) - now).total_seconds() // 60) for i in range(300)}
    assert len(minutes) > 25
    assert min(minutes) >= 29
    assert max(minutes) <= 90


def test_exactly_two_schedules_are_installed_however_often():
    from django_q.models import Schedule

    Schedule.objects.create(name="forgotten", func="x")
    schedules.install()
    schedules.install()
    assert sorted(Schedule.objects.values_list("name", flat=True)) == ["dispatch_due", "heartbeat"]


def test_what_a_webhook_leads_to_is_told_by_the_same_job():
    integration = make_integration()
    with dispatch.keeping_wishes() as wishes:
        dispatch.wake(integration.pk, "push_orders")
        dispatch.wake(integration.pk, "push_orders")
        dispatch.wake(integration.pk, "pull_products")
    assert wishes == [(integration.pk, "push_orders")]
    assert [task.key for task in OrmQ.objects.all()] == ["bulk"]


def test_two_dispatchers_beside_each_other_claim_a_step_once():
    integration = make_integration()
    make_due(integration, "pull_stock", "pull_products")
    due = StepState.objects.filter(queued_at=None)
    ids = list(due.values_list("pk", flat=True))
    assert len(dispatch._claim(due, ids)) > 0
    assert len(dispatch._claim(due, ids)) == 0


def test_the_regular_round_waits_behind_what_is_immediate():
    integration = make_integration()
    make_due(integration, "pull_orders", "push_orders")
    dispatch.dispatch_due()
    inbox.wake(integration.pk)
    broker = get_broker("trade")
    broker._next_beat = float("inf")
    names = [SignedPackage.loads(broker.dequeue()[0][1])["name"] for _ in range(2)]
    assert names == [f"receipts {integration.pk}", "push_orders × 1"]


def test_a_round_whose_turn_is_over_hands_the_rest_on(monkeypatch):
    integrations = [make_integration(remote_store_id=f"s{number}").pk for number in range(3)]
    for integration_id in integrations:
        outbox.enqueue(integration_id, OutboundKind.CREATE_ORDER, [1])
    monkeypatch.setattr(jobs, "TURN_SECONDS", -1.0)
    assert jobs.run_many(integrations, "push_orders") == 1
    rest = OrmQ.objects.get(key="trade-later")
    assert rest.task["args"] == (integrations[1:], "push_orders", "schedule")


def test_what_only_waits_in_the_round_is_queued_before_it_when_an_order_comes():
    integration = make_integration()
    make_due(integration, "push_orders")
    dispatch.dispatch_due()
    assert dispatch.wake(integration.pk, "push_orders")
    assert not dispatch.wake(integration.pk, "push_orders")
    assert list(OrmQ.objects.order_by("pk").values_list("key", flat=True)) == ["trade-later", "trade"]


def test_an_integration_of_an_older_version_gets_the_steps_that_came_since():
    older = make_integration()
    StepState.objects.filter(integration=older, step="reconcile").delete()
    dispatch.complete_steps()
    dispatch.complete_steps()
    assert StepState.objects.filter(integration=older, step="reconcile", next_run_at__gt=clock.now()).count() == 1
