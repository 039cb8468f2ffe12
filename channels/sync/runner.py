"""Runs one step: takes the lease, opens a run, turns what happens into a result, and lets no exception reach the queue.

This holds the project's only broad ``except``: whatever goes wrong in a step becomes a failed run with a trace in the log and a problem for staff.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence
from datetime import datetime

from channels import dispatch, health, outbox
from channels.contract import Can
from channels.credentials import NoCredentials
from channels.errors import ChannelError, Misconfigured, NeedsReauthorisation, RateLimited, Unavailable, UnclearOutcome
from channels.leases import Lease, LeaseLost
from channels.models import Health, Integration, RunResult, StepState, SyncRun
from channels.outbox import back_off
from channels.problems import raise_problem, resolve
from channels.registry import connector_class
from channels.steps import STEPS
from channels.sync.context import StepContext
from portal.lib import clock

log = logging.getLogger(__name__)

# Steps that mend or find out about a broken integration run although it waits for a person.
RUNS_WHEN_BROKEN = frozenset({"check_credentials"})


def run_step(integration_id: int, step: str, *, trigger: str = "schedule") -> str:
    """Run ``step`` of an integration now, if nobody else does. Returns the result's word, or why it did not run."""
    integration = Integration.objects.select_related("company").filter(pk=integration_id).first()
    reason = why_not(integration, step)
    if integration is None or reason:
        StepState.objects.filter(integration_id=integration_id, step=step).update(queued_at=None)
        return reason
    lease = Lease.take(integration_id, step)
    if lease is None:
        return "busy"
    return _run(integration, step, lease, trigger)


def why_not(integration: Integration | None, step: str) -> str:
    """Why a step may not run, as a word; "" when it may."""
    if integration is None or integration.removed_at:
        return "removed"
    if not integration.enabled:
        return "disabled"
    if integration.needs_person and step not in RUNS_WHEN_BROKEN:
        return "needs a person"
    needed = Can(step) if step in set(Can) else None
    if needed and needed not in connector_class(integration.kind).can:
        return "not offered by the channel"
    return ""


def _run(integration: Integration, step: str, lease: Lease, trigger: str) -> str:
    module = importlib.import_module(STEPS[step].module)
    close_dead_runs([integration.pk], step)
    if trigger == "wake" and step in outbox.KIND_OF and not outbox.has_due(integration.pk, outbox.KIND_OF[step]):
        lease.release()
        _answer_wish(integration, step)
        return "nothing to do"
    run = SyncRun.objects.create(integration=integration, step=step, trigger=trigger)
    context = StepContext(integration, lease, run)
    retry_at: datetime | None = None
    try:
        outcome = module.run(context) or _result_of(context)
        code, sentence = "", ""
    except LeaseLost:
        return _close(run, context, RunResult.PARTIAL, "", "Another worker took this over.")
    except (ChannelError, NoCredentials) as error:
        outcome, code, sentence, retry_at = _note_channel_error(integration, lease, error)
    except Exception as error:  # the one broad handler: nothing may reach the queue, everything is told
        log.exception("step failed", extra={"data": {"integration": integration.pk, "step": step}})
        outcome, code, sentence = (
            RunResult.FAILED,
            "our_mistake",
            "Something went wrong on our side. We look into it; nothing is lost.",
        )
        raise_problem(
            integration.company_id,
            code,
            f"{STEPS[step].label} of {integration.name}: {sentence}",
            integration=integration,
            cause_key=mistake_key(integration.pk, step),
            detail=f"{type(error).__name__}: {error}",
        )
    else:
        _note_success(integration, step)
    _close(run, context, outcome, code, sentence)
    _release(integration, lease, step, outcome, retry_at)
    return str(outcome)


def _result_of(context: StepContext) -> RunResult:
    return RunResult.PARTIAL if context.counts.get("refused") or context.reads.number else RunResult.OK


def _note_success(integration: Integration, step: str) -> None:
    if integration.health in {Health.WAITING, Health.CONNECTING} or step in RUNS_WHEN_BROKEN:
        integration.refresh_from_db()
        if not integration.needs_person:
            health.mark_healthy(integration)
    resolve(integration=integration, cause_key=mistake_key(integration.pk, step), resolution="It ran again.")


def mistake_key(integration_id: int, step: str) -> str:
    """What a problem of ours with a step is known by."""
    return f"our_mistake:{integration_id}:{step}"


def _note_channel_error(
    integration: Integration, lease: Lease, error: ChannelError | NoCredentials
) -> tuple[RunResult, str, str, datetime | None]:
    """Health, result, code, sentence and when to try again, by the class of the error."""
    if isinstance(error, NeedsReauthorisation | NoCredentials):
        code, sentence = "credentials_rejected", f"{integration.name} stopped accepting our key."
        health.mark_needs_person(
            integration, Health.NEEDS_REAUTHORISATION, code=code, sentence=sentence, detail=getattr(error, "detail", "")
        )
        return RunResult.FAILED, code, sentence, None
    if isinstance(error, Misconfigured):
        health.mark_needs_person(
            integration, Health.MISCONFIGURED, code=error.code, sentence=error.message, detail=error.detail
        )
        return RunResult.FAILED, error.code, error.message, None
    waited = getattr(error, "retry_at", None)
    retry_at = waited or clock.after(back_off(lease.state.failures + 1) * 6)
    if isinstance(error, RateLimited):
        return RunResult.PARTIAL, error.code, error.message, retry_at
    if isinstance(error, Unavailable | UnclearOutcome):
        health.mark_waiting(integration, code=error.code, sentence=error.message, retry_at=retry_at)
        return RunResult.FAILED, error.code, error.message, retry_at
    raise_problem(
        integration.company_id,
        error.code,
        f"{integration.name}: {error.message}",
        integration=integration,
        cause_key=f"{error.code}:{integration.pk}:{lease.state.step}",
        detail=f"{getattr(error, 'path', '')} {error.detail}".strip(),
    )
    return RunResult.FAILED, error.code, error.message, retry_at


def _close(run: SyncRun, context: StepContext, result: RunResult, code: str, sentence: str) -> str:
    context.count("refused", context.reads.number)
    SyncRun.objects.filter(pk=run.pk).update(
        result=result, finished_at=clock.now(), counts=context.counts, code=code, sentence=sentence[:400]
    )
    return str(result)


def _release(integration: Integration, lease: Lease, step: str, result: RunResult, retry_at: datetime | None) -> None:
    """Give the step back with its next time; if somebody wished for another run meanwhile, queue it."""
    failed = result == RunResult.FAILED
    regular = dispatch.next_time(integration.pk, STEPS[step])
    lease.release(
        last_run_at=clock.now(),
        last_result=result,
        failures=lease.state.failures + 1 if failed else 0,
        next_run_at=min(retry_at, regular) if retry_at else regular,
    )
    _answer_wish(integration, step)


def _answer_wish(integration: Integration, step: str) -> None:
    """Whoever wished for a run while this one held the lease gets one now."""
    if StepState.objects.filter(integration=integration, step=step, queued_at__isnull=False).exists():
        dispatch.queue_run(integration.pk, step, trigger="wake")


def close_dead_runs(integration_ids: Sequence[int], step: str) -> None:
    """We hold the leases, so runs that still say that they are running belong to workers that are gone."""
    SyncRun.objects.filter(integration_id__in=integration_ids, step=step, result=RunResult.RUNNING).update(
        result=RunResult.PARTIAL,
        finished_at=clock.now(),
        sentence="The worker ended before it was done; the next run went on from there.",
    )
