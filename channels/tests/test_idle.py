"""The regular round of the steps that send: many integrations without work are done together, and whoever has work has it done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from channels import dispatch, jobs, outbox
from channels.leases import Lease
from channels.models import Health, Integration, Outbound, OutboundKind, Problem, RunResult, StepState, SyncRun
from channels.problems import raise_problem
from channels.sync import idle
from channels.sync.runner import mistake_key
from channels.tests.factories import make_company, make_integration
from channels.tests.trading import listed, make_due
from channels.tests.world import World
from portal.lib import clock

pytestmark = pytest.mark.django_db
STEP = "push_orders"


def stores(number: int) -> list[int]:
    company = make_company()
    return [make_integration(company).pk for _ in range(number)]


def state_of(integration_id: int) -> StepState:
    return StepState.objects.get(integration_id=integration_id, step=STEP)


def test_each_without_work_gets_its_run_its_next_time_and_its_lease_back():
    ids = stores(3)
    StepState.objects.filter(step=STEP).update(queued_at=clock.now(), failures=2)
    assert idle.run_idle(ids, STEP, trigger="schedule") == []
    runs = SyncRun.objects.filter(step=STEP)
    assert sorted(runs.values_list("integration_id", "result", "trigger")) == [(i, "ok", "schedule") for i in ids]
    assert all(run.finished_at for run in runs)
    for integration_id in ids:
        state = state_of(integration_id)
        assert (state.lease_owner, state.lease_until, state.queued_at, state.failures) == ("", None, None, 0)
        assert state.last_result == RunResult.OK
        assert timedelta(minutes=29) < state.next_run_at - clock.now() < timedelta(minutes=91)


def test_many_cost_no_more_statements_than_few():
    counts = []
    for number in (2, 20):
        ids = stores(number)
        with CaptureQueriesContext(connection) as asked:
            assert jobs.run_many(ids, STEP) == number
        counts.append(len(asked))
    assert counts[0] == counts[1] < 15


def test_who_has_work_a_pause_a_rejected_key_or_another_worker_is_left_over():
    working, paused, rejected, held, waiting, quiet = stores(6)
    outbox.enqueue(working, OutboundKind.CREATE_ORDER, [7])
    Integration.objects.filter(pk=paused).update(enabled=False)
    Integration.objects.filter(pk=rejected).update(health=Health.NEEDS_REAUTHORISATION)
    Integration.objects.filter(pk=waiting).update(health=Health.WAITING)
    lease = Lease.take(held, STEP)
    left = idle.run_idle([quiet, held, working, paused, rejected, waiting], STEP, trigger="schedule")
    assert left == [held, working, paused, rejected, waiting]
    assert state_of(held).lease_owner == lease.owner
    assert state_of(working).lease_owner == ""
    assert Outbound.objects.get().attempts == 0
    assert SyncRun.objects.get().integration_id == quiet


def test_a_row_that_waits_for_its_time_is_no_work_yet():
    (store,) = stores(1)
    outbox.enqueue(store, OutboundKind.CREATE_ORDER, [7])
    Outbound.objects.update(not_before=clock.now() + timedelta(minutes=5))
    assert idle.run_idle([store], STEP, trigger="schedule") == []


def test_a_wish_that_comes_meanwhile_is_answered(monkeypatch):
    (store,) = stores(1)
    look = outbox.integrations_with_due

    def look_and_then_something_changes(ids, kind):
        found = look(ids, kind)
        outbox.enqueue(store, OutboundKind.CREATE_ORDER, [7])
        StepState.objects.filter(integration_id=store, step=STEP).update(queued_at=clock.now())
        return found

    monkeypatch.setattr(outbox, "integrations_with_due", look_and_then_something_changes)
    idle.run_idle([store], STEP, trigger="schedule")
    assert [task.name() for task in OrmQ.objects.all()] == [f"{STEP} {store}"]


def test_what_a_dead_worker_and_a_mistake_of_ours_left_is_closed():
    (store,) = stores(1)
    SyncRun.objects.create(integration_id=store, step=STEP)
    integration = Integration.objects.get(pk=store)
    raise_problem(
        integration.company_id, "our_mistake", "Oh.", integration=integration, cause_key=mistake_key(store, STEP)
    )
    idle.run_idle([store], STEP, trigger="schedule")
    assert sorted(SyncRun.objects.values_list("result", flat=True)) == ["ok", "partial"]
    assert Problem.objects.get().state == "resolved"


def test_steps_that_read_are_never_skipped():
    ids = stores(2)
    assert idle.run_idle(ids, "pull_shipments", trigger="schedule") == ids
    assert not SyncRun.objects.exists()


def test_the_round_still_carries_what_no_wish_carried(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    trade.buy()
    trade.pull_orders()
    make_due(trade.supplies)
    assert jobs.run_many([trade.supplies.pk], STEP) == 1
    assert len(trade.made()) == 1
    assert dispatch.wake(trade.supplies.pk, STEP)
