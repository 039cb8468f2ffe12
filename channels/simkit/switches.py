"""Switches: every doubtful or rare behaviour of a vendor, with its documented default, to be turned while running."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Switch:
    """One behaviour. `help` says what it does and where the doubt comes from; `choices` limits a text."""

    name: str
    default: Value
    help: str
    choices: tuple[str, ...] = ()


class Switches:
    """Current values by name; `switches["name"]` reads, `update` writes and refuses what does not fit."""

    def __init__(self, table: Iterable[Switch]) -> None:
        self._table = {switch.name: switch for switch in table}
        self._values: dict[str, Value] = {name: switch.default for name, switch in self._table.items()}

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def on(self, name: str) -> bool:
        """True when the switch is on."""
        return bool(self._values[name])

    def number(self, name: str) -> float:
        """A number switch."""
        return float(self._values[name])

    def text(self, name: str) -> str:
        """A text switch."""
        return str(self._values[name])

    def update(self, values: Mapping[str, object]) -> None:
        """Set several; raises ValueError that names the first one that does not exist or fit, and then sets none."""
        checked = {name: self._checked(name, value) for name, value in values.items()}
        self._values.update(checked)

    def reset(self) -> None:
        """Back to the defaults."""
        self._values = {name: switch.default for name, switch in self._table.items()}

    def describe(self) -> dict[str, dict[str, object]]:
        """For the state door: value, default, help and choices of each."""
        return {
            name: {
                "value": self._values[name],
                "default": switch.default,
                "help": switch.help,
                "choices": list(switch.choices),
            }
            for name, switch in self._table.items()
        }

    def _checked(self, name: str, value: object) -> Value:
        switch = self._table.get(name)
        if switch is None:
            raise ValueError(f"there is no switch {name!r}")
        kind = type(switch.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ValueError(f"{name} takes a {kind.__name__}, not {value!r}")
        if switch.choices and value not in switch.choices:
            raise ValueError(f"{name} is one of {', '.join(switch.choices)}, not {value!r}")
        return value
