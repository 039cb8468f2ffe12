"""One POST to an endpoint: through a transport that connects only to public addresses, reads little, and follows nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from channels.alerts.targets import ForbiddenTarget, allowed_address
from channels.http import retry_after

USER_AGENT = "Tradelane-Webhooks/1.0"
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 10.0, 20.0
# So much of an answer is read and kept.
KEPT = 2_000
# What a receiver may say for a while although the request was right.
TRANSIENT = frozenset({408, 409, 425, 429})


class _Guarded:
    """Connects to an address that was checked, whatever the name says a moment later."""

    _dns_host: str
    port: int

    def _new_conn(self) -> Any:
        name, self._dns_host = self._dns_host, allowed_address(self._dns_host, self.port)
        try:
            return super()._new_conn()  # type: ignore[misc]  # of the connection beside it
        finally:
            self._dns_host = name


class _GuardedHttp(_Guarded, HTTPConnection):
    pass


class _GuardedHttps(_Guarded, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHttps


class GuardedAdapter(HTTPAdapter):
    """A transport without a way into our own network."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try. ``status`` is None without an answer; then ``error`` says why. ``retry_at`` is what they asked for."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    error: str = ""
    milliseconds: int = 0
    retry_at: datetime | None = None
    is_forbidden: bool = False

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether trying again cannot help: a refusal, a redirect, an address that we never call."""
        if self.is_forbidden:
            return True
        return self.status is not None and 300 <= self.status < 500 and self.status not in TRANSIENT

    @property
    def words(self) -> str:
        """For the log: "200" or "no answer: timed out"."""
        return str(self.status) if self.status is not None else f"no answer: {self.error}"


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send ``body`` (JSON) to ``url`` once. Never raises for what the other side does."""
    started = time.monotonic()
    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, GuardedAdapter())
    try:
        with session.post(
            url,
            data=body,
            headers={"Content-Type": "application/json", "User-Agent": USER_AGENT, **headers},
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            return Outcome(
                response.status_code,
                _kept(response.headers),
                _beginning(response, started),
                milliseconds=_since(started),
                retry_at=_asked(response.headers),
            )
    except ForbiddenTarget as error:
        return Outcome(error=str(error), milliseconds=_since(started), is_forbidden=True)
    except (requests.RequestException, OSError, UnicodeError) as error:
        return Outcome(error=_why(error), milliseconds=_since(started))
    finally:
        session.close()


def _beginning(response: requests.Response, started: float) -> str:
    """The first characters of an answer, however long it is and however slowly it comes."""
    text = b""
    try:
        for chunk in response.iter_content(512):
            text += chunk
            if len(text) >= KEPT or time.monotonic() - started > WHOLE_SECONDS:
                break
    except (requests.RequestException, OSError):
        # The status is the answer; what broke off after it changes nothing.
        pass
    return text[:KEPT].decode("utf-8", "replace").replace("\x00", "")


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers for the log, as many and as long as a person reads."""
    return {name[:80]: value[:300] for name, value in list(headers.items())[:40]}


def _asked(headers: Mapping[str, str]) -> datetime | None:
    """When they want us to come again; None for what no clock understands."""
    try:
        return retry_after(headers)
    except (ValueError, OverflowError):
        return None


_WHY: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.SSLError, "its certificate is not valid"),
    (requests.exceptions.ConnectTimeout, "it did not answer in time"),
    (requests.exceptions.ReadTimeout, "it took longer than 10 seconds"),
    (requests.exceptions.InvalidURL, "the address is not valid"),
    (requests.exceptions.ConnectionError, "it cannot be reached"),
)


def _why(error: Exception) -> str:
    return next((words for kind, words in _WHY if isinstance(error, kind)), "the connection broke")


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
