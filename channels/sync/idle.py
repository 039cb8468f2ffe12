"""The regular round of the steps that send: most have nothing to send, and those are done for many integrations in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Case, DateTimeField, Value, When

from channels import dispatch, outbox
from channels.leases import take_many
from channels.models import Health, Integration, RunResult, StepState, SyncRun
from channels.problems import resolve
from channels.steps import STEPS
from channels.sync import runner
from portal.lib import clock

# A run without work says something about these (that the store is well again), so it is made in full.
TELLING = (Health.WAITING, Health.CONNECTING)


def run_idle(integration_ids: Sequence[int], step: str, *, trigger: str) -> list[int]:
    """Make the runs of ``step`` that have nothing to do, each with its row, its lease and its next time; the integrations left over, in order.

    Leases are taken before we look for work, as in every run: a change that comes later finds its wish unanswered and is queued.
    """
    kind = outbox.KIND_OF.get(step)
    if kind is None:
        return list(integration_ids)
    candidates = _quiet(integration_ids, step)
    began = clock.now()
    owner, states = take_many(candidates, step)
    busy = outbox.integrations_with_due([state.integration_id for state in states], kind)
    idle = [state for state in states if state.integration_id not in busy]
    # What has work is given back as it was, to be run by itself.
    StepState.objects.filter(lease_owner=owner, integration_id__in=busy).update(lease_owner="", lease_until=None)
    if idle:
        _note_runs(idle, step, trigger=trigger, began=began)
        _release(idle, owner, step)
    done = {state.integration_id for state in idle}
    return [each for each in integration_ids if each not in done]


def _quiet(integration_ids: Iterable[int], step: str) -> list[int]:
    """Those that may run and of which a run without work tells nothing new."""
    found = Integration.objects.filter(pk__in=list(integration_ids)).exclude(health__in=TELLING)
    return [each.pk for each in found if not runner.why_not(each, step)]


def _note_runs(idle: Sequence[StepState], step: str, *, trigger: str, began: datetime) -> None:
    ids = [state.integration_id for state in idle]
    runner.close_dead_runs(ids, step)
    runs = [
        SyncRun(
            integration_id=integration_id,
            step=step,
            trigger=trigger,
            result=RunResult.OK,
            started_at=began,
            finished_at=clock.now(),
        )
        for integration_id in ids
    ]
    SyncRun.objects.bulk_create(runs)
    mistakes = [runner.mistake_key(integration_id, step) for integration_id in ids]
    resolve(integration_id__in=ids, cause_key__in=mistakes, resolution="It ran again.")


def _release(idle: Sequence[StepState], owner: str, step: str) -> None:
    """Give the steps back with their next times; who wished for a run meanwhile gets one."""
    times = [
        When(pk=state.pk, then=Value(dispatch.next_time(state.integration_id, STEPS[step]), DateTimeField()))
        for state in idle
    ]
    ours = StepState.objects.filter(pk__in=[state.pk for state in idle])
    ours.filter(lease_owner=owner).update(
        lease_owner="",
        lease_until=None,
        last_run_at=clock.now(),
        last_result=RunResult.OK,
        failures=0,
        next_run_at=Case(*times, output_field=DateTimeField()),
    )
    for integration_id in ours.filter(queued_at__isnull=False).values_list("integration_id", flat=True):
        dispatch.queue_run(integration_id, step, trigger="wake")
