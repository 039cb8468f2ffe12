"""The environment of a sandbox or journey, made before Django reads its settings.

``prepare(argv)`` is called by ``manage.py``: the sandbox's secrets are made once and kept in an untracked file; a journey gets a
throw-away folder, free ports and a database of its own.
"""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Commands that run on the sandbox of this folder, and commands that make a world of their own and throw it away.
ON_SANDBOX = frozenset({"devserver", "prepare_sandbox", "screenshots", "help_pictures"})
THROW_AWAY = frozenset({"journey", "drill", "bench", "flashsale"})
# Benches measure in real time; the others need not wait for a store's windows.
TIME_SCALES = {"bench": "1"}
PORTS = range(20_000, 32_000)


def prepare(argv: list[str]) -> None:
    """Set what the command in ``argv`` needs; other commands are left alone."""
    command = argv[1] if len(argv) > 1 else ""
    if command in ON_SANDBOX:
        os.environ.setdefault("TRADELANE_SANDBOX", "1")
        ensure_secrets(Path(os.environ.get("TRADELANE_VAR") or ROOT / "var"))
        use_port(int(_option(argv, "--port", "8000")))
    elif command in THROW_AWAY:
        _throw_away(argv)


def use_port(port: int) -> None:
    """The portal's address and those of its simulators, side by side."""
    os.environ.setdefault("PORTAL_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("SANDBOX_BIGCOMMERCE_URL", f"http://127.0.0.1:{port + 101}")
    os.environ.setdefault("SANDBOX_SHIFT4SHOP_URL", f"http://127.0.0.1:{port + 102}")


def ensure_secrets(var: Path) -> None:
    """Make the sandbox's own secrets, once; they never leave the folder that git does not track."""
    from cryptography.fernet import Fernet

    var.mkdir(parents=True, exist_ok=True)
    file = var / "demo.env"
    if not file.exists():
        file.write_text(
            f"TRADELANE_SANDBOX=1\nSECRET_KEY={secrets.token_urlsafe(48)}\nFIELD_ENCRYPTION_KEYS={Fernet.generate_key().decode()}\n"
        )
        file.chmod(0o600)


def free_port() -> int:
    """A port that nobody listens on just now. It is below those that systems give to outgoing connections: one of them could be taken before it is
    used."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def _throw_away(argv: list[str]) -> None:
    """A new folder, database and free ports; kept after the end only with ``--keep``."""
    var = Path(tempfile.mkdtemp(prefix="tradelane-"))
    os.environ["TRADELANE_VAR"] = str(var)
    os.environ["TRADELANE_SANDBOX"] = "1"
    os.environ["TIME_SCALE"] = _option(argv, "--time-scale", TIME_SCALES.get(argv[1], "20"))
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    # Waits at a store's limit pass as slowly as time does.
    os.environ.setdefault("WATCHDOG_SECONDS", str(max(45, int(180 / float(os.environ["TIME_SCALE"])))))
    for name in ("PORTAL_URL", "SANDBOX_BIGCOMMERCE_URL", "SANDBOX_SHIFT4SHOP_URL"):
        os.environ[name] = f"http://127.0.0.1:{free_port()}"
    ensure_secrets(var)
    # Its integrations are numbered from 1 like those of every other database that shares the Redis.
    os.environ["REDIS_PREFIX"] = var.name
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ["DATABASE_URL"] = _new_postgres(os.environ["DATABASE_URL"], var.name)
    else:
        os.environ.pop("DATABASE_URL", None)


def _new_postgres(url: str, name: str) -> str:
    """A database of its own beside the one that ``url`` names."""
    import psycopg

    database = name.replace("-", "_").lower()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')  # the name is made here, never given
    os.environ["TRADELANE_DROP_DATABASE"] = url
    return f"{url.rsplit('/', 1)[0]}/{database}"


def _option(argv: list[str], name: str, default: str) -> str:
    for index, word in enumerate(argv):
        if word == name and index + 1 < len(argv):
            return argv[index + 1]
        if word.startswith(f"{name}="):
            return word.split("=", 1)[1]
    return default
