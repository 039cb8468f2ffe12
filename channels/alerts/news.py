"""What people are told: lines of alerts, gathered so that one sweep writes one mail to a person, whatever rules it came through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from channels.causes import cause_of
from channels.models import Alert
from portal.companies.mails import absolute
from portal.lib.money import display

# A mail names so many of each kind; the rest is a number.
MOST_LINES = 20


@dataclass(slots=True)
class News:
    """What one person hears of. Each cause once, although several rules of theirs may see it. ``still_open`` is a digest's number of older ones."""

    opened: dict[tuple[str, str], Alert] = field(default_factory=dict)
    cleared: dict[tuple[str, str], Alert] = field(default_factory=dict)
    still_open: int = 0

    def add_opened(self, alert: Alert) -> None:
        self.opened.setdefault((alert.cause_key, alert.code), alert)

    def add_cleared(self, alert: Alert) -> None:
        self.cleared.setdefault((alert.cause_key, alert.code), alert)

    def to_json(self) -> dict[str, Any]:
        """What the template of the mail shows."""
        return {
            "opened": _lines(self.opened.values()),
            "more_opened": max(len(self.opened) - MOST_LINES, 0),
            "cleared": _lines(self.cleared.values()),
            "more_cleared": max(len(self.cleared) - MOST_LINES, 0),
            "still_open": self.still_open,
        }


def _lines(alerts: Iterable[Alert]) -> list[dict[str, str]]:
    return [line_of(alert) for alert in list(alerts)[:MOST_LINES]]


def line_of(alert: Alert) -> dict[str, str]:
    """One alert in words, for a mail."""
    return {
        "title": alert.title,
        "worth": worth_of(alert.amounts),
        "action": cause_of(alert.code).action,
        "rule": alert.rule.name,
        "caught_up": caught_up_words(alert),
        "url": absolute(alert.get_absolute_url()),
    }


def worth_of(amounts: Mapping[str, str]) -> str:
    """ "£284.10 and €12.00" from amounts by currency; currencies are never added up."""
    return " and ".join(display(Decimal(worth), currency) for currency, worth in sorted(amounts.items()))


def caught_up_words(alert: Alert) -> str:
    """ "37 caught up", "1 caught up", or "" while it is open."""
    return f"{alert.caught_up:,} caught up" if alert.cleared_at and alert.caught_up else ""


def subject_of(news: News, company: str) -> str:
    """The subject of a mail: the one title, or how many of what; the company's name first, since one person may work for several."""
    if len(news.opened) == 1 and not news.cleared:
        return f"{company}: {next(iter(news.opened.values())).title}"[:200]
    if len(news.cleared) == 1 and not news.opened:
        return f"{company}: back to normal, {_inside(next(iter(news.cleared.values())).title)}"[:200]
    return f"{company}: {_numbers(news)}"[:200]


def digest_subject(news: News, company: str, pace: str) -> str:
    """The subject of a digest: "Acme: 3 new alerts, 1 back to normal (daily digest)"."""
    return f"{company}: {_numbers(news)} ({pace} digest)"[:200]


def _numbers(news: News) -> str:
    """ "3 new alerts, 1 back to normal"."""
    new, back = len(news.opened), len(news.cleared)
    parts = [f"{new} new alert{'' if new == 1 else 's'}" if new else "", f"{back} back to normal" if back else ""]
    return ", ".join(part for part in parts if part)


def _inside(title: str) -> str:
    """A title inside a sentence."""
    return f"{title[:1].lower()}{title[1:]}" if title[1:2].islower() else title
