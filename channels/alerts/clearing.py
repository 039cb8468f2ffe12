"""The end of an alert: it is over, with the number of records that were caught up, or it is put away without a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from channels.models import Alert, AlertRule, Problem, ProblemState


def clear(alerts: Iterable[Alert], *, turn: str, now: datetime) -> None:
    """Mark ``alerts`` as over, once, and count what was resolved since they opened. One statement a connection that rules name."""
    rules: dict[int | None, list[int]] = defaultdict(list)
    pks = [alert.pk for alert in alerts]
    if not pks:
        return
    for pk, integration_id in Alert.objects.filter(pk__in=pks).values_list("pk", "rule__integration_id"):
        rules[integration_id].append(pk)
    for only, ids in rules.items():
        Alert.objects.filter(pk__in=ids, cleared_at=None).update(cleared_at=now, turn=turn, caught_up=_resolved(only))


def _resolved(integration_id: int | None) -> Coalesce:
    """How many records of an alert's cause were resolved since it opened; ignored and snoozed ones were not."""
    rows = Problem.objects.filter(
        company_id=OuterRef("company_id"),
        cause_key=OuterRef("cause_key"),
        code=OuterRef("code"),
        state=ProblemState.RESOLVED,
        resolved_at__gte=OuterRef("opened_at"),
    )
    if integration_id is not None:
        rows = rows.filter(integration_id=integration_id)
    counted = rows.order_by().values("cause_key").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def claim_told(rule_ids: Collection[int], *, turn: str, now: datetime) -> list[Alert]:
    """The alerts of this turn whose end is told at once: somebody was told of them, and something was caught up."""
    mine = Alert.objects.filter(rule_id__in=rule_ids, turn=turn, cleared_at=now, caught_up__gt=0)
    mine.filter(told_at__isnull=False, clear_told_at=None).update(clear_told_at=now)
    return list(mine.filter(clear_told_at=now).order_by("pk"))


def put_away(rule: AlertRule, *, now: datetime) -> int:
    """A rule is off: its open alerts end without a word. How many there were."""
    return Alert.objects.filter(rule=rule, cleared_at=None).update(cleared_at=now, clear_told_at=now)
