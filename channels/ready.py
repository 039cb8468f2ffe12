"""Whether the parts that do the work are alive: the clusters, by their heartbeats, and the dispatcher.

Checks of django-health-check, run one after the other in the request's own thread; ``/readyz`` names the part that is late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from health_check.base import HealthCheck
from health_check.checks import Database
from health_check.exceptions import HealthCheckException, ServiceUnavailable

from channels.models import Heartbeat
from channels.watch import last_beat
from portal.lib import clock


@dataclass
class DatabaseAnswers(Database):
    """The library's question; what the driver said of hosts and ports stays out of a public answer."""

    def run(self) -> None:
        """Raises ServiceUnavailable."""
        try:
            super().run()
        except HealthCheckException as error:
            raise ServiceUnavailable("it does not answer") from error


@dataclass
class ClusterBeats(HealthCheck):
    """A job ran in ``cluster`` within the watchdog's period; a cluster that only lives does not count."""

    cluster: str

    def run(self) -> None:
        """Raises ServiceUnavailable with how late it is."""
        _within_period(last_beat(self.cluster), f"no job ran in the cluster “{self.cluster}”")


@dataclass
class Dispatches(HealthCheck):
    """The dispatcher ran within the watchdog's period: what is due gets queued."""

    def run(self) -> None:
        """Raises ServiceUnavailable with how late it is."""
        last = Heartbeat.objects.aggregate(last=Max("dispatched_at"))["last"]
        _within_period(last, "the dispatcher did not run")


def _within_period(moment: datetime | None, what: str) -> None:
    if moment is None:
        raise ServiceUnavailable(f"{what} yet")
    late = int((clock.now() - moment).total_seconds())
    if late > settings.WATCHDOG_SECONDS:
        raise ServiceUnavailable(f"{what} for {late:,} seconds")


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it was found: ``fault`` is empty while it is well."""

    name: str
    fault: str

    @property
    def is_well(self) -> bool:
        return not self.fault


def clusters() -> list[str]:
    """The names of the job clusters that this installation has."""
    return [settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]]


def web_parts() -> list[Part]:
    """What a web process needs to answer at all."""
    return _ask((("database", DatabaseAnswers()),))


def all_parts() -> list[Part]:
    """The same and the machinery behind it; nothing more is asked while the database is away."""
    web = web_parts()
    if not all(part.is_well for part in web):
        return web
    jobs = [(f"cluster {name}", ClusterBeats(cluster=name)) for name in clusters()]
    return web + _ask((*jobs, ("dispatcher", Dispatches())))


def _ask(checks: Iterable[tuple[str, HealthCheck]]) -> list[Part]:
    return [Part(name, _fault(check)) for name, check in checks]


def _fault(check: HealthCheck) -> str:
    try:
        check.run()
    except HealthCheckException as error:
        return error.message
    return ""
