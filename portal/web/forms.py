"""Forms of the portal's own pages."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms

from portal.companies.models import User


def _zones() -> list[tuple[str, str]]:
    return [
        (name, name.replace("_", " "))
        for name in sorted(zoneinfo.available_timezones())
        if "/" in name or name == "UTC"
    ]


class ProfileForm(forms.ModelForm):
    """A person's own name and time zone; the e-mail address is changed on its own page, since it must be confirmed."""

    time_zone = forms.ChoiceField(choices=_zones, help_text="All times in the portal are shown in this zone.")

    class Meta:
        model = User
        fields = ("name", "time_zone")
        widgets: dict[str, Any] = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
        help_texts = {"name": "Shown to your colleagues and partners beside what you do."}
