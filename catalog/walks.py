"""Walking several indexes at once: what comes first of all of them, in one statement that reads no more rows of each than are asked for.

A retailer sees some rows of some suppliers. Looked for among all rows in order, they may stand behind every row that other suppliers wrote since; in an
index of their own the next fifty are the next fifty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from catalog.visibility import lists_for
from portal.companies.models import Company
from portal.lib.prepared import Prepared

# SQLite puts no more than 500 queries together.
MOST_LISTS = 300
FIRST, LAST = 0, 2**63 - 1
_LISTS = Prepared(lambda company: lists_for(company).order_by().values_list("pk", "company"))


class LiveList(NamedTuple):
    """One of ``lists_for`` a retailer: its id and whose it is."""

    pk: int
    seller: int


def live_lists(company: Company) -> list[LiveList]:
    """The lists by which ``company`` (a retailer) buys. One query."""
    return [LiveList(*row) for row in _LISTS.rows(company=company.pk)]


@dataclass(frozen=True, slots=True)
class Steps:
    """The next rows of one index, as (key, what they are ordered by): ``down`` from above ``beyond`` and ``up`` from below it."""

    down: Prepared
    up: Prepared

    def merged(
        self, walks: Iterable[Mapping[str, Any]], *, size: int, beyond: int | None, is_up: bool
    ) -> tuple[str, list[Any]]:
        """A statement with its values: the keys of the first ``size`` rows of all ``walks`` from ``beyond`` on, each once. There must be a walk."""
        step, end, order = (self.up, FIRST, "ASC") if is_up else (self.down, LAST, "DESC")
        parts = [step.sql(beyond=end if beyond is None else beyond, limit=size, **walk) for walk in walks]
        every = " UNION ".join(f"SELECT * FROM ({sql}) one" for sql, _ in parts)
        return (
            f"SELECT walked_key FROM ({every}) every ORDER BY walked_by {order} LIMIT {int(size)}",
            [value for _, values in parts for value in values],
        )


def possible(lists: Sequence[LiveList]) -> bool:
    """Whether a walk for each of ``lists`` fits into one statement, and there is any."""
    return 0 < len(lists) <= MOST_LISTS
