"""The form beside the store's order statuses: what each means, and which ones we set."""

from __future__ import annotations

from typing import Any

from django import forms

from channels.contract import SettingField
from channels.mapping import StatusLine, written_choices
from channels.meanings import Meaning
from channels.models import Integration, ValueMap


def meaning_choices(*, sells: bool) -> list[tuple[str, str]]:
    """What can be chosen; a store that only supplies has no orders to take over."""
    return [(each.value, each.label) for each in Meaning if sells or each is not Meaning.IMPORT]


class MappingForm(forms.Form):
    """One menu a status, named ``meaning-<row id>``; one a status that we set, named ``written-<setting>``."""

    def __init__(
        self,
        *args: Any,
        integration: Integration,
        lines: list[StatusLine],
        written: list[SettingField],
        rows: list[ValueMap],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.written = [each for each in written if written_choices(each, rows)]
        choices = meaning_choices(sells=integration.sells)
        for line in lines:
            if not line.is_fixed:
                self.fields[f"meaning-{line.row.pk}"] = _menu(line, choices)
        for each in self.written:
            self.fields[f"written-{each.name}"] = _written(each, written_choices(each, rows), integration)

    def status_rows(self) -> list[tuple[StatusLine, forms.BoundField | None]]:
        """Every status with its menu; None for one that cannot be chosen."""
        return [(line, None if line.is_fixed else self[f"meaning-{line.row.pk}"]) for line in self.lines]

    def written_rows(self) -> list[forms.BoundField]:
        return [self[f"written-{each.name}"] for each in self.written]

    def meanings(self) -> dict[int, str]:
        """Row id → what was chosen."""
        return {line.row.pk: self.cleaned_data[f"meaning-{line.row.pk}"] for line in self.lines if not line.is_fixed}

    def chosen_written(self) -> dict[str, str]:
        """Setting → the store's id of the status."""
        return {each.name: self.cleaned_data[f"written-{each.name}"] for each in self.written}


def _menu(line: StatusLine, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    usual = line.usual.value if line.usual.value in dict(choices) else Meaning.WAIT.value
    shown = [(value, f"{label} (usual)" if value == usual else label) for value, label in choices]
    present = line.meaning.value if line.meaning.value in dict(choices) else Meaning.WAIT.value
    return forms.ChoiceField(
        label=f"What we do with orders in {line.row.label}",
        choices=shown,
        initial=present,
        error_messages={
            "required": "Choose what we do with these orders.",
            "invalid_choice": "Choose one of the menu.",
        },
    )


def _written(each: SettingField, choices: list[tuple[str, str]], integration: Integration) -> forms.ChoiceField:
    known = dict(choices)
    present = str(integration.settings.get(each.name) or each.default)
    gone = [] if present in known else [("", "Choose…")]
    return forms.ChoiceField(
        label=each.label,
        help_text=each.help,
        choices=[*gone, *choices],
        initial=present if present in known else "",
        error_messages={"required": "The status that was chosen here is gone from the store. Choose another."},
    )
