"""Digests: what a rule gathered since the last one, told at its hour. Nothing new, no digest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, Q

from channels.alerts.paces import next_digest
from channels.alerts.people import members_of
from channels.alerts.telling import tell_digest
from channels.models import Alert, AlertRule
from channels.models.alert import Pace
from portal.companies.models import Membership
from portal.lib import clock

_MOST = 1000


def send_due() -> int:
    """Write every digest that is due; how many had something to tell."""
    now = clock.now()
    due = AlertRule.objects.filter(enabled=True, digest_due_at__lte=now).exclude(pace=Pace.INSTANT)
    people = Prefetch("people", Membership.objects.only("pk"))
    rules = list(due.select_related("company", "endpoint").prefetch_related(people).order_by("digest_due_at")[:_MOST])
    members = members_of({rule.company_id for rule in rules})
    return sum(_send(rule, members.get(rule.company_id, []), now) for rule in rules)


@transaction.atomic
def _send(rule: AlertRule, members: list[Membership], now: datetime) -> bool:
    """One rule's digest; whether there was anything. The update of the due time is the claim: a second job finds it moved."""
    due_at, zone = rule.digest_due_at, rule.company.time_zone
    following = next_digest(rule.pace, hour=rule.daily_hour, zone=zone, after=now)
    if not AlertRule.objects.filter(pk=rule.pk, digest_due_at=due_at).update(digest_due_at=following):
        return False
    opened, cleared = _gather(rule)
    if not (opened or cleared):
        return False
    still_open = Alert.objects.filter(rule=rule, cleared_at=None, told_at__isnull=False).count()
    Alert.objects.filter(pk__in=[alert.pk for alert in (*opened, *cleared)], told_at=None).update(told_at=now)
    Alert.objects.filter(pk__in=[alert.pk for alert in cleared]).update(clear_told_at=now)
    tell_digest(rule, opened=opened, cleared=cleared, still_open=still_open, members=members, now=now)
    return True


def _gather(rule: AlertRule) -> tuple[list[Alert], list[Alert]]:
    """What is new and still open, and what is over: caught up, whether it had been told or came and went between two digests."""
    waiting = Q(cleared_at=None, told_at=None) | Q(cleared_at__isnull=False, clear_told_at=None, caught_up__gt=0)
    rows = list(Alert.objects.filter(waiting, rule=rule).order_by("opened_at"))
    for row in rows:
        row.rule = rule
    return [row for row in rows if row.cleared_at is None], [row for row in rows if row.cleared_at]
