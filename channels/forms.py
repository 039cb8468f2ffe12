"""What the wizard and the settings of an integration ask, drawn from what its connector declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms

from channels.contract import Connector, SettingField
from channels.key_end import KeyEndField
from portal.lib import clock

WINDOWS = (
    ("0", "From now on"),
    ("7", "Of the last 7 days"),
    ("30", "Of the last 30 days"),
    ("90", "Of the last 90 days"),
)
_PREFIX = "setting_"


def zone_choices(present: str = "") -> list[tuple[str, str]]:
    """Every zone by its place, the present one first."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    first = [present] if present and present in available_timezones() else []
    return [(name, name.replace("_", " ")) for name in [*first, *[n for n in names if n not in first]]]


class NameForm(forms.Form):
    """What the connection is called in this company."""

    name = forms.CharField(
        label="Name of this connection",
        max_length=120,
        help_text="Pick one that you will recognise: your shop's name, or what is sold there. Reports and price rules use it.",
        error_messages={"required": "Give this connection a name, for example your shop's name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SettingsForm(forms.Form):
    """The choices that the connector declares; one that is read from the store is a menu, else free text."""

    # Whether a choice that usually fits is made beforehand; not where it would look as if it were saved.
    suggests = False

    def __init__(
        self,
        *args: Any,
        connector: type[Connector],
        choices: Mapping[str, Sequence[tuple[str, str]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.connector = connector
        self.asked = [each for each in connector.setting_fields if self.asks(each)]
        for each in self.asked:
            self.fields[_PREFIX + each.name] = _setting_field(each, choices.get(each.name, ()))
            if self.suggests and not each.default:
                self.initial[_PREFIX + each.name] = _likely(each, choices.get(each.name, ()))

    def asks(self, each: SettingField) -> bool:
        """Whether a declared choice stands in this form; what concerns one of the store's statuses is chosen beside them."""
        return not each.states

    def setting_rows(self) -> list[tuple[str, forms.BoundField]]:
        """(role, field) of every choice that is asked."""
        return [(each.role, self[_PREFIX + each.name]) for each in self.asked]

    def chosen(self) -> dict[str, str]:
        """The choices by the connector's names."""
        return {each.name: self.cleaned_data.get(_PREFIX + each.name, "") for each in self.asked}

    def flows(self, role: str) -> bool:
        """Whether goods flow in the direction ``role``, as chosen in this form."""
        return not role or bool(self.cleaned_data.get(role, True))

    def clean(self) -> dict[str, Any]:
        for each in self.asked:
            if not self.flows(each.role):
                self.errors.pop(_PREFIX + each.name, None)
        return self.cleaned_data


class WhatToSyncForm(SettingsForm):
    """The last step: directions, first orders, the store's clock and the connector's own choices."""

    suggests = True

    supplies = forms.BooleanField(required=False, label="Supply my products to partners")
    sells = forms.BooleanField(required=False, label="Sell partners' products in this store")
    window = forms.ChoiceField(choices=WINDOWS, initial="0", label="First orders")
    time_zone = forms.ChoiceField(label="The store's clock")

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(zone)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("supplies") and not self.cleaned_data.get("sells"):
            self.add_error("supplies", "Choose at least one direction, or there is nothing to sync.")
        if not self.cleaned_data.get("sells"):
            self.errors.pop("window", None)
        return super().clean()

    def orders_since(self) -> datetime | None:
        """Since when orders are taken over; None for from now on."""
        days = int(self.cleaned_data.get("window") or 0)
        return clock.now() - timedelta(days=days) if days else None


class IntegrationForm(SettingsForm):
    """Settings of an integration that is there: its name, its store's clock, the connector's choices."""

    name = NameForm.base_fields["name"]
    time_zone = forms.ChoiceField(label="The store's clock", required=False)

    def __init__(self, *args: Any, zone: str = "", roles: Mapping[str, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        if not self.connector.tells_key_end:
            self.fields["key_ends_on"] = KeyEndField()
        self.fields["time_zone"].choices = [*([] if zone else [("", "Choose…")]), *zone_choices(zone)]
        self.fields["time_zone"].required = bool(zone)

    def asks(self, each: SettingField) -> bool:
        return super().asks(each) and not each.is_first_only

    def flows(self, role: str) -> bool:
        return not role or self.roles.get(role, True)

    def setting_rows(self) -> list[tuple[str, forms.BoundField]]:
        return [(role, bound) for role, bound in super().setting_rows() if self.flows(role)]

    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in super().chosen().items() if self.flows(self._role_of(name))}

    def _role_of(self, name: str) -> str:
        return next(each.role for each in self.asked if each.name == name)


def initial_of(connector: type[Connector], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the declared choices stand at."""
    return {_PREFIX + each.name: settings.get(each.name, each.default) for each in connector.setting_fields}


def _likely(each: SettingField, choices: Sequence[tuple[str, str]]) -> str:
    """The choice that usually fits, by the word that the connector expects in it; "" when there is none."""
    expected = each.expected.casefold()
    return next((value for value, label in choices if expected and expected in label.casefold()), "")


def _setting_field(each: SettingField, choices: Sequence[tuple[str, str]]) -> forms.Field:
    """A menu of what the store offers, demanded where the connector demands it. Where the store offers nothing yet, it may be left for later."""
    common: dict[str, Any] = {"label": each.label, "help_text": each.help, "initial": each.default}
    if not choices:
        later = f" {_LATER}" if each.is_required else ""
        return forms.CharField(max_length=200, required=False, **common | {"help_text": each.help + later})
    has_default = each.default in {value for value, _ in choices}
    nothing = [] if has_default else [("", "Choose…" if each.is_required else "–")]
    asked = {"required": f"Choose the {each.label[:1].lower()}{each.label[1:]}. {each.help}"}
    is_required = each.is_required or has_default
    return forms.ChoiceField(choices=[*nothing, *choices], required=is_required, error_messages=asked, **common)


_LATER = (
    "Your store has none to choose from yet. Type it if you know it, or leave it empty and choose later in the settings: "
    "partners’ orders wait here until then, and nothing is lost."
)
