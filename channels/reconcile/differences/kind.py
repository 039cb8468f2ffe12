"""What a row of the table says: how sides can differ, and the ways out."""

from __future__ import annotations

from dataclasses import dataclass

from channels.causes import Owner


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out. ``do`` is a row of ``choose.DEEDS``; ``consequence`` says what will happen before a person agrees."""

    do: str
    label: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` names it in a list, ``cause`` says what probably happened. A side that is None cannot be chosen.

    ``is_lapse``: something that we promise did not happen, whoever can mend it. The others are what people did in a store.
    """

    code: str
    title: str
    cause: str
    owner: Owner
    ours: Choice | None = None
    theirs: Choice | None = None
    is_lapse: bool = False


def note(label: str, consequence: str) -> Choice:
    """The way out that changes nothing and remembers that somebody chose it."""
    return Choice(
        "note", label, f"{consequence} It is written down and not shown as open again unless a figure changes."
    )


FETCH_GOODS = Choice("fetch_product", "Take the store's", "The product is read from the store again, with its stock.")
