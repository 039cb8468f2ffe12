"""How an integration looks to people: its health in a word with the reason, when it runs next, its last 24 hours, and how far a run has got."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncHour
from django.urls import reverse

from channels.causes import Fix, cause_of
from channels.contract import Family, StoreConnector
from channels.models import Health, Integration, Problem, ProblemState, RunResult, StepState, SyncRun
from channels.registry import CONNECTORS
from channels.steps import STEPS
from portal.lib import clock
from portal.ui.looks import FINE, GONE, MOVING, ODD, OFF, SLOW, STUCK, Look

_LOOKS = {
    Health.CONNECTING: MOVING.named("Connecting"),
    Health.HEALTHY: FINE.named("Healthy"),
    Health.WAITING: SLOW.named("Waiting for store"),
    Health.NEEDS_REAUTHORISATION: STUCK.named("Needs you"),
    Health.MISCONFIGURED: STUCK.named("Needs you"),
    Health.REMOVED: GONE.named("Removed"),
}
# The class of a failure in two or three words; the whole sentence stands on the integration's own page.
_CLASSES = {
    "credentials_rejected": "Key rejected",
    "permission_missing": "Permission missing",
    "wrong_address": "Wrong address",
    "another_store": "Key of another store",
    "setting_missing": "Setting missing",
    "store_unavailable": "Store down",
    "store_unreachable": "Store cannot be reached",
    "rate_limited": "Asked us to slow down",
    "unexpected_answer": "Unknown answer",
}
FAMILIES = {Family.STORE: "Store", Family.CRM: "CRM", Family.FULFILMENT: "Warehouse"}
_TONES: dict[str, str] = {RunResult.FAILED: "bad", RunResult.PARTIAL: "warn", RunResult.EMPTY: "warn"}
_GRAVITY = ("idle", "ok", "warn", "bad")
RUN_LOOKS: dict[str, Look] = {
    RunResult.RUNNING: MOVING.named("Running"),
    RunResult.OK: Look("check", "ok", "OK"),
    RunResult.EMPTY: ODD.named("Empty, unusual"),
    RunResult.PARTIAL: ODD.named("Partial"),
    RunResult.FAILED: STUCK.named("Failed"),
}


def look_of(integration: Integration) -> Look:
    """Health as people see it: the switch first, then what we see."""
    if integration.removed_at:
        return _LOOKS[Health.REMOVED]
    return _LOOKS[Health(integration.health)] if integration.enabled else OFF


def reason_of(integration: Integration) -> str:
    """Why it is not healthy, in two or three words."""
    if not integration.is_live or integration.health in {Health.HEALTHY, Health.CONNECTING}:
        return ""
    return _CLASSES.get(integration.health_code, integration.health_reason[:60])


def mended_in_settings(integration: Integration) -> bool:
    """Whether it waits for a person who only has to choose something: its key is good, so the store can be asked."""
    return integration.needs_person and cause_of(integration.health_code).fix in {Fix.SETTINGS, Fix.MAPPING}


def way_out(integration: Integration) -> tuple[str, str]:
    """The page that mends an integration that waits for a person, and the button to it."""
    if mended_in_settings(integration):
        return reverse("integration-settings", args=[integration.pk]), "Open settings"
    return reverse("integration-reauthorise", args=[integration.pk]), "Reauthorise"


def connector_of(integration: Integration) -> type[StoreConnector] | None:
    """Its channel; None when the channel is not offered any more."""
    return CONNECTORS.get(integration.kind)


def label_of(kind: str) -> str:
    """The channel's name; the kind itself when its connector is gone."""
    connector = CONNECTORS.get(kind)
    return connector.label if connector else kind


def direction_of(integration: Integration) -> str:
    """What flows, in a word."""
    words = {(True, True): "supplies and sells", (True, False): "supplies", (False, True): "sells"}
    return words.get((integration.supplies, integration.sells), "")


def with_facts(rows: QuerySet[Integration]) -> QuerySet[Integration]:
    """Integrations with ``next_at`` (the next run of any step) and ``open_problems``, in one query."""
    next_at = StepState.objects.filter(integration=OuterRef("pk")).order_by().values("integration")
    problems = Problem.objects.filter(integration=OuterRef("pk"), state=ProblemState.OPEN).order_by()
    return rows.annotate(
        next_at=Subquery(next_at.annotate(first=Min("next_run_at")).values("first")),
        open_problems=Coalesce(
            Subquery(
                problems.values("integration").annotate(number=Count("pk")).values("number"),
                output_field=IntegerField(),
            ),
            0,
        ),
    )


def ticks_of(integrations: Iterable[Integration]) -> dict[int, list[str]]:
    """The last 24 hours of each: the gravest result of every hour, oldest first."""
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    since = now - timedelta(hours=23)
    ids = [integration.pk for integration in integrations]
    hours = (
        SyncRun.objects.filter(integration_id__in=ids, started_at__gte=since)
        .order_by()
        .annotate(hour=TruncHour("started_at"))
        .values_list("integration_id", "hour", "result")
        .distinct()
    )
    found = {pk: ["idle"] * 24 for pk in ids}
    for pk, hour, result in hours:
        at = round((hour - since).total_seconds() / 3600)
        tone = _TONES.get(result, "ok")
        found[pk][at] = max(found[pk][at], tone, key=_GRAVITY.index)
    return found


def progress_of(run: SyncRun) -> str:
    """ "412 of 1,030 products, about 3 min left" for a run that goes on."""
    done = int(run.counts.get("read", 0))
    what = STEPS[run.step].label.lower() if run.step in STEPS else run.step
    if not run.expected or run.expected < done:
        return f"{done:,} {what} so far" if done else f"Reading {what}"
    words = f"{done:,} of {run.expected:,} {what}"
    elapsed = (clock.now() - run.started_at).total_seconds()
    if done < 1 or elapsed < 2:
        return words
    left = elapsed / done * (run.expected - done)
    return f"{words}, about {max(round(left / 60), 1)} min left" if left >= 30 else f"{words}, a moment left"


def counts_in_words(run: SyncRun) -> str:
    """ "1,030 read · 4 changed · 1 refused"; what is 0 is left out."""
    names = (("read", "read"), ("created", "new"), ("updated", "changed"), ("sent", "sent"), ("refused", "refused"))
    said = [f"{run.counts[key]:,} {word}" for key, word in names if run.counts.get(key)]
    return " · ".join(said)


def how_often(step: str) -> str:
    """The timetable of a step in words."""
    hours = STEPS[step].interval.total_seconds() / 3600
    regular = "hourly" if hours == 1 else "daily" if hours == 24 else f"every {hours:.0f} h"
    return f"at once, {regular}" if step.startswith("push") else regular
