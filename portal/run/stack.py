"""What belongs to a running sandbox: web, two job clusters, and one simulator a channel."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from portal.run.processes import Child

SIMULATED = ("bigcommerce", "shift4shop")


def port_of(url: str) -> int:
    return urlsplit(url).port or 80


def is_taken(port: int) -> bool:
    """Whether somebody listens on ``port`` of this machine already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def children(*, logs: Path | None = None, clusters: int = 1) -> list[Child]:
    """The processes of a sandbox; with ``logs`` each writes to a file of its own there."""
    logs_of = (lambda name: logs / f"{name}.log") if logs else (lambda name: None)
    if logs:
        logs.mkdir(parents=True, exist_ok=True)
    simulators = [_simulator(kind, logs_of(kind)) for kind in SIMULATED]
    workers = [
        Child(
            name=f"jobs-{name}-{number}",
            command=[sys.executable, "manage.py", "qcluster"],
            environment={"Q_CLUSTER_NAME": name},
            log=logs_of(f"jobs-{name}-{number}"),
            cluster=name,
        )
        for number in range(clusters)
        for name in ("trade", "bulk")
    ]
    return [*simulators, _web(logs_of("web")), *workers]


def _web(log: Path | None) -> Child:
    bind = f"127.0.0.1:{port_of(settings.PORTAL_URL)}"
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", bind, "--worker-class", "gthread"]
    return Child(
        name="web",
        command=[*command, "--workers", "1", "--threads", "8", "--timeout", "60", "--log-level", "warning"],
        log=log,
        essential=True,
    )


def _simulator(kind: str, log: Path | None) -> Child:
    url = settings.CHANNEL_HOSTS[kind]["sandbox"]["api"]
    host = urlsplit(settings.WEBHOOK_BASE_URL).hostname
    command = [sys.executable, "-m", f"channels.connectors.{kind}.simulator", "--port", str(port_of(url))]
    command += ["--state", str(settings.VAR_DIR / f"{kind}.sqlite3"), "--time-scale", str(settings.TIME_SCALE)]
    command += ["--map", f"{host}={settings.PORTAL_URL}", *_app_options(kind)]
    return Child(name=kind, command=command, log=log, essential=True)


def _app_options(kind: str) -> list[str]:
    """What the platform knows of our own application, where it keeps one."""
    app = settings.CHANNEL_APPS[kind]["sandbox"]
    if "public_key" not in app:
        return []
    return [
        *("--public-key", app["public_key"], "--private-key", app["private_key"]),
        *("--redirect-uri", f"{settings.PORTAL_URL}/integrations/return/{kind}/"),
        *("--callback-url", f"{settings.PORTAL_URL}/integrations/callback/{kind}/"),
    ]
