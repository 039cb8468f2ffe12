"""What programs are told: the types of events and their bodies, as the Standard Webhooks scheme has them (type, timestamp, data)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels.causes import cause_of
from channels.models import Alert, AlertRule
from portal.companies.mails import absolute

OPENED = "alert.opened"
CLEARED = "alert.cleared"
DIGEST = "alert.digest"
TEST = "webhook.test"
EVENTS = (OPENED, CLEARED, DIGEST, TEST)


def envelope(event: str, data: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """The whole body of an event."""
    return {"type": event, "timestamp": at.isoformat(), "data": data}


def alert_data(alert: Alert) -> dict[str, Any]:
    """An alert for a program: amounts are texts by currency, times are UTC."""
    cause = cause_of(alert.code)
    return {
        "alert_id": alert.pk,
        "rule_id": alert.rule_id,
        "rule": alert.rule.name,
        "code": alert.code,
        "cause_key": alert.cause_key,
        "title": alert.title,
        "action": cause.action,
        "count": alert.count,
        "amounts": alert.amounts,
        "integration_id": alert.integration_id,
        "stuck_since": alert.stuck_since.isoformat(),
        "opened_at": alert.opened_at.isoformat(),
        "cleared_at": alert.cleared_at.isoformat() if alert.cleared_at else None,
        "caught_up": alert.caught_up,
        "url": absolute(alert.get_absolute_url()),
    }


def digest_data(rule: AlertRule, *, opened: list[Alert], cleared: list[Alert], still_open: int) -> dict[str, Any]:
    """What happened since the last digest of ``rule``."""
    return {
        "rule_id": rule.pk,
        "rule": rule.name,
        "opened": [alert_data(alert) for alert in opened],
        "cleared": [alert_data(alert) for alert in cleared],
        "still_open": still_open,
    }


def test_data(rule: AlertRule | None) -> dict[str, Any]:
    """A test: names the rule that was tried, None when the endpoint was."""
    return {
        "rule_id": rule.pk if rule else None,
        "rule": rule.name if rule else None,
        "message": "This is a test from Tradelane. Nothing is stuck.",
    }
