"""Walking a long list: 1-based offsets, each page overlapping the one before by a row, several pages in flight (vendor reference, section 2.3).

The overlap shows when a record was deleted meanwhile and everything moved up: then the walk steps back, so that no row is passed over and taken for deleted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from channels.connectors.shift4shop.rows import Row, is_nothing, rows_in
from channels.errors import ChannelError, RateLimited, Rejected
from channels.http import Answer, Http, NoBudget

IN_FLIGHT = 4


@dataclass
class Pages:
    """One walk over the list at ``url``; ``key`` names a row ("SKUInfo.CatalogID").

    ``count`` tells the number of rows and is asked only when the first page is full; ``explain`` has the last word on an error.
    """

    http: Http
    url: str
    params: Mapping[str, Any]
    headers: Mapping[str, str]
    limit: int
    key: str
    count: Callable[[], int]
    explain: Callable[[ChannelError], ChannelError]
    _ahead: deque[tuple[int, Future[Answer]]] = field(default_factory=deque)
    _total: int = 0

    def walk(self) -> Iterator[list[Row]]:
        """Pages of rows in the list's order, none of them empty. Raises channels.errors."""
        page = self._rows_of(lambda: self.http.get(self.url, params=self._query(1), headers=self.headers))
        if page:
            yield page
        if len(page) < self.limit:
            return
        self._total = self.count()
        with ThreadPoolExecutor(max_workers=IN_FLIGHT, thread_name_prefix="pages") as pool:
            try:
                yield from self._follow(pool, page)
            finally:
                self._forget()

    def _follow(self, pool: ThreadPoolExecutor, before: list[Row]) -> Iterator[list[Row]]:
        offset, quiet = self.limit, self._quiet_http()
        while True:
            page = self._take(pool, quiet, offset)
            seen = {self._name(row) for row in before}
            if offset > 1 and not (page and self._name(page[0]) in seen):
                self._forget()
                offset = max(1, offset - self.limit // 2)
                continue
            if new := [row for row in page if self._name(row) not in seen]:
                yield new
            if len(page) < self.limit:
                return
            before, offset = page, offset + self.limit - 1

    def _take(self, pool: ThreadPoolExecutor, quiet: Http, offset: int) -> list[Row]:
        """The page at ``offset``, with the pages after it asked for as well."""
        self._look_ahead(pool, quiet, offset)
        return self._rows_of(self._result)

    def _result(self) -> Answer:
        """The next answer; where we were asked to slow down, asked for again after the wait that the budget knows of by then."""
        offset, future = self._ahead.popleft()
        try:
            answer = future.result()
        except RateLimited:
            self._note(429, {})
            if isinstance(self.http.budget, NoBudget):
                raise
            return self.http.get(self.url, params=self._query(offset), headers=self.headers)
        self._note(answer.status, answer.headers)
        return answer

    def _look_ahead(self, pool: ThreadPoolExecutor, quiet: Http, offset: int) -> None:
        following = self._ahead[-1][0] + self.limit - 1 if self._ahead else offset
        while not self._ahead or (len(self._ahead) < IN_FLIGHT and following < self._total):
            try:
                self.http.budget.acquire()
            except RateLimited:
                if self._ahead:
                    return
                raise
            query = self._query(following)
            self._ahead.append((following, pool.submit(quiet.get, self.url, params=query, headers=self.headers)))
            following += self.limit - 1

    def _rows_of(self, ask: Callable[[], Answer]) -> list[Row]:
        try:
            return rows_in(ask())
        except Rejected as error:
            if is_nothing(error):
                return []
            raise
        except ChannelError as error:
            raise self.explain(error) from error

    def _quiet_http(self) -> Http:
        """For threads: budget and log belong to the walk's own thread, where the database connection is."""
        return replace(self.http, budget=NoBudget(), on_exchange=None)

    def _note(self, status: int, headers: Mapping[str, str]) -> None:
        self.http.budget.observe(status, headers)
        if self.http.on_exchange:
            self.http.on_exchange("GET", self.url, str(status))

    def _query(self, offset: int) -> dict[str, Any]:
        return {**self.params, "limit": self.limit, "offset": offset}

    def _forget(self) -> None:
        for _, future in self._ahead:
            future.cancel()
        self._ahead.clear()

    def _name(self, row: Row) -> str:
        value: Any = row
        for part in self.key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return str(value)
