"""The command line that all simulators share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any
from wsgiref.types import WSGIApplication

from channels.simkit.server import serve


def _pair(text: str) -> tuple[str, str]:
    name, separator, address = text.partition("=")
    if not separator or not address.startswith("http://"):
        raise argparse.ArgumentTypeError("give it as HOST=http://ADDRESS:PORT")
    return name, address


def run(kind: str, create_app: Callable[..., WSGIApplication], arguments: Sequence[str] | None = None) -> None:
    """Read the options, create the application and serve it until it is told to stop."""
    parser = argparse.ArgumentParser(prog=f"python -m channels.connectors.{kind}.simulator")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and prints it")
    parser.add_argument("--state", default=":memory:", help="SQLite file")
    parser.add_argument("--time-scale", type=float, default=1.0, help="20 makes a window of 30 s last 1.5 s")
    parser.add_argument("--map", type=_pair, action="append", default=[], help="webhook host, HOST=http://ADDRESS:PORT")
    parser.add_argument("--no-hooks", action="store_true", help="queue webhooks but send none")
    options: Any = parser.parse_args(arguments)
    app = create_app(
        state=options.state,
        time_scale=options.time_scale,
        hook_hosts=dict(options.map),
        deliver_hooks=not options.no_hooks,
    )
    serve(app, host=options.host, port=options.port)
