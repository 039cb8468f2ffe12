"""Forgetting: settled mails and deliveries after a month, alerts that are over after a year, a thousand at a time."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from channels.models import Alert, AlertMail, Delivery, ErrandState
from portal.lib import clock

KEEP_ERRANDS = timedelta(days=30)
KEEP_ALERTS = timedelta(days=365)
AT_ONCE = 1000


def prune() -> int:
    """Forget what is old; how many rows, without what hangs on them."""
    now = clock.now()
    over = (ErrandState.SENT, ErrandState.FAILED, ErrandState.UNKNOWN)
    settled = {"state__in": over, "finished_at__lt": now - KEEP_ERRANDS}
    return (
        _forget(Delivery.objects.filter(**settled))
        + _forget(AlertMail.objects.filter(**settled))
        + _forget(Alert.objects.filter(cleared_at__lt=now - KEEP_ALERTS))
    )


def _forget(rows: QuerySet) -> int:
    ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    if ids:
        rows.model.objects.filter(pk__in=ids).delete()
    return len(ids)
