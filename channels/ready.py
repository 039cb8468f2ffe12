"""Whether everything works, part by part: the database, then the machinery by its own signs of life (``channels.vitals``).

``/readyz`` names the part that is late; ``/healthz`` asks for what a web process itself needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from health_check.checks import Database
from health_check.exceptions import HealthCheckException

from channels import vitals


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it was found: ``fault`` is empty while it is well."""

    name: str
    fault: str

    @property
    def is_well(self) -> bool:
        return not self.fault


def web_parts() -> list[Part]:
    """What a web process needs to answer at all."""
    return [Part("database", _database_fault())]


def _database_fault() -> str:
    """The library's question; what the driver said of hosts and ports stays out of a public answer."""
    try:
        Database().run()
    except HealthCheckException:
        return "it does not answer"
    return ""


def all_parts() -> list[Part]:
    """The same and the machinery behind it; nothing more is asked while the database is away."""
    web = web_parts()
    if not all(part.is_well for part in web):
        return web
    beats = vitals.beats()
    return [
        *web,
        *(Part(f"cluster {name}", beats.cluster_fault(name)) for name in vitals.clusters()),
        Part("dispatcher", beats.dispatch_fault),
        *(Part(f"queue {queue.cluster}", queue.fault) for queue in vitals.queues()),
        Part("leases", vitals.lease_fault()),
        Part("clock", vitals.clocks().fault),
    ]
