"""System checks that refuse a set-up which loses or repeats work."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning, register

from portal.lib.clock import scaled


@register()
def job_queue(app_configs: Any, **_: Any) -> list[Error]:
    """django-q2 must deliver at least once, not repeat running work, and not catch up."""
    errors = []
    main = settings.Q_CLUSTER
    for name, cluster in {"trade": main, **main.get("ALT_CLUSTERS", {})}.items():
        merged = {**main, **cluster}
        errors += _timing(name, merged)
    if main.get("orm") != "default":
        errors.append(Error("Q_CLUSTER must use the ORM broker on the default database.", id="channels.E001"))
    if main.get("catch_up", True) or main.get("ack_failures", False):
        errors.append(Error("Q_CLUSTER needs catch_up and ack_failures off.", id="channels.E002"))
    return errors


def _timing(name: str, cluster: dict[str, Any]) -> list[Error]:
    """``retry`` counts from the fetch: a waiting task must not be delivered again while it waits or runs."""
    needed = cluster["timeout"] * (1 + (cluster["queue_limit"] + 1) / cluster["workers"])
    if cluster["retry"] <= needed:
        return [
            Error(
                f"Q_CLUSTER {name}: retry ({cluster['retry']} s) must be above timeout × (1 + (queue_limit + 1) / workers) = {needed:.0f} s.",
                id="channels.E003",
            )
        ]
    return []


@register()
def persistent_connections(app_configs: Any, **_: Any) -> list[Error]:
    """Without persistent connections the queue drains at a sixth of its speed on PostgreSQL."""
    if settings.DATABASES["default"].get("CONN_MAX_AGE") == 0:
        return [Error("CONN_MAX_AGE must not be 0.", id="channels.E004")]
    if settings.DATABASES["default"].get("ATOMIC_REQUESTS"):
        return [
            Error(
                "ATOMIC_REQUESTS must be off: no transaction is open across a request to the outside.",
                id="channels.E005",
            )
        ]
    return []


@register()
def time_scale(app_configs: Any, **_: Any) -> list[Error]:
    """Time runs faster only where nothing is real."""
    if scaled(1) != 1 and not (settings.SANDBOX or settings.TESTING):
        return [Error("TIME_SCALE is for journeys and drills: it needs TRADELANE_SANDBOX.", id="channels.E006")]
    return []


@register(deploy=True)
def outgoing_address(app_configs: Any, **_: Any) -> list[Warning]:
    """Suppliers' firewalls let in one published address: it must be set, and be one."""
    if not settings.OUTGOING_ADDRESS.strip():
        hint = "Set OUTGOING_ADDRESS to the address that all our requests come from (several: with commas between)."
        return [
            Warning("OUTGOING_ADDRESS is empty: stores behind a firewall cannot let us in.", hint, id="channels.W001")
        ]
    strange = [part for part in settings.OUTGOING_ADDRESS.split(",") if not _is_network(part.strip())]
    if strange:
        return [Warning(f"OUTGOING_ADDRESS names what is no IP address: {', '.join(strange)}.", id="channels.W002")]
    return []


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True
