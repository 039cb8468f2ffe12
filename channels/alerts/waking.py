"""Asking for work: rows hold what must be sent, these only queue somebody to look at them. A wish that is lost is made again by the dispatcher."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django_q.tasks import async_task

from channels.models import AlertMail, Delivery, ErrandState, WebhookEndpoint
from portal.lib import clock

# A wish that nobody took up for so long was lost with its queue.
LOST_AFTER = timedelta(minutes=5)
_SWEEP, _MAILS = "alerts-sweep-queued", "alerts-mails-queued"


def wake_all() -> None:
    """Every minute, by the dispatcher: a sweep, and whatever is due to be sent."""
    _queue_once(_SWEEP, "channels.alerts.jobs.sweep_now", "alerts")
    if AlertMail.objects.filter(state=ErrandState.WAITING, not_before__lte=clock.now()).exists():
        _queue_once(_MAILS, "channels.alerts.jobs.send_mails", "alert mails")
    for endpoint_id in endpoints_with_work():
        queue_endpoint(endpoint_id)


def wake_mails() -> None:
    """Mails are sent as soon as this transaction is committed."""
    transaction.on_commit(lambda: _queue_once(_MAILS, "channels.alerts.jobs.send_mails", "alert mails"))


def wake_endpoint(endpoint_id: int) -> None:
    """Its deliveries are sent as soon as this transaction is committed."""
    transaction.on_commit(lambda: queue_endpoint(endpoint_id))


def queue_endpoint(endpoint_id: int) -> bool:
    """Queue one endpoint's sender, once: a second wish before it starts is the same wish. Whether this call queued it."""
    now = clock.now()
    fresh = (
        WebhookEndpoint.objects.filter(pk=endpoint_id)
        .filter(Q(queued_at=None) | Q(queued_at__lt=now - LOST_AFTER))
        .update(queued_at=now)
    )
    if fresh:
        async_task(
            "channels.alerts.jobs.send_deliveries",
            endpoint_id,
            cluster="trade",
            task_name=f"webhook {endpoint_id}",
        )
    return bool(fresh)


def endpoints_with_work() -> list[int]:
    """Ids of the endpoints that have something due."""
    due = Delivery.objects.filter(endpoint=OuterRef("pk"), state=ErrandState.WAITING, not_before__lte=clock.now())
    rows = WebhookEndpoint.objects.filter(enabled=True, removed_at=None).filter(Exists(due))
    return list(rows.values_list("pk", flat=True))


def begun(key: str) -> None:
    """A job that takes up a wish says so first, so that what comes meanwhile is a new wish."""
    cache.delete(key)


def sweep_begun() -> None:
    begun(_SWEEP)


def mails_begun() -> None:
    begun(_MAILS)


def _queue_once(key: str, function: str, name: str) -> None:
    if cache.add(key, 1, timeout=int(LOST_AFTER.total_seconds())):
        async_task(function, cluster="trade", task_name=name)
