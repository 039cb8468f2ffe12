"""Checks of written fields by table: type, range, length, choices (vendor reference, sections 4.1 and 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_STOCK = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Field:
    """The rule for one field. `kind` is text, number, integer, boolean, list or object."""

    kind: str
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    shortest: int = 0
    choices: tuple[str, ...] = ()
    nullable: bool = False


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
    if rule.kind == "list" and rule.longest is not None and len(value) > rule.longest:
        return f"{name} takes at most {rule.longest} entries."
    return None


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
    return isinstance(value, int) and not isinstance(value, bool)


_KINDS = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
