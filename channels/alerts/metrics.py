"""What Prometheus reads of alerts: how many are open, and what of mails and webhooks waits or failed. Labels are states, never tenants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from channels.models import Alert, AlertMail, Delivery, ErrandState
from portal.lib import clock

# Settled deliveries are kept for a month; the figure is of the last day.
_RECENT = timedelta(days=1)


class AlertCollector(Collector):
    """The gauges of alerts. Each is counted when it is asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        opened = Alert.objects.filter(cleared_at=None).count()
        yield GaugeMetricFamily("tradelane_alerts_open", "Alerts that are open", value=opened)
        yield _by_state(
            "tradelane_alert_mails", "Mails of alerts that wait, or failed within a day", AlertMail.objects.all()
        )
        yield _by_state(
            "tradelane_deliveries", "Webhook deliveries that wait, or failed within a day", Delivery.objects.all()
        )
        words = "Age of the oldest webhook delivery that is due"
        yield GaugeMetricFamily("tradelane_deliveries_oldest_seconds", words, value=_oldest_due())


def _by_state(name: str, words: str, rows: QuerySet) -> GaugeMetricFamily:
    """Waiting, sending, unknown and lately failed rows; 0 where there are none, so that an alarm can rest on the figure."""
    states = (ErrandState.WAITING, ErrandState.SENDING, ErrandState.UNKNOWN, ErrandState.FAILED)
    is_recent = Q(finished_at=None) | Q(finished_at__gte=clock.now() - _RECENT)
    wanted = Q(state__in=states[:2]) | (Q(state__in=states[2:]) & is_recent)
    found = dict(rows.filter(wanted).order_by().values_list("state").annotate(number=Count("pk")))
    gauge = GaugeMetricFamily(name, words, labels=["state"])
    for state in states:
        gauge.add_metric([state.value], found.get(state.value, 0))
    return gauge


def _oldest_due() -> float:
    """Seconds since when the oldest due delivery of an endpoint that is on waits; 0 without any."""
    now = clock.now()
    due = Delivery.objects.filter(state=ErrandState.WAITING, not_before__lte=now, endpoint__enabled=True)
    first: datetime | None = due.aggregate(first=Min("not_before"))["first"]
    return (now - first).total_seconds() if first else 0.0
