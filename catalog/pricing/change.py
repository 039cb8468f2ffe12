"""A change of a price list as a value: what becomes of its terms, rules, breaks and overrides, and how that stands in a JSON column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from catalog.pricing.terms import Rule


@dataclass(frozen=True, slots=True)
class Fixed:
    """What becomes of one override: ``amount`` None gives the variant back to the rules."""

    amount: Decimal | None
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class QuantityBreak:
    """From ``quantity`` units on: ``percent_off`` less for all goods (``variant_id`` None), or ``amount`` for one variant."""

    quantity: int
    variant_id: int | None = None
    percent_off: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """``terms`` holds only fields that change, by name, as texts (None: empty); ``rules`` and ``breaks`` are whole new sets (None: as they are)."""

    terms: Mapping[str, str | bool | None] = field(default_factory=dict)
    rules: Sequence[Rule] | None = None
    breaks: Sequence[QuantityBreak] | None = None
    overrides: Mapping[int, Fixed] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.terms or self.overrides or self.rules is not None or self.breaks is not None)

    @property
    def size(self) -> int:
        """How many things it changes: a field, a set of rules, a set of breaks and an override count one each."""
        return len(self.terms) + len(self.overrides) + (self.rules is not None) + (self.breaks is not None)

    def then(self, later: Change) -> Change:
        """This change followed by ``later``."""
        return replace(
            self,
            terms={**self.terms, **later.terms},
            rules=self.rules if later.rules is None else later.rules,
            breaks=self.breaks if later.breaks is None else later.breaks,
            overrides={**self.overrides, **later.overrides},
        )

    def without(self, variant_ids: Set[int]) -> Change:
        """This change, but for what it says of the overrides of ``variant_ids``."""
        return replace(self, overrides={pk: one for pk, one in self.overrides.items() if pk not in variant_ids})

    def to_json(self) -> dict[str, Any]:
        """As the database keeps it; what does not change is left out."""
        said = {
            "terms": dict(self.terms) or None,
            "rules": None if self.rules is None else [_rule_json(rule) for rule in self.rules],
            "breaks": None if self.breaks is None else [_break_json(one) for one in self.breaks],
            "overrides": {str(pk): [_text(one.amount), one.is_locked] for pk, one in self.overrides.items()} or None,
        }
        return {key: value for key, value in said.items() if value is not None}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Change:
        """The change that ``to_json`` wrote."""
        return cls(
            terms=said.get("terms", {}),
            rules=None if "rules" not in said else [_read_rule(one) for one in said["rules"]],
            breaks=None if "breaks" not in said else [_read_break(one) for one in said["breaks"]],
            overrides={int(pk): Fixed(_amount(one[0]), one[1]) for pk, one in said.get("overrides", {}).items()},
        )


def _rule_json(rule: Rule) -> list[str | None]:
    return [rule.target, rule.value, _text(rule.percent_off), _text(rule.amount_off), rule.basis]


def _read_rule(said: Sequence[Any]) -> Rule:
    return Rule(said[0], said[1], Decimal(said[2]), _amount(said[3]), said[4])


def _break_json(one: QuantityBreak) -> list[int | str | None]:
    return [one.quantity, one.variant_id, _text(one.percent_off), _text(one.amount)]


def _read_break(said: Sequence[Any]) -> QuantityBreak:
    return QuantityBreak(said[0], said[1], _amount(said[2]), _amount(said[3]))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
