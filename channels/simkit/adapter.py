"""A transport for `requests` that runs a WSGI application in process: no socket, no thread, no waiting.

`session.mount("https://api.example.com", WsgiAdapter(app))`: the host and scheme called do not matter to the app.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from http.client import HTTPMessage
from typing import Any
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

from channels.simkit.wire import IN_PROCESS, ConnectionCut, Stalled


class WsgiAdapter(BaseAdapter):
    """Sends each prepared request straight into `app`.

    A cut raises `requests.ConnectionError`, a stall `requests.ReadTimeout`; half a body fails as it would on a socket.
    """

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app
        self._builder = HTTPAdapter()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Run the app and hand back its answer."""
        environ = _environ(request)
        try:
            chunks, status, headers = run_wsgi_app(self._app, environ)
        except ConnectionCut as error:
            raise requests.ConnectionError(str(error), request=request) from error
        except Stalled as error:
            raise requests.ReadTimeout(str(error), request=request) from error
        raw = HTTPResponse(
            body=io.BytesIO(b"".join(chunks)),
            headers=HTTPHeaderDict(list(headers)),
            status=int(status.split(" ", 1)[0]),
            reason=status.split(" ", 1)[-1],
            preload_content=False,
            original_response=_Original(headers),  # type: ignore[arg-type]  # requests reads its headers only
            request_method=request.method,
        )
        return self._builder.build_response(request, raw)

    def close(self) -> None:
        """Nothing is held."""


class _Original:
    """What `requests` looks at for cookies."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self.msg = HTTPMessage()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        """There is no socket."""
        return True

    def close(self) -> None:
        """Nothing is held."""


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b"".join(body)
    builder = EnvironBuilder.from_environ(
        EnvironBuilder(path=str(request.url), method=str(request.method)).get_environ(),
        headers=[(key, value) for key, value in request.headers.items() if key.lower() != "content-length"],
        input_stream=io.BytesIO(data),
        content_length=len(data),
    )
    environ = builder.get_environ()
    environ[IN_PROCESS] = True
    return environ
