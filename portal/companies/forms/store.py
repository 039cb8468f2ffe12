"""Platform and store address: asked at sign-up, in Settings and by the live check alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms

from portal.companies import platforms
from portal.companies.platforms import Platform


@dataclass(frozen=True, slots=True)
class AddressAnswer:
    """A typed store address as we understood it. ``level``: "" (nothing typed), "ok", "warning" (may go on) or "error" (may not)."""

    platform: Platform
    typed: str
    cleaned: str
    level: str = ""
    sentence: str = ""

    @property
    def was_tidied(self) -> bool:
        return bool(self.cleaned) and self.cleaned != self.typed


def judge_address(platform: Platform, typed: str) -> AddressAnswer:
    """Clean ``typed`` as ``platform`` wants it. By form only: no request goes to a typed address."""
    if not typed.strip() or platform.clean_address is None:
        return AddressAnswer(platform, typed, "")
    checked = platform.clean_address(typed)
    return AddressAnswer(platform, typed, checked.cleaned, checked.level or "ok", checked.sentence)


class StoreFields(forms.Form):
    """The two fields. ``address_seen`` holds the cleaned address that the person has been shown, so that none is saved unseen."""

    platform = forms.ChoiceField(
        label="Our store runs on",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what your store runs on. “No store” is fine, too."},
    )
    store_address = forms.CharField(required=False, max_length=255, strip=False)
    address_seen = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].choices = [(platform.kind, platform.label) for platform in platforms.all_platforms()]

    @property
    def chosen_platform(self) -> Platform | None:
        """The tile that is chosen now, whether by typing or from what is saved."""
        return platforms.find_platform(self["platform"].value() or "")

    @property
    def tiles(self) -> list[Platform]:
        return list(platforms.all_platforms())

    @property
    def address(self) -> AddressAnswer | None:
        """The answer to show beside the address field; None where no address is asked."""
        platform = self.chosen_platform
        if platform is None or not platform.asks_address:
            return None
        return judge_address(platform, self["store_address"].value() or "")

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        platform = platforms.find_platform(data.get("platform", ""))
        if platform is None or not platform.asks_address:
            data["store_address"] = ""
            return data
        answer = judge_address(platform, data.get("store_address", ""))
        refusal = self._refusal(answer, data.get("address_seen", ""))
        if refusal:
            self.add_error("store_address", refusal)
        data["store_address"] = answer.cleaned
        return data

    def _refusal(self, answer: AddressAnswer, seen: str) -> str:
        if not answer.level:
            return f"Type the {answer.platform.address_label}, or choose “No store” and add it later."
        if answer.level == "error":
            return answer.sentence
        if (answer.was_tidied or answer.level == "warning") and seen != answer.cleaned:
            self._show_back(answer)
            return f"We read this as {answer.cleaned}. {answer.sentence or 'If that is right, go on.'}"
        return ""

    def _show_back(self, answer: AddressAnswer) -> None:
        # The page shows the cleaned address, so that sending it again agrees to it.
        # What a request sends is a QueryDict, which is a dict that may not be changed.
        data = cast("dict[str, Any]", self.data).copy()
        data[self.add_prefix("store_address")] = data[self.add_prefix("address_seen")] = answer.cleaned
        self.data = data
