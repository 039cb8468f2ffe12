"""Lists: filters, `limit`, the offset that counts from 1, `countonly`, and how a list ends (sections 2.2 to 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, g, request

from channels.connectors.shift4shop.simulator import answers, times
from channels.connectors.shift4shop.simulator.world import Shop
from channels.simkit.store import Where, shown

Condition = tuple[str, str, Any]
Filters = Mapping[str, Callable[[str], Condition]]
Shown = Callable[[dict[str, Any]], dict[str, Any]]


def arguments() -> dict[str, str]:
    """The query of the running call, names in lower case, empty values left out."""
    return {name.lower(): value for name, value in request.args.items() if value != ""}


def whole_number(name: str, *, default: int) -> int:
    """A whole number out of the query; anything else ends the call with 400."""
    text = arguments().get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        answers.refuse(f"{name} is not a valid number")
        raise


def list_collection(collection: str, *, filters: Filters, default: int, greatest: int, show: Shown = shown) -> Response:
    """Answer a list out of the memory, filtered by the query."""
    shop: Shop = g.shop
    where = conditions(filters)
    total = shop.count(collection, where=where)
    if is_count_only():
        return answers.answer({"TotalCount": total})
    limit, offset = _limit(default=default, greatest=greatest), max(1, whole_number("offset", default=1))
    if total == 0:
        return answers.no_match()
    if offset > total:
        return answers.error(answers.PAST_THE_END)
    found = shop.find(collection, where=where, limit=limit, offset=offset - 1)
    return answers.answer([show(document) for document in found])


def list_rows(rows: list[dict[str, Any]], *, default: int = 0, greatest: int = 500) -> Response:
    """Answer a list out of rows at hand; with `default` 0 everything comes unless a limit was asked for."""
    if is_count_only():
        return answers.answer({"TotalCount": len(rows)})
    limit = _limit(default=default, greatest=greatest) or len(rows)
    offset = max(1, whole_number("offset", default=1))
    if not rows:
        return answers.no_match()
    if offset > len(rows):
        return answers.error(answers.PAST_THE_END)
    return answers.answer(rows[offset - 1 : offset - 1 + limit])


def is_count_only() -> bool:
    """True when only the number of records was asked for."""
    return arguments().get("countonly", "0").lower() in {"1", "true"}


def conditions(filters: Filters) -> Where:
    """What the query asks for; unknown parameters are ignored, values that cannot be read end the call with 400."""
    found = []
    for name, value in arguments().items():
        if name in filters:
            try:
                found.append(filters[name](value))
            except ValueError:
                answers.refuse(f"{name} is not valid")
    return found


def equal(field: str) -> Callable[[str], Condition]:
    """Compare a text, without case."""
    return lambda value: (field, "=", value.strip().lower())


def containing(field: str) -> Callable[[str], Condition]:
    """Look for a text inside, without case."""
    return lambda value: (field, "like", f"%{value.strip().lower()}%")


def numbered(field: str, operator: str = "=") -> Callable[[str], Condition]:
    """Compare a number."""
    return lambda value: (field, operator, float(value) if "." in value else int(value))


def flagged(field: str) -> Callable[[str], Condition]:
    """Compare a flag written as 0 or 1."""
    return lambda value: (field, "=", int(value.lower() in {"1", "true"}))


def since(field: str) -> Callable[[str], Condition]:
    """From a date of the shop's clock on."""
    return lambda value: (field, ">=", times.lower_bound(value, accept_iso=_accept_iso()))


def until(field: str, *, switched: bool = False) -> Callable[[str], Condition]:
    """Up to a date of the shop's clock, the whole day included (for `switched` filters: if the switch says so)."""

    def compare(value: str) -> Condition:
        whole_day = not switched or g.shop.switches.on("date_end_whole_day")
        return field, "<=", times.upper_bound(value, accept_iso=_accept_iso(), whole_day=whole_day)

    return compare


def _accept_iso() -> bool:
    return g.shop.switches.on("accept_iso_dates")


def _limit(*, default: int, greatest: int) -> int:
    limit = whole_number("limit", default=default)
    if limit > greatest and g.shop.switches.text("over_limit") == "refuse":
        answers.refuse(f"The limit is {greatest}")
    return min(limit, greatest) if limit > 0 else default
