"""A webhook whose receiver was mended: switched on, and everything that it did not take sent again with one click."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from channels.alerts import deliveries, endpoints
from channels.models import WebhookEndpoint
from portal.companies.models import User
from portal.lib.errors import Conflict

# An event is written down as failed a moment before the problem that tells of it.
MOMENT = timedelta(minutes=1)


@transaction.atomic
def revive(endpoint: WebhookEndpoint, *, failing_since: datetime, by: User | None) -> int:
    """Send again, under their ids, the events that failed since ``failing_since`` (aware); how many, 0 where a test is sent instead.

    Switches the endpoint on where it is off. Raises Conflict for one that was removed.
    """
    if endpoint.removed_at:
        raise Conflict(f"{endpoint.name} was removed. Make a new webhook under Alerts › Webhooks.")
    if not endpoint.enabled:
        endpoints.switch(endpoint, enabled=True, by=by)
    number = deliveries.resend_failed(endpoint, since=failing_since - MOMENT)
    if not number:
        endpoints.send_test(endpoint)
    return number
