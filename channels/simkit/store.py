"""JSON documents in SQLite, by (store, collection, id): the whole memory of a simulator.

A collection is a table; fields that a list filters or sorts by get an expression index, so a page of 20,000 orders
costs milliseconds. One connection under one re-entrant lock serves all threads: a request is a transaction.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Document = dict[str, Any]
Id = int | str
Where = Sequence[tuple[str, str, Any]]
Order = Sequence[tuple[str, str]]

_NAME = re.compile(r"^_?[a-z][a-z0-9_]*$")
_OPERATORS = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "like": "LIKE"}
_LISTS = {"in": "IN", "not in": "NOT IN"}


class Unit:
    """One transaction: roll it back, or have something done once it is committed."""

    def __init__(self) -> None:
        self.rolled_back = False
        self.after: list[Callable[[], None]] = []

    def rollback(self) -> None:
        """Undo everything this transaction wrote when it ends; its `on_commit` work is dropped."""
        self.rolled_back = True


class DocumentStore:
    """Documents as dicts. Keys that begin with `_` are the simulator's own and never shown (see `shown`)."""

    def __init__(self, path: str = ":memory:", *, indexes: Mapping[str, Iterable[str]] | None = None) -> None:
        self._lock = threading.RLock()
        self._unit: Unit | None = None
        self._tables: set[str] = set()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE IF NOT EXISTS counters (store, name, value, PRIMARY KEY (store, name))")
        for collection, fields in (indexes or {}).items():
            self.index(collection, *fields)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """Everything inside is written together, or not at all when it raises or `Unit.rollback` was called.

        Nested use joins the outer transaction.
        """
        with self._lock:
            if self._unit is not None:
                yield self._unit
                return
            self._unit = unit = Unit()
            known = set(self._tables)
            self._db.execute("BEGIN")
            try:
                yield unit
            except BaseException:
                unit.rollback()
                raise
            finally:
                self._unit = None
                self._db.execute("ROLLBACK" if unit.rolled_back else "COMMIT")
                if unit.rolled_back:
                    # Tables made inside went with it.
                    self._tables = known
        for done in [] if unit.rolled_back else unit.after:
            done()

    def on_commit(self, done: Callable[[], None]) -> None:
        """Call `done` after the running transaction is committed, or now when there is none."""
        with self._lock:
            unit = self._unit
        if unit is None:
            done()
        else:
            unit.after.append(done)

    def index(self, collection: str, *fields: str) -> None:
        """Make lists by these fields fast."""
        table = self._table(collection)
        for field in fields:
            column = _column(field)
            with self._lock:
                self._db.execute(f"CREATE INDEX IF NOT EXISTS ix_{table}_{field} ON {table} (store, {column}, id)")

    def get(self, store: str, collection: str, id: Id) -> Document | None:
        """The document, or None."""
        table = self._table(collection)
        rows = self._rows(f"SELECT body FROM {table} WHERE store = ? AND id = ?", [store, id])
        return json.loads(rows[0][0]) if rows else None

    def put(self, store: str, collection: str, id: Id, document: Mapping[str, Any]) -> None:
        """Write the document, new or over the old one."""
        table = self._table(collection)
        body = json.dumps(document, separators=(",", ":"))
        self._rows(f"INSERT OR REPLACE INTO {table} (store, id, body) VALUES (?, ?, ?)", [store, id, body])

    def add(self, store: str, collection: str, document: Mapping[str, Any], *, field: str = "id") -> Document:
        """Write a new document under the next number, which is also put into its `field`."""
        number = self.next_number(store, collection)
        added = {**document, field: number}
        self.put(store, collection, number, added)
        return added

    def delete(self, store: str, collection: str, id: Id) -> bool:
        """True when there was such a document."""
        table = self._table(collection)
        with self._lock:
            return self._db.execute(f"DELETE FROM {table} WHERE store = ? AND id = ?", [store, id]).rowcount > 0

    def find(
        self,
        store: str,
        collection: str,
        *,
        where: Where = (),
        order: Order = (("id", "asc"),),
        limit: int = -1,
        offset: int = 0,
    ) -> list[Document]:
        """Documents that match all of `where`: (field, operator, value), operators `= != < <= > >= like in not in`."""
        condition, values = _condition(store, where)
        sorting = ", ".join(f"{_column(field)} {'DESC' if way == 'desc' else 'ASC'}" for field, way in order)
        query = f"SELECT body FROM {self._table(collection)} WHERE {condition} ORDER BY {sorting} LIMIT ? OFFSET ?"
        return [json.loads(row[0]) for row in self._rows(query, [*values, limit, offset])]

    def first(self, store: str, collection: str, *, where: Where = ()) -> Document | None:
        """The match with the lowest id, or None."""
        return next(iter(self.find(store, collection, where=where, limit=1)), None)

    def count(self, store: str, collection: str, *, where: Where = ()) -> int:
        """How many match."""
        condition, values = _condition(store, where)
        return self._rows(f"SELECT count(*) FROM {self._table(collection)} WHERE {condition}", values)[0][0]

    def next_number(self, store: str, name: str, *, start: int = 1) -> int:
        """The next number of a counter, from `start` (or what `set_number` wrote) on."""
        query = (
            "INSERT INTO counters VALUES (?, ?, ?) "
            "ON CONFLICT (store, name) DO UPDATE SET value = value + 1 RETURNING value"
        )
        return self._rows(query, [store, name, start])[0][0]

    def set_number(self, store: str, name: str, last: int) -> None:
        """Let a counter go on after `last`."""
        self._rows("INSERT OR REPLACE INTO counters VALUES (?, ?, ?)", [store, name, last])

    def _table(self, collection: str) -> str:
        if not _NAME.match(collection):
            raise ValueError(f"not a collection name: {collection!r}")
        # Under the lock: a table that another thread's open transaction made may still be undone with it.
        with self._lock:
            if collection not in self._tables:
                self._rows(f"CREATE TABLE IF NOT EXISTS d_{collection} (store, id, body, PRIMARY KEY (store, id))", [])
                self._tables.add(collection)
        return f"d_{collection}"

    def _rows(self, query: str, values: Sequence[Any]) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def shown(document: Mapping[str, Any]) -> Document:
    """The document without the simulator's own keys."""
    return {key: value for key, value in document.items() if not key.startswith("_")}


def _column(field: str) -> str:
    if not _NAME.match(field):
        raise ValueError(f"not a field name: {field!r}")
    return "id" if field == "id" else f"json_extract(body, '$.{field}')"


def _condition(store: str, where: Where) -> tuple[str, list[Any]]:
    parts, values = ["store = ?"], [store]
    for field, operator, value in where:
        if operator in _LISTS:
            items = list(value)
            parts.append(f"{_column(field)} {_LISTS[operator]} ({', '.join('?' * len(items))})")
            values += items
        else:
            parts.append(f"{_column(field)} {_OPERATORS[operator]} ?")
            values.append(value)
    return " AND ".join(parts), values
