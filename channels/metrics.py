"""What Prometheus reads: how deep the queues are, how old their oldest entry is, who is alive, how integrations do.

Every figure is counted when it is asked for, from indexed columns, in a bounded number of queries; labels are states and names of steps, never tenants.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet
from django_q.models import OrmQ
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from channels.models import (
    Heartbeat,
    Integration,
    Outbound,
    OutboundState,
    Problem,
    ProblemState,
    Receipt,
    ReceiptState,
    RunResult,
    StepState,
)
from channels.models.outbox import LIVE_STATES
from portal.lib import clock


class PortalCollector(Collector):
    """The gauges of the engine."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _by("tradelane_queue_jobs", "Jobs queued, by cluster", OrmQ.objects.all(), "key")
        live = Outbound.objects.filter(state__in=LIVE_STATES)
        yield _by("tradelane_outbound", "Changes that still have to reach a store, by state", live, "state")
        yield _age("tradelane_outbound_oldest_seconds", "Age of the oldest change that waits", _oldest(live))
        waiting = Receipt.objects.filter(state=ReceiptState.WAITING)
        yield _value("tradelane_receipts_waiting", "Webhooks that wait to be handled", waiting.count())
        oldest = waiting.aggregate(first=Min("received_at"))["first"]
        yield _age("tradelane_receipts_oldest_seconds", "Age of the oldest webhook that waits", oldest)
        in_use = Integration.objects.filter(removed_at=None, is_sandbox=False)
        yield _by("tradelane_integrations", "Live integrations, by health", in_use.filter(enabled=True), "health")
        problems = Problem.objects.filter(state=ProblemState.OPEN)
        yield _by("tradelane_problems", "Open problems, by cause", problems, "code")
        yield self._overdue()
        yield self._beats()

    def _overdue(self) -> GaugeMetricFamily:
        runnable = StepState.objects.filter(integration__enabled=True, integration__removed_at=None)
        good = runnable.filter(last_result=RunResult.OK).order_by().values("step").annotate(last=Max("last_run_at"))
        gauge = GaugeMetricFamily(
            "tradelane_step_last_good_seconds", "Time since any integration ran this step well", labels=["step"]
        )
        for row in good:
            gauge.add_metric([row["step"]], _since(row["last"]))
        return gauge

    def _beats(self) -> GaugeMetricFamily:
        gauge = GaugeMetricFamily(
            "tradelane_heartbeat_age_seconds", "Time since a cluster ran a job", labels=["cluster"]
        )
        for cluster, at in Heartbeat.objects.values_list("cluster", "beat_at"):
            gauge.add_metric([cluster], _since(at))
        return gauge


def registry() -> CollectorRegistry:
    """A registry with the engine's gauges."""
    made = CollectorRegistry(auto_describe=False)
    made.register(PortalCollector())
    return made


def _by(name: str, words: str, rows: QuerySet, field: str) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[field])
    for value, number in rows.order_by().values_list(field).annotate(number=Count("pk")):
        gauge.add_metric([str(value)], number)
    return gauge


def _value(name: str, words: str, number: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=number)


def _age(name: str, words: str, moment: datetime | None) -> GaugeMetricFamily:
    return _value(name, words, _since(moment) if moment else 0)


def _oldest(live: QuerySet[Outbound]) -> datetime | None:
    """Since when the oldest due change waits; what a store's outage postponed counts from its beginning too."""
    return live.exclude(state=OutboundState.SENDING).aggregate(first=Min("created_at"))["first"]


def _since(moment: datetime) -> float:
    return (clock.now() - moment).total_seconds()
