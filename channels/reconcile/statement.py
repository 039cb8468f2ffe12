"""The statement of a book, like a bank's: brought forward, in, out and closing on both sides, and what explains the gap between them.

Theirs is what ours would be if every disagreement went their way; all other records were found alike. So a statement always adds up: ours less theirs is
what is on the way plus what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from channels.reconcile.entries import Figures, Pair
from portal.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Account:
    """One side of a book. ``opening`` + ``came`` − ``left`` = ``closing``."""

    opening: Figures
    came: Figures
    left: Figures
    closing: Figures

    def to_json(self) -> dict[str, list[Any]]:
        lines = {"opening": self.opening, "in": self.came, "out": self.left, "closing": self.closing}
        return {name: [line.count, str(line.amount)] for name, line in lines.items()}


def account(opening: Figures, closing: Figures, came: Figures | None) -> Account:
    """A side from its two ends and what came in between; without that, from the net change."""
    counts = _moved(opening.count, closing.count, came.count if came else 0)
    amounts = _moved(opening.amount, closing.amount, came.amount if came else ZERO)
    return Account(opening, Figures(counts[0], amounts[0]), Figures(counts[1], amounts[1]), closing)


def _moved(opening, closing, came):
    """(in, out), neither below 0, with opening + in − out = closing."""
    came = max(came, 0)
    left = opening + came - closing
    return (came, left) if left >= 0 else (came - left, opening * 0)


def gap_of(pairs: Iterable[Pair]) -> Figures:
    """Ours less theirs over some disagreements."""
    return sum((pair.gap for pair in pairs), Figures())


def figures_in(books: Mapping[str, Any], code: str, side: str) -> Figures:
    """The closing of a side in an earlier statement; nothing where there is none."""
    try:
        count, amount = books[code][side]["closing"]
        return Figures(int(count), Decimal(amount))
    except (KeyError, TypeError, ValueError):
        return Figures()


def write(
    *,
    before: Mapping[str, Any],
    code: str,
    closing: Figures,
    came: Figures | None,
    differing: Figures,
    moving: Figures,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """The statement of the book ``code`` as JSON. ``differing`` and ``moving`` are gaps (ours less theirs); ``facts`` go in as they are."""
    ours_before, theirs_before = (figures_in(before, code, side) for side in ("ours", "theirs"))
    theirs_closing = closing - differing - moving
    # What they moved otherwise than we did since the last statement stands in their in, or in their out where it is less.
    drift = (closing - ours_before) - (theirs_closing - theirs_before)
    ours = account(ours_before, closing, came)
    theirs = account(theirs_before, theirs_closing, ours.came - drift)
    return {
        "ours": ours.to_json(),
        "theirs": theirs.to_json(),
        "differing": [differing.count, str(differing.amount)],
        "moving": [moving.count, str(moving.amount)],
        **facts,
    }
