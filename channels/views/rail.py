"""The wizard's rail: which step is done, which is now."""

from __future__ import annotations

from dataclasses import dataclass

from channels.drafts import Held
from channels.models import ConnectDraft

_STEPS = (("name", "Name"), ("authorise", "Authorise"), ("check", "Check"), ("sync", "What to sync"))
_PARTS = {"consent": "authorise"}


@dataclass(frozen=True, slots=True)
class Stop:
    """A step on the rail; ``state`` is "done", "now" or "" (to come)."""

    key: str
    label: str
    state: str
    detail: str


def rail_of(draft: ConnectDraft | None, step: str) -> list[Stop]:
    """The four steps as they stand."""
    present = _PARTS.get(step, step)
    at = [key for key, _ in _STEPS].index(present)
    details = _details(draft)
    return [
        Stop(key, label, "now" if number == at else "done" if number < at else "", details.get(key, ""))
        for number, (key, label) in enumerate(_STEPS)
    ]


def _details(draft: ConnectDraft | None) -> dict[str, str]:
    details = {"sync": "Directions, first orders"}
    if draft:
        held = Held.of(draft)
        details |= {"name": draft.name, "check": held.store.get("name", "")}
        details["authorise"] = "Key received" if held.credentials else ""
    return details
