"""The outermost WSGI layer: reads the whole request, plays armed faults, notes each call.

Over HTTP a cut really closes the socket. In process the adapter turns `ConnectionCut` and `Stalled` into the
exceptions that `requests` would raise.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Response

from channels.simkit.clock import SimClock
from channels.simkit.faults import Fault, Faults

IN_PROCESS = "simkit.in_process"
CALLS_KEPT = 50_000

_HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


class ConnectionCut(ConnectionAbortedError):
    """The connection ends without an answer."""


class Stalled(ConnectionAbortedError):
    """The caller waits `seconds` and gets nothing."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer for {seconds} s")
        self.seconds = seconds


class CallLog:
    """What was called, newest last, bounded."""

    def __init__(self, kept: int = CALLS_KEPT) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=kept)
        self._lock = threading.Lock()

    def note(self, call: dict[str, Any]) -> None:
        """Add one."""
        with self._lock:
            self._calls.append(call)

    def listed(self, store: str | None = None) -> list[dict[str, Any]]:
        """All calls, or those of one store."""
        with self._lock:
            return [call for call in self._calls if store is None or call["store"] == store]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._calls.clear()


class Wire:
    """WSGI middleware around a simulator.

    `store_of(environ)` names the store of an API call, None for pages and the state door, which no fault touches.
    `stalls(environ)` tells for how many seconds a store that is down keeps a caller waiting, 0 when it is not.
    `answer(name, environ)` makes the vendor's answer for `rate_limited`, `rate_limited_bare`, `unavailable` and
    `error_after`.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        clock: SimClock,
        faults: Faults,
        calls: CallLog,
        store_of: Callable[[WSGIEnvironment], str | None],
        answer: Callable[[str, WSGIEnvironment], Response],
        stalls: Callable[[WSGIEnvironment], float] = lambda environ: 0.0,
    ) -> None:
        self._app, self._clock, self._faults, self._calls = app, clock, faults, calls
        self._store_of, self._answer, self._stalls = store_of, answer, stalls

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _read_body(environ)
        store = self._store_of(environ)
        if store is None:
            return self._app(environ, start_response)
        began = time.perf_counter()
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        fault = self._faults.strike(method=method, path=path, store=store)
        call = {
            "store": store,
            "method": method,
            "path": path,
            "query": environ.get("QUERY_STRING", ""),
            "status": 0,
            "fault": fault.name if fault else None,
            "at": self._clock.now().isoformat(),
            "ms": 0.0,
        }
        try:
            response = self._respond(environ, fault)
            call["status"] = response.status_code
        finally:
            call["ms"] = round((time.perf_counter() - began) * 1000, 1)
            self._calls.note(call)
        response.date = self._clock.now()
        return response(environ, start_response)

    def _respond(self, environ: WSGIEnvironment, fault: Fault | None) -> Response:
        if (seconds := self._stalls(environ)) > 0:
            raise _stall(environ, seconds)
        if fault is None:
            return Response.from_app(self._app, environ, buffered=True)
        if not fault.is_after:
            return self._before(environ, fault)
        return self._after(environ, fault, Response.from_app(self._app, environ, buffered=True))

    def _before(self, environ: WSGIEnvironment, fault: Fault) -> Response:
        if fault.name == "cut_before":
            raise _cut(environ)
        if fault.name == "timeout":
            raise _stall(environ, fault.seconds)
        if fault.name == "html":
            return Response(_HTML, status=502, mimetype="text/html")
        return self._answer(fault.name, environ)

    def _after(self, environ: WSGIEnvironment, fault: Fault, response: Response) -> Response:
        if fault.name == "cut_after":
            raise _cut(environ)
        if fault.name == "timeout":
            raise _stall(environ, fault.seconds)
        if fault.name == "error_after":
            return self._answer(fault.name, environ)
        body = response.get_data()
        if fault.name == "truncated":
            response.response = _half(body, environ)
        else:
            response.response = _drip(body, 0 if IN_PROCESS in environ else fault.seconds)
        response.headers["Content-Length"] = str(len(body))
        return response


def _read_body(environ: WSGIEnvironment) -> None:
    """Take the whole body off the socket, so that a kept-alive connection stays in step whatever the app reads."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    chunked = environ.get("wsgi.input_terminated")
    body = environ["wsgi.input"].read() if chunked else environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))


def _cut(environ: WSGIEnvironment) -> ConnectionCut:
    _close(environ)
    return ConnectionCut("cut by a fault")


def _stall(environ: WSGIEnvironment, seconds: float) -> Stalled:
    if IN_PROCESS not in environ:
        time.sleep(seconds)
        _close(environ)
    return Stalled(seconds)


def _close(environ: WSGIEnvironment) -> None:
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is None:
        return
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the caller was faster
        return


def _half(body: bytes, environ: WSGIEnvironment) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    _close(environ)


def _drip(body: bytes, seconds: float) -> Iterator[bytes]:
    size = max(1, len(body) // 20)
    for start in range(0, len(body), size):
        time.sleep(seconds / 20)
        yield body[start : start + size]
