"""The only way out: one HTTP client that every connector talks through.

It repeats a GET once, quickly, and a write never; all waiting is on our rows. It turns status codes and transport failures into ``channels.errors``, once. It
asks ``budget`` before each request and tells it what the answer's headers say. Redirects are off (a redirect could lead into our own network); addresses
come from settings, never from what a user typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import requests

from channels.errors import (
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    NotFound,
    RateLimited,
    Rejected,
    Unavailable,
    UnclearOutcome,
    UnexpectedPayload,
)

USER_AGENT = "Tradelane/1.0"
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
MAX_ANSWER = 50 * 1024 * 1024
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Budget(Protocol):
    """The rate budget of one integration, shared by all workers."""

    def acquire(self) -> None:
        """Wait for a request's place, or raise RateLimited when that would take too long."""

    def observe(self, status: int, headers: Mapping[str, str], *, at: datetime | None = None) -> None:
        """Learn from an answer's headers; ``at`` is when it came, where that is not just now."""


class NoBudget:
    """A budget without limit, for single calls outside an integration (consent, first check)."""

    def acquire(self) -> None:
        return

    def observe(self, status: int, headers: Mapping[str, str], *, at: datetime | None = None) -> None:
        return


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: status, headers (case-insensitive) and the body as text; ``json()`` raises UnexpectedPayload."""

    status: int
    headers: Mapping[str, str]
    text: str
    url: str

    def json(self) -> Any:
        """The body as JSON with Decimal numbers; None for an empty body."""
        if not self.text.strip():
            return None
        try:
            return json.loads(self.text, parse_float=_decimal)
        except ValueError as error:
            raise UnexpectedPayload(
                "The store answered something that is not JSON.", path="$", status=self.status, detail=self.text[:300]
            ) from error


def _decimal(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


ErrorReader = Callable[[int, Mapping[str, str], str], ChannelError | None]


@dataclass
class Http:
    """An HTTP session for one store.

    ``explain`` is the connector's own reading of an error answer (status, headers, text) and may return None to leave it to the table here.
    ``adapter`` is a requests transport adapter for tests; ``on_exchange`` is told (method, url, status or error name) of every call, for the log of calls.
    """

    headers: dict[str, str] = field(default_factory=dict)
    budget: Budget = field(default_factory=NoBudget)
    explain: ErrorReader | None = None
    adapter: requests.adapters.BaseAdapter | None = None
    timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT)
    on_exchange: Callable[[str, str, str], None] | None = None
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
        if self.adapter is not None:
            self.session.mount("http://", self.adapter)
            self.session.mount("https://", self.adapter)

    def get(
        self, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """GET, repeated once on a transport failure or 502/503/504; when asked to slow down, after the wait that the budget knows of by now."""
        try:
            return self.send("GET", url, params=params, headers=headers)
        except RateLimited:
            if isinstance(self.budget, NoBudget):
                raise
            return self.send("GET", url, params=params, headers=headers)
        except Unavailable:
            return self.send("GET", url, params=params, headers=headers)

    def post(self, url: str, **kwargs: Any) -> Answer:
        return self.send("POST", url, **kwargs)

    def put(self, url: str, **kwargs: Any) -> Answer:
        return self.send("PUT", url, **kwargs)

    def delete(self, url: str, **kwargs: Any) -> Answer:
        return self.send("DELETE", url, **kwargs)

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, never repeated. ``body`` is sent as JSON, ``form`` as a form. Raises channels.errors for every answer that is no 2xx."""
        self.budget.acquire()
        try:
            response = self.session.request(
                method,
                url,
                params=params,
                data=form if form is not None else _encode(body),
                headers={**self.headers, **_content_type(body), **(headers or {})},
                timeout=self.timeout,
                allow_redirects=False,
            )
            text = response.text
        except requests.RequestException as error:
            self._note(method, url, type(error).__name__)
            raise transport_error(method, error) from error
        self._note(method, url, str(response.status_code))
        self.budget.observe(response.status_code, response.headers)
        if 200 <= response.status_code < 300:
            return Answer(response.status_code, response.headers, text, url)
        raise self._error(method, response.status_code, response.headers, text)

    def _error(self, method: str, status: int, headers: Mapping[str, str], text: str) -> ChannelError:
        own = self.explain(status, headers, text) if self.explain else None
        return own or error_for(method, status, headers, text)

    def _note(self, method: str, url: str, outcome: str) -> None:
        if self.on_exchange:
            self.on_exchange(method, url, outcome)


def _encode(body: Any) -> bytes | None:
    return None if body is None else json.dumps(body, default=_json_number).encode()


def _json_number(value: Any) -> Any:
    """Decimal becomes a JSON number through float only at the last moment; two places survive that exactly as text."""
    from decimal import Decimal

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


def _content_type(body: Any) -> dict[str, str]:
    return {} if body is None else {"Content-Type": "application/json"}


def transport_error(method: str, error: requests.RequestException) -> ChannelError:
    """A failure without an answer: a read surely did nothing; a write is unclear unless the connection was never made."""
    never_reached = isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL) or _refused(error)
    if method in WRITES and not never_reached:
        return UnclearOutcome("The connection broke before the store answered.", detail=type(error).__name__)
    return Unavailable("The store cannot be reached.", code="store_unreachable", detail=type(error).__name__)


def _refused(error: requests.RequestException) -> bool:
    from urllib3.exceptions import NewConnectionError

    cause: object = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, NewConnectionError)


def error_for(method: str, status: int, headers: Mapping[str, str], text: str) -> ChannelError:
    """The class of an error answer by its status: the table that most channels share."""
    detail = text[:500]
    if status == 429:
        return RateLimited("The store asks us to slow down.", retry_at=retry_after(headers), status=status)
    if status == 401:
        return NeedsReauthorisation("The store rejected our credentials.", status=status, detail=detail)
    if status == 403:
        return Misconfigured("The store says that a permission is missing.", status=status, detail=detail)
    if status == 404:
        return NotFound("The store does not know this record.", status=status, detail=detail)
    if 300 <= status < 400:
        return Misconfigured("The address leads somewhere else.", code="wrong_address", status=status, detail=detail)
    if status in {408, 500, 502, 504} and method in WRITES:
        return UnclearOutcome("The store failed while it worked on this.", status=status, detail=detail)
    if status == 408 or status >= 500:
        return Unavailable("The store is not available.", status=status, detail=detail)
    return Rejected("The store refused this.", status=status, detail=detail)


def retry_after(headers: Mapping[str, str], *, at: datetime | None = None) -> datetime | None:
    """``Retry-After`` (or ``X-Retry-After``) of an answer that came ``at`` as a moment (seconds or a date), None when absent or unreadable."""
    value = (headers.get("Retry-After") or headers.get("X-Retry-After") or "").strip()
    if not value:
        return None
    if value.replace(".", "", 1).isdigit():
        return (at or datetime.now(UTC)) + timedelta(seconds=float(value))
    try:
        return parsedate_to_datetime(value).astimezone(UTC)
    except ValueError:
        return None
