"""Paths, token header and paging of BigCommerce; answers as dicts and lists (vendor reference, sections 1.1 and 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.connectors.bigcommerce.errors import explain
from channels.connectors.bigcommerce.flight import in_flight
from channels.contract import Session
from channels.errors import Misconfigured, NotFound, RateLimited, Unavailable, UnclearOutcome, UnexpectedPayload
from channels.http import Answer, Http

HASH = re.compile(r"^[a-z0-9]{3,32}$")
V2_LIMIT = 250
V3_LIMIT = 250
INVENTORY_LIMIT = 1000
# A page whose answer breaks off is asked for again in parts of this size (section 7, trap 5).
SMALL_PAGE = 50
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A V3 page: its rows, and how many there are in all as of this answer."""

    rows: list[Row]
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class Area:
    """What is called, for messages: the name and access as their control panel writes them."""

    name: str
    access: str


def now_text(moment: datetime) -> str:
    """A full time stamp with zone: a date alone would get the current time of day added (section 3)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number(remote_id: str) -> int:
    """An id as the number it is, so that no text can lead elsewhere on the server. Raises NotFound for anything else."""
    if not remote_id.isdecimal():
        raise NotFound(f"“{remote_id}” is no BigCommerce id.")
    return int(remote_id)


def data_of(body: Any) -> Row:
    """The object inside a V3 envelope. Raises UnexpectedPayload."""
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise UnexpectedPayload("BigCommerce answered without data.", path="$.data")
    return body["data"]


class Client:
    """One store. Raises ``channels.errors``; a 403 names the area that was called."""

    def __init__(self, session: Session) -> None:
        self.http: Http = session.http
        self.store_hash = session.credentials.get("store_hash", "").strip().lower()
        self._api = session.hosts.get("api", "").rstrip("/")
        self.http.headers = {**self.http.headers, "X-Auth-Token": session.credentials.get("access_token", "").strip()}
        self.http.explain = explain

    # -- one call --
    def get(self, path: str, area: Area, *, http: Http | None = None, **params: Any) -> Any:
        """The decoded body of a read; None for 204."""
        with _Named(area):
            return (http or self.http).get(self.url(path), params=_clean(params)).json()

    def post(self, path: str, area: Area, body: Any) -> Any:
        return self._write("POST", path, area, body)

    def put(self, path: str, area: Area, body: Any) -> Any:
        return self._write("PUT", path, area, body)

    def delete(self, path: str, area: Area) -> Any:
        return self._write("DELETE", path, area, None)

    def url(self, path: str) -> str:
        """The address of a call. Raises Misconfigured when the store hash cannot be one."""
        if not HASH.match(self.store_hash):
            raise Misconfigured(
                "The store hash is missing or has characters that a store hash never has.",
                area="Store hash",
                code="wrong_address",
            )
        return f"{self._api}/stores/{self.store_hash}{path}"

    def _write(self, method: str, path: str, area: Area, body: Any) -> Any:
        with _Named(area):
            answer = self.http.send(method, self.url(path), body=body)
            return _written(answer)

    # -- pages --
    def v3_pages(self, path: str, area: Area, *, limit: int = V3_LIMIT, **params: Any) -> Iterator[Page]:
        """All pages, the later ones fetched several at a time, in order. The first page is yielded also when it is empty."""
        first = self._page(self.http, path, area, params, page=1, limit=limit)
        yield first
        reads = (self._reader(path, area, params, page, limit) for page in range(2, first.pages + 1))
        yield from in_flight(self.http, reads)

    def v2_pages(self, path: str, area: Area, **params: Any) -> Iterator[list[Row]]:
        """All pages of a V2 list: it ends with a short page or 204, there is no count (section 3)."""
        page = 1
        while True:
            rows = _rows(self.get(path, area, page=page, limit=V2_LIMIT, **params), path)
            if rows:
                yield rows
            if len(rows) < V2_LIMIT:
                return
            page += 1

    def v2_list(self, path: str, area: Area, *, http: Http | None = None) -> list[Row]:
        """All rows of a sub-resource."""
        rows = _rows(self.get(path, area, http=http, page=1, limit=V2_LIMIT), path)
        page = 1
        while rows and len(rows) == page * V2_LIMIT:
            page += 1
            rows += _rows(self.get(path, area, http=http, page=page, limit=V2_LIMIT), path)
        return rows

    def many(self, reads: Sequence[Callable[[Http], Any]]) -> Iterator[Any]:
        """Run several reads at a time; results in order."""
        return in_flight(self.http, reads)

    def _reader(
        self, path: str, area: Area, params: Mapping[str, Any], page: int, limit: int
    ) -> Callable[[Http], Page]:
        return lambda http: self._page(http, path, area, params, page=page, limit=limit)

    def _page(self, http: Http, path: str, area: Area, params: Mapping[str, Any], *, page: int, limit: int) -> Page:
        try:
            body = self.get(path, area, http=http, **params, page=page, limit=limit)
        except RateLimited:
            raise
        except Unavailable as error:
            if limit <= SMALL_PAGE or limit % SMALL_PAGE or error.status not in {None, 504}:
                raise
            return self._page_in_parts(http, path, area, params, page=page, limit=limit)
        return _v3_page(body, path)

    def _page_in_parts(
        self, http: Http, path: str, area: Area, params: Mapping[str, Any], *, page: int, limit: int
    ) -> Page:
        """The same rows as one large page, asked for in small ones because the large answer broke off."""
        parts = limit // SMALL_PAGE
        rows: list[Row] = []
        total = 0
        for small in range((page - 1) * parts + 1, page * parts + 1):
            part = self._page(http, path, area, params, page=small, limit=SMALL_PAGE)
            rows += part.rows
            total = part.total
            if small >= part.pages:
                break
        return Page(rows, total, -(-total // limit))


class _Named:
    """Adds to a 403 which permission was needed."""

    def __init__(self, area: Area) -> None:
        self.area = area

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Misconfigured) and error.status == 403 and not error.area:
            raise Misconfigured(
                f"The API account lacks the permission “{self.area.name}: {self.area.access}”.",
                area=self.area.name,
                status=403,
                detail=error.detail,
            ) from error


def _written(answer: Answer) -> Any:
    """The body of an accepted write; one that cannot be read leaves open what was stored."""
    try:
        return answer.json()
    except UnexpectedPayload as error:
        raise UnclearOutcome(
            "BigCommerce accepted this but its answer cannot be read.", status=answer.status, detail=error.detail
        ) from error


def _clean(params: Mapping[str, Any]) -> dict[str, Any]:
    """Query parameters without empty ones; ``a__b`` is written ``a:b``, as their operators are."""
    return {name.replace("__", ":"): value for name, value in params.items() if value not in (None, "")}


def _rows(body: Any, path: str) -> list[Row]:
    if body is None:
        return []
    if not isinstance(body, list):
        raise UnexpectedPayload("BigCommerce answered something else than a list.", path=f"{path} $")
    return body


def _v3_page(body: Any, path: str) -> Page:
    if body is None:
        return Page([], 0, 0)
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        raise UnexpectedPayload("BigCommerce answered a page without data.", path=f"{path} $.data")
    rows = body["data"]
    pagination = (body.get("meta") or {}).get("pagination") or {}
    return Page(rows, int(pagination.get("total", len(rows))), int(pagination.get("total_pages", 1)))
