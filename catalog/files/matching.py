"""Which column of a file is which field of ours: what the company said last, else a guess from the header, each field and column used once."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalog.files.kinds import FileKind

# Two headers are taken as the same word from here on; below, a wrong guess costs more than none.
LIKE = 88
HEAD_WITHIN = 15


@dataclass(frozen=True, slots=True)
class Match:
    """The columns that were found, and how: "remembered", "exact" or "like"."""

    columns: dict[str, int]
    how: dict[str, str]


def header_key(text: str) -> str:
    """A header without case, accents, units in brackets and punctuation: ``"Unit price (GBP)"`` → ``"unit price"``."""
    plain = unicodedata.normalize("NFKD", text.split("(")[0]).casefold()
    kept = "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one))
    return " ".join(kept.split())


def match_columns(kind: FileKind, headers: Sequence[str], *, remembered: Mapping[str, str] | None = None) -> Match:
    """The field of each header of ``headers``, where there is one. ``remembered`` maps header keys to fields ("" means: not used)."""
    keys = [header_key(text) for text in headers]
    columns: dict[str, int] = {}
    how: dict[str, str] = {}
    refused = {key for key, chosen in (remembered or {}).items() if not chosen}
    for word, pairs in (
        ("remembered", _remembered(keys, remembered or {})),
        ("exact", _exact(kind, keys)),
        ("like", _like(kind, keys)),
    ):
        for name, at in pairs:
            free = name not in columns and at not in columns.values()
            if free and (word == "remembered" or keys[at] not in refused):
                columns[name], how[name] = at, word
    return Match({one.key: columns[one.key] for one in kind.fields if one.key in columns}, how)


def find_head(kind: FileKind, rows: Sequence[Sequence[str]]) -> int:
    """Which of the first ``rows`` is the head: the one with most headers that we know, else the first."""
    known = [sum(1 for _ in dict(_exact(kind, [header_key(text) for text in row]))) for row in rows[:HEAD_WITHIN]]
    return known.index(max(known)) if known and max(known) > 0 else 0


def _remembered(keys: Sequence[str], remembered: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(remembered[key], at) for at, key in enumerate(keys) if remembered.get(key)]


def _exact(kind: FileKind, keys: Sequence[str]) -> list[tuple[str, int]]:
    """Earlier synonyms are better ones, so they are asked for first."""
    found = []
    for one in kind.fields:
        words = [header_key(one.label), *map(header_key, one.synonyms)]
        found += [(words.index(key), one.key, at) for at, key in enumerate(keys) if key in words]
    return [(name, at) for _, name, at in sorted(found, key=lambda item: item[0])]


def _like(kind: FileKind, keys: Sequence[str]) -> list[tuple[str, int]]:
    scored = []
    for one in kind.fields:
        for at, key in enumerate(keys):
            best = (
                max((fuzz.ratio(key, header_key(word)) for word in (one.label, *one.synonyms)), default=0)
                if len(key) > 3
                else 0
            )
            if best >= LIKE:
                scored.append((best, one.key, at))
    return [(name, at) for _, name, at in sorted(scored, key=lambda item: -item[0])]
