"""Deliveries: sent from their rows by one job an endpoint, every try written down, sent again on request."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from channels.alerts import errands, signing, waking
from channels.alerts.posting import Outcome, post
from channels.alerts.secrets import live_secrets
from channels.models import Delivery, DeliveryAttempt, ErrandState, WebhookEndpoint
from channels.problems import raise_problem, resolve_record
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

# A job ends after so long and leaves the rest to the next one, so that a slow receiver holds no worker.
BUDGET_SECONDS = 40.0
# So many tries in a row that failed end the job as well.
MOST_FAILURES = 3
_HEADER_SHOWN = 300


def send_due(endpoint_id: int) -> int:
    """Send what is due to one endpoint, the oldest first; how many arrived."""
    WebhookEndpoint.objects.filter(pk=endpoint_id).update(queued_at=None)
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, enabled=True, removed_at=None).first()
    if endpoint is None:
        return 0
    ends, bad, good = time.monotonic() + BUDGET_SECONDS, 0, 0
    while bad < MOST_FAILURES and time.monotonic() < ends and (row := _next(endpoint)):
        if send(row, endpoint):
            good, bad = good + 1, 0
        else:
            bad += 1
    return good


def _next(endpoint: WebhookEndpoint) -> Delivery | None:
    """Claim the delivery that is due first; None when nothing is."""
    due = endpoint.deliveries.filter(state=ErrandState.WAITING, not_before__lte=clock.now())
    for row in due.order_by("not_before", "pk")[:5]:
        if errands.take(row):
            return row
    return None


def send(row: Delivery, endpoint: WebhookEndpoint) -> bool:
    """Try one claimed delivery, write the try down and settle the row; whether it arrived."""
    body = json.dumps(row.body, separators=(",", ":"), sort_keys=True).encode()
    timestamp = int(clock.now().timestamp())
    headers = signing.headers_for(row.event_id, timestamp=timestamp, body=body, secrets=live_secrets(endpoint))
    outcome = post(endpoint.url, body, headers)
    _note(row, endpoint, headers, outcome)
    return settle(row, endpoint, outcome)


def settle(row: Delivery, endpoint: WebhookEndpoint, outcome: Outcome) -> bool:
    """What came of a try, on the claimed row and on its endpoint; whether it arrived."""
    if outcome.is_good:
        errands.arrived(row, answer=outcome.words)
        _note_good(endpoint)
        return True
    if outcome.is_final:
        errands.failed(row, answer=outcome.words)
        _note_failed(endpoint, outcome)
    elif not errands.postpone(row, answer=outcome.words, until=outcome.retry_at):
        _note_failed(endpoint, outcome)
    return False


def _note(row: Delivery, endpoint: WebhookEndpoint, headers: dict[str, str], outcome: Outcome) -> None:
    DeliveryAttempt.objects.create(
        delivery=row,
        url=endpoint.url,
        request_headers={name: value[:_HEADER_SHOWN] for name, value in headers.items()},
        status=outcome.status,
        response_headers=dict(outcome.headers),
        response_body=outcome.body,
        error=outcome.error[:300],
        milliseconds=outcome.milliseconds,
    )


def _note_good(endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failures=0, last_sent_at=clock.now())
    if endpoint.failures:
        endpoint.failures = 0
        resolve_record(endpoint, resolution="It takes our webhooks again.", code="webhook_failing")


def _note_failed(endpoint: WebhookEndpoint, outcome: Outcome) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failures=F("failures") + 1)
    endpoint.failures += 1
    raise_problem(
        endpoint.company_id,
        "webhook_failing",
        f"The webhook {endpoint.name} did not take an event. Its last answer: {outcome.words}.",
        record=endpoint,
        record_name=endpoint.name,
        cause_key=f"webhook_failing:{endpoint.pk}",
        detail=outcome.body,
    )


def resend(row: Delivery) -> None:
    """Send one delivery again, under the same event id. Raises Conflict while it is on its way, DomainError when its endpoint is off."""
    _refuse_if_off(row.endpoint)
    if not errands.send_again([row]):
        raise Conflict("It is on its way already.")
    waking.wake_endpoint(row.endpoint_id)


def resend_many(endpoint: WebhookEndpoint, rows: Sequence[Delivery]) -> int:
    """Send several of one endpoint again; those on their way are left alone. How many. Raises DomainError when the endpoint is off."""
    _refuse_if_off(endpoint)
    number = errands.send_again(rows)
    if number:
        waking.wake_endpoint(endpoint.pk)
    return number


def resend_since(endpoint: WebhookEndpoint, since: datetime, *, only_failed: bool = True) -> int:
    """Send again what was made since a moment (aware): what failed, or everything; how many. Raises DomainError when the endpoint is off."""
    _refuse_if_off(endpoint)
    states = [ErrandState.FAILED] if only_failed else [ErrandState.FAILED, ErrandState.SENT]
    number = endpoint.deliveries.filter(created_at__gte=since, state__in=states).update(**errands.as_new())
    if number:
        waking.wake_endpoint(endpoint.pk)
    return number


def resend_failed(endpoint: WebhookEndpoint, *, since: datetime) -> int:
    """Send again what was given up since a moment (aware), however old the event is; how many. Raises DomainError when the endpoint is off."""
    _refuse_if_off(endpoint)
    number = endpoint.deliveries.filter(state=ErrandState.FAILED, finished_at__gte=since).update(**errands.as_new())
    if number:
        waking.wake_endpoint(endpoint.pk)
    return number


def _refuse_if_off(endpoint: WebhookEndpoint) -> None:
    if not endpoint.enabled or endpoint.removed_at:
        raise DomainError(f"{endpoint.name} is switched off. Switch it on first; what waits then goes out by itself.")
