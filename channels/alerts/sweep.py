"""The sweep: every minute, what is stuck is compared with every company's rules; what is new is told, what stayed away is over.

Running twice, also at the same time, tells once: the database keeps one open alert a rule and cause, and telling is claimed by the update that marks it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch

from channels.alerts import clearing, digests, reading, standard
from channels.alerts.matching import RETURN_WITHIN, Decision, Part, Seen, Terms, decide
from channels.alerts.people import members_of
from channels.alerts.telling import tell
from channels.models import Alert, AlertRule
from channels.models.alert import Pace
from portal.companies.models import Company, Membership
from portal.lib import clock

# Companies looked at together.
CHUNK = 200


def sweep() -> int:
    """Look at every company in which something is stuck or an alert is open; how many were looked at."""
    standard.ensure_everywhere()
    ids = reading.companies_to_look_at()
    for start in range(0, len(ids), CHUNK):
        _sweep_chunk(Company.objects.in_bulk(ids[start : start + CHUNK]))
    digests.send_due()
    return len(ids)


def _sweep_chunk(companies: Mapping[int, Company]) -> None:
    parts, rules = reading.parts_of(companies), rules_of(companies)
    members = members_of(companies)
    alerts: dict[int, list[Alert]] = defaultdict(list)
    for alert in Alert.objects.filter(company_id__in=companies, cleared_at=None):
        alerts[alert.rule_id].append(alert)
    for pk, company in companies.items():
        Desk(company, rules[pk], parts.get(pk, []), members.get(pk, [])).work(alerts)


def rules_of(company_ids: Mapping[int, Company] | Sequence[int]) -> dict[int, list[AlertRule]]:
    """The rules that are on, with people and endpoints, by company id."""
    found: dict[int, list[AlertRule]] = defaultdict(list)
    people = Prefetch("people", Membership.objects.only("pk"))
    rows = AlertRule.objects.filter(company_id__in=list(company_ids), enabled=True)
    for rule in rows.select_related("endpoint", "company").prefetch_related(people):
        found[rule.company_id].append(rule)
    return found


def terms_of(rule: AlertRule) -> Terms:
    """A rule as matching takes it."""
    return Terms(
        codes=frozenset(rule.codes),
        integration_id=rule.integration_id,
        whose=rule.whose,
        at_least=rule.at_least,
        older_than=timedelta(minutes=rule.older_than_minutes) / settings.TIME_SCALE,
    )


@dataclass
class Desk:
    """One company's turn of the sweep."""

    company: Company
    rules: Sequence[AlertRule]
    parts: Sequence[Part]
    members: Sequence[Membership]
    turn: str = field(default_factory=lambda: uuid4().hex)
    now: datetime = field(default_factory=clock.now)

    def work(self, alerts: Mapping[int, Sequence[Alert]]) -> None:
        """Decide for each rule and write everything, with the news, in one transaction. ``alerts`` are the open ones by rule id."""
        decisions = {
            rule.pk: decide(
                terms_of(rule), self.parts, alerts.get(rule.pk, ()), now=self.now, speed=settings.TIME_SCALE
            )
            for rule in self.rules
        }
        with transaction.atomic():
            self._open(decisions)
            _write_figures(decisions.values())
            _mark_away(decisions.values(), self.now)
            over = [alert for decision in decisions.values() for alert in decision.over]
            clearing.clear(over, turn=self.turn, now=self.now)
            self._tell()

    def _open(self, decisions: Mapping[int, Decision]) -> None:
        wanted = [(rule_id, seen) for rule_id, decision in decisions.items() for seen in decision.opened]
        if not wanted:
            return
        titles = reading.titles_of((seen.newest, seen.number) for _, seen in wanted)
        returns = self._returns(wanted)
        rows = [
            Alert(
                company=self.company,
                rule_id=rule_id,
                cause_key=seen.key[0],
                code=seen.key[1],
                integration_id=seen.integration_id,
                problem_id=seen.newest,
                title=titles[seen.newest][:500],
                count=seen.number,
                amounts=seen.stored_amounts,
                stuck_since=seen.since,
                opened_at=self.now,
                returns=returns.get((rule_id, *seen.key), 0),
            )
            for rule_id, seen in wanted
            if seen.newest in titles
        ]
        Alert.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)

    def _returns(self, wanted: Sequence[tuple[int, Seen]]) -> dict[tuple[int, str, str], int]:
        """How often each of these came back within a day."""
        recent = Alert.objects.filter(
            company=self.company,
            rule_id__in={rule_id for rule_id, _ in wanted},
            cleared_at__gte=self.now - RETURN_WITHIN / settings.TIME_SCALE,
        ).order_by("pk")
        return {
            (row["rule_id"], row["cause_key"], row["code"]): row["returns"] + 1
            for row in recent.values("rule_id", "cause_key", "code", "returns")
        }

    def _tell(self) -> None:
        """Claim what nobody was told of yet by rules that tell at once, and tell it."""
        instant = {rule.pk: rule for rule in self.rules if rule.pace == Pace.INSTANT}
        Alert.objects.filter(rule_id__in=instant, told_at=None, cleared_at=None).update(
            told_at=self.now, turn=self.turn
        )
        opened = list(
            Alert.objects.filter(rule_id__in=instant, turn=self.turn, told_at=self.now, cleared_at=None).order_by("pk")
        )
        cleared = clearing.claim_told(instant, turn=self.turn, now=self.now)
        for alert in (*opened, *cleared):
            alert.rule = instant[alert.rule_id]
        if opened or cleared:
            tell(self.company, opened=opened, cleared=cleared, members=self.members, now=self.now)


def _write_figures(decisions: Collection[Decision]) -> None:
    """Figures of alerts that grew or shrank; the title follows them."""
    changed = [pair for decision in decisions for pair in decision.changed]
    if not changed:
        return
    titles = reading.titles_of((seen.newest, seen.number) for _, seen in changed)
    for alert, seen in changed:
        alert.count, alert.amounts, alert.problem_id = seen.number, seen.stored_amounts, seen.newest
        alert.title = titles.get(seen.newest, alert.title)[:500]
    fields = ["count", "amounts", "problem", "title"]
    Alert.objects.bulk_update([alert for alert, _ in changed], fields, batch_size=500)


def _mark_away(decisions: Collection[Decision], now: datetime) -> None:
    away = [alert.pk for decision in decisions for alert in decision.away]
    back = [alert.pk for decision in decisions for alert in decision.back]
    if away:
        Alert.objects.filter(pk__in=away, away_since=None).update(away_since=now)
    if back:
        Alert.objects.filter(pk__in=back, cleared_at=None).update(away_since=None)
