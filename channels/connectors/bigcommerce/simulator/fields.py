"""Checks of written fields by table: type, range, length, choices (vendor reference, sections 4.1 and 4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_STOCK = 2_147_483_647
MAX_INTEGER = 2**63 - 1
MAX_AMOUNT = 1e12


@dataclass(frozen=True, slots=True)
class Field:
    """The rule for one field. `kind` is text, number, integer, boolean, list, object, id or amount.

    `id` is a whole number from 0 on, `amount` a number of 0 or more, both also as text; `each` is the rule for the
    entries of a list, `keys` those for the keys of an object.
    """

    kind: str
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    shortest: int = 0
    choices: tuple[str, ...] = ()
    nullable: bool = False
    each: Field | None = None
    keys: Mapping[str, Field] | None = None


def money(*, nullable: bool = False) -> Field:
    """An amount of zero or more."""
    return Field("number", low=0, nullable=nullable)


def size(*, nullable: bool = False) -> Field:
    """A weight or a dimension in the store's units."""
    return Field("number", low=0, high=9_999_999_999, nullable=nullable)


def find_errors(values: Mapping[str, Any], table: Mapping[str, Field]) -> dict[str, str]:
    """Field name to sentence for every wrong value; fields that the table does not know are passed over."""
    found = {}
    for name, rule in table.items():
        if name in values and (sentence := _error(name, values[name], rule)):
            found[name] = sentence
    return found


def _error(name: str, value: Any, rule: Field) -> str | None:
    if value is None:
        return None if rule.nullable else f"{name} must not be null."
    if not _KINDS[rule.kind](value):
        return f"{name} must be of type {rule.kind}."
    if rule.kind == "text":
        return _text_error(name, value, rule)
    if rule.kind in {"number", "integer"}:
        return _range_error(name, value, rule)
    if rule.kind == "list":
        return _list_error(name, value, rule)
    if rule.kind == "object" and rule.keys:
        return next(iter(find_errors(value, rule.keys).values()), None)
    return None


def _list_error(name: str, value: list[Any], rule: Field) -> str | None:
    if rule.longest is not None and len(value) > rule.longest:
        return f"{name} takes at most {rule.longest} entries."
    found = (_error(name, entry, rule.each) for entry in value) if rule.each else iter(())
    return next((sentence for sentence in found if sentence), None)


def _text_error(name: str, value: str, rule: Field) -> str | None:
    if rule.choices and value not in rule.choices:
        return f"{name} must be one of {', '.join(rule.choices)}."
    if len(value) < rule.shortest:
        return f"{name} must not be empty."
    if rule.longest is not None and len(value) > rule.longest:
        return f"{name} must have at most {rule.longest} characters."
    return None


def _range_error(name: str, value: float, rule: Field) -> str | None:
    if rule.low is not None and value < rule.low:
        return f"{name} must be {rule.low:g} or more."
    if rule.high is not None and value > rule.high:
        return f"{name} must be {rule.high:g} or less."
    return None


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER


def _is_id(value: Any) -> bool:
    return _is_integer(value) and value >= 0 if isinstance(value, int) else isinstance(value, str) and _is_digits(value)


def _is_digits(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 18


def _is_amount(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,10})?", value) is not None
    return _KINDS["number"](value) and 0 <= value < MAX_AMOUNT


_KINDS = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "id": _is_id,
    "amount": _is_amount,
}
