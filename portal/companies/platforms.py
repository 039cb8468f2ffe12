"""The platforms offered at sign-up: a registry that the channels app fills when it starts, since companies know no channels.

``register(Platform(...))`` once a kind; registering the same kind again replaces it. "Flat files" and "No store yet" are always there and stand last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

FILES, NONE = "files", "none"


class CheckedAddress(Protocol):
    """What cleaning a typed store address gives: ``level`` is "ok", "warning" (may go on) or "error" (may not)."""

    @property
    def cleaned(self) -> str: ...

    @property
    def level(self) -> str: ...

    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Platform:
    """One tile. ``clean_address`` judges a typed address by form only and makes no request; None where no address is asked."""

    kind: str
    label: str
    monogram: str
    also: str = ""
    other_names: tuple[str, ...] = ()
    description: str = ""
    address_label: str = ""
    address_help: str = ""
    address_placeholder: str = ""
    # Steps of "What's this?": where the address is found in the platform's own screens.
    address_guide: tuple[str, ...] = ()
    clean_address: Callable[[str], CheckedAddress] | None = None

    @property
    def second_line(self) -> str:
        """What stands small below the label, unless the label says it already."""
        return "" if self.also.lower() in self.label.lower() else self.also

    @property
    def asks_address(self) -> bool:
        return self.clean_address is not None


_registered: dict[str, Platform] = {}
_ALWAYS = (
    Platform(FILES, "Flat files", "CSV", also="or a warehouse", description="Goods and orders travel as files."),
    Platform(NONE, "No store", "–", also="yet", description="Work in the portal; connect a store later."),
)


def register(platform: Platform) -> None:
    """Offer ``platform`` at sign-up and in Settings."""
    _registered[platform.kind] = platform


def all_platforms() -> tuple[Platform, ...]:
    """Every platform in the order of registration, then flat files, then none."""
    return (*_registered.values(), *_ALWAYS)


def find_platform(kind: str) -> Platform | None:
    """The platform of ``kind``, None for a kind nobody registered."""
    return next((platform for platform in all_platforms() if platform.kind == kind), None)


def label_of(kind: str) -> str:
    """How ``kind`` is called on screen; the kind itself when its channel is gone."""
    platform = find_platform(kind)
    return platform.label if platform else kind
