"""When a company's stock was last read as a whole. The catalogue does not know who reads it: that part says so here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

Reader = Callable[[set[int]], Mapping[int, datetime]]
_readers: list[Reader] = []


def provide(reader: Reader) -> None:
    """``reader`` tells, by company, when it last read stock well; call it in ``AppConfig.ready``. Twice is once."""
    if reader not in _readers:
        _readers.append(reader)


def stock_read_at(company_ids: Iterable[int]) -> dict[int, datetime]:
    """When the stock of these companies was last read; those never read are left out. One query a reader."""
    ids = set(company_ids)
    found: dict[int, datetime] = {}
    for reader in _readers:
        for company_id, moment in reader(ids).items():
            found[company_id] = max(moment, found.get(company_id, moment))
    return found
