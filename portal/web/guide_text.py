"""What a guide says: its parts for the table of contents, its words for the search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from portal.web.guides import GUIDES, Guide

# Characters shown before and after what was found.
AROUND = 70


@dataclass(frozen=True, slots=True)
class Part:
    """A heading that the table of contents leads to."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Text:
    """A guide as read: ``body`` is its HTML, ``words`` its plain text."""

    guide: Guide
    body: SafeString
    parts: tuple[Part, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Found:
    """A guide that holds every word searched for, with the place where the first stands."""

    guide: Guide
    excerpt: str


def read_guide(guide: Guide) -> Text:
    """Render ``templates/help/<slug>.html`` and take it apart. Raises ``TemplateDoesNotExist`` for a guide without one."""
    body = render_to_string(f"help/{guide.slug}.html")
    reader = _Reader()
    reader.feed(body)
    # A template of ours, escaped where it was rendered.
    return Text(guide, mark_safe(body), tuple(reader.parts), " ".join(" ".join(reader.texts).split()))  # nosec B308 B703


def search_guides(text: str) -> list[Found]:
    """Guides in which every word of ``text`` stands: those about it, those with it in the title, then those that tell most of it; [] for an empty text."""
    wanted = text.casefold().split()
    if not wanted:
        return []
    found = [read for read in map(read_guide, GUIDES) if _holds(read, wanted)]
    found.sort(key=lambda read: _rank(read, wanted))
    return [Found(read.guide, _excerpt(read.words, wanted) or read.guide.sentence) for read in found]


def _holds(read: Text, wanted: Iterable[str]) -> bool:
    everything = f"{read.guide.title} {read.guide.sentence} {read.words}".casefold()
    return all(word in everything for word in wanted)


def _rank(read: Text, wanted: Iterable[str]) -> tuple[bool, bool, int]:
    in_subject = any(word in read.guide.slug for word in wanted)
    in_title = any(word in read.guide.title.casefold() for word in wanted)
    return not in_subject, not in_title, -sum(read.words.casefold().count(word) for word in wanted)


def _excerpt(words: str, wanted: Iterable[str]) -> str:
    at = min((at for word in wanted if (at := words.casefold().find(word)) >= 0), default=-1)
    if at < 0:
        return ""
    begin = words.rfind(" ", 0, max(at - AROUND, 0)) + 1 if at > AROUND else 0
    end = words.find(" ", at + AROUND)
    cut = words[begin:end] if end > 0 else words[begin:]
    return f"{'… ' if begin else ''}{cut}{' …' if end > 0 else ''}"


class _Reader(HTMLParser):
    """Collects text, and the second-rank headings that can be jumped to."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []
        self.texts: list[str] = []
        self._anchor = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2":
            self._anchor = dict(attrs).get("id") or ""

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._anchor and data.strip():
            self.parts.append(Part(self._anchor, data.strip()))
            self._anchor = ""
