"""From news to rows: one mail a person, one delivery an event and endpoint. Called in the transaction that decided; nothing is sent here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from channels.alerts import events, waking
from channels.alerts.news import News, digest_subject, subject_of
from channels.alerts.people import addresses_for
from channels.models import Alert, AlertMail, AlertRule, Delivery
from portal.companies.models import Company, Membership


def tell(
    company: Company,
    *,
    opened: Sequence[Alert],
    cleared: Sequence[Alert],
    members: Sequence[Membership],
    now: datetime,
) -> None:
    """Tell of what one sweep opened and cleared at once. The alerts' rules are loaded with their people and endpoints."""
    by_person: dict[str, News] = defaultdict(News)
    for alert in opened:
        for address in addresses_for(alert.rule, alert.code, members):
            by_person[address].add_opened(alert)
    for alert in cleared:
        for address in addresses_for(alert.rule, alert.code, members):
            by_person[address].add_cleared(alert)
    _mail(company, by_person, lambda news: subject_of(news, str(company)))
    told = [(events.OPENED, alert) for alert in opened] + [(events.CLEARED, alert) for alert in cleared]
    deliver(
        [(alert.rule, event, events.alert_data(alert)) for event, alert in told if not _is_own_failure(alert)], now=now
    )


def _is_own_failure(alert: Alert) -> bool:
    """An endpoint is not told that it takes nothing."""
    return alert.code == "webhook_failing" and alert.cause_key == f"webhook_failing:{alert.rule.endpoint_id}"


def tell_digest(
    rule: AlertRule,
    *,
    opened: Sequence[Alert],
    cleared: Sequence[Alert],
    still_open: int,
    members: Sequence[Membership],
    now: datetime,
) -> None:
    """Tell of what happened since the rule's last digest."""
    by_person: dict[str, News] = defaultdict(lambda: News(still_open=still_open))
    for alert in opened:
        for address in addresses_for(rule, alert.code, members):
            by_person[address].add_opened(alert)
    for alert in cleared:
        for address in addresses_for(rule, alert.code, members):
            by_person[address].add_cleared(alert)
    _mail(rule.company, by_person, lambda news: digest_subject(news, str(rule.company), rule.pace), rule=rule)
    data = events.digest_data(rule, opened=list(opened), cleared=list(cleared), still_open=still_open)
    deliver([(rule, events.DIGEST, data)], now=now)


def _mail(
    company: Company, by_person: dict[str, News], subject: Callable[[News], str], *, rule: AlertRule | None = None
) -> None:
    AlertMail.objects.bulk_create(
        [
            AlertMail(company=company, rule=rule, to=address, subject=subject(news), news=news.to_json())
            for address, news in sorted(by_person.items())
        ]
    )
    if by_person:
        waking.wake_mails()


def deliver(told: Sequence[tuple[AlertRule, str, dict[str, Any]]], *, now: datetime) -> None:
    """Write a delivery for each event whose rule has an endpoint that is on."""
    rows = [
        Delivery(endpoint=rule.endpoint, event=event, body=events.envelope(event, data, at=now))
        for rule, event, data in told
        if rule.endpoint and rule.endpoint.enabled and rule.endpoint.removed_at is None
    ]
    Delivery.objects.bulk_create(rows, batch_size=500)
    for endpoint_id in {row.endpoint_id for row in rows}:
        waking.wake_endpoint(endpoint_id)
