"""What Prometheus reads: how deep the queues are, how old their oldest entry is, who is alive, how integrations do.

Every figure is counted when it is asked for, from indexed columns, in a bounded number of queries; labels are states and names of steps, never tenants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet
from django_q.models import OrmQ
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from channels import vitals
from channels.alerts.metrics import AlertCollector
from channels.budget import blocked_count
from channels.function_status import read_all
from channels.models import (
    Integration,
    Level,
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
        words = "Integrations whose store asked us to slow down"
        yield _value("tradelane_rate_limited_integrations", words, blocked_count(clock.now()))
        problems = Problem.objects.filter(state=ProblemState.OPEN)
        yield _by("tradelane_problems", "Open problems, by cause", problems, "code")
        snoozed = Problem.objects.snoozed().count()
        yield _value("tradelane_problems_snoozed", "Open problems that somebody put off", snoozed)
        yield self._overdue()
        yield from self._vitals()
        yield from self._functions()

    def _overdue(self) -> GaugeMetricFamily:
        runnable = StepState.objects.filter(integration__enabled=True, integration__removed_at=None)
        good = runnable.filter(last_result=RunResult.OK).order_by().values("step").annotate(last=Max("last_run_at"))
        gauge = GaugeMetricFamily(
            "tradelane_step_last_good_seconds", "Time since any integration ran this step well", labels=["step"]
        )
        for row in good:
            gauge.add_metric([row["step"]], _since(row["last"]))
        return gauge

    def _vitals(self) -> Iterator[GaugeMetricFamily]:
        """The same signs of life that the health pages read."""
        beats, clocks = vitals.beats(), vitals.clocks()
        ages = {cluster: _since(at) for cluster, at in beats.last.items()}
        yield _table("tradelane_heartbeat_age_seconds", "Time since a cluster ran a job", "cluster", ages)
        alive = {name: float(beats.processes.get(name, 0)) for name in vitals.clusters()}
        words = "Cluster processes that gave a sign of life within the watchdog's period"
        yield _table("tradelane_cluster_processes", words, "cluster", alive)
        yield _age("tradelane_dispatch_age_seconds", "Time since the dispatcher ran", beats.dispatched_at)
        oldest = {queue.cluster: queue.oldest_seconds for queue in vitals.queues()}
        yield _table("tradelane_queue_oldest_seconds", "Age of the oldest job that nobody took", "cluster", oldest)
        yield _value("tradelane_leases_stale", "Steps held by workers that are gone", vitals.stale_leases())
        offsets = {"database": clocks.database, "stores": clocks.stores, "largest_store": clocks.largest_store}
        yield _table("tradelane_clock_offset_seconds", "By how much other clocks are ahead of ours", "of", offsets)
        yield _value(
            "tradelane_clock_largest_ever_seconds", "Largest difference of a store ever", vitals.largest_ever()
        )

    def _functions(self) -> Iterator[GaugeMetricFamily]:
        """What the public status page says."""
        readings = read_all()
        levels = {one.function.key: float(list(Level).index(one.level)) for one in readings}
        yield _table("tradelane_function_level", "0 works, 1 slow, 2 stopped", "function", levels)
        ages = {one.function.key: one.late_seconds for one in readings}
        yield _table("tradelane_function_oldest_seconds", "Age of the oldest work that is due", "function", ages)


def registry() -> CollectorRegistry:
    """A registry with the engine's gauges."""
    made = CollectorRegistry(auto_describe=False)
    made.register(PortalCollector())
    made.register(AlertCollector())
    return made


def _by(name: str, words: str, rows: QuerySet, field: str) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[field])
    for value, number in rows.order_by().values_list(field).annotate(number=Count("pk")):
        gauge.add_metric([str(value)], number)
    return gauge


def _table(name: str, words: str, label: str, figures: Mapping[str, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for value, figure in figures.items():
        gauge.add_metric([value], figure)
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
