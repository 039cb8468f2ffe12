"""Serve a simulator over HTTP/1.1 with kept-alive connections, a thread per connection."""

from __future__ import annotations

import signal
import threading
from wsgiref.types import WSGIApplication

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class QuietHandler(WSGIRequestHandler):
    """Keeps connections, sends at once, and writes no line per request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Calls are noted by the simulator itself."""


def build_server(app: WSGIApplication, *, host: str = "127.0.0.1", port: int = 0) -> BaseWSGIServer:
    """A bound server that is not yet serving; its `server_port` is the real one."""
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True  # type: ignore[attr-defined]  # a threaded one has them
    return server


def serve(app: WSGIApplication, *, host: str = "127.0.0.1", port: int = 0) -> None:
    """Serve until SIGTERM or Ctrl-C; prints `listening on http://HOST:PORT` once the port is open."""
    server = build_server(app, host=host, port=port)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"listening on http://{host}:{server.server_port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
