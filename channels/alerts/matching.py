"""What a rule makes of what is stuck. Pure: parts and alerts go in, a decision comes out.

An alert opens when its cause reaches the rule's number and age. It stays one alert, however much the cause grows or shrinks, until nothing of the cause is
left; and it is over only when nothing came back for a while. That while doubles with each return within a day, so that what flaps does not ring each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from channels.causes import cause_of
from channels.models import Alert
from channels.models.alert import Whose
from portal.lib.money import CENT

# How long a cause must stay away before its alert is over; the longest after many returns.
HOLD = timedelta(minutes=10)
LONGEST_HOLD = timedelta(hours=4)
# A cause that comes back within so long after it was over is a return.
RETURN_WITHIN = timedelta(days=1)

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Open problems of one company that share cause, connection, kind of record and currency. ``is_ours``: the company itself must act."""

    cause_key: str
    code: str
    integration_id: int | None
    is_ours: bool
    currency: str
    number: int
    worth: Decimal | None
    since: datetime
    newest: int

    @property
    def key(self) -> Key:
        return self.cause_key, self.code


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule without its receivers. No codes and no connection mean any."""

    codes: frozenset[str] = frozenset()
    integration_id: int | None = None
    whose: str = Whose.ANYBODY
    at_least: int = 1
    older_than: timedelta = timedelta()

    def concerns(self, part: Part) -> bool:
        """Whether the rule looks at ``part`` at all, whatever its number and age."""
        return (
            (not self.codes or part.code in self.codes)
            and (self.integration_id is None or part.integration_id == self.integration_id)
            and (self.whose == Whose.ANYBODY or (self.whose == Whose.US) == part.is_ours)
        )

    def is_reached_by(self, seen: Seen, *, now: datetime) -> bool:
        """Whether ``seen`` is large and old enough."""
        return seen.number >= self.at_least and now - seen.since >= self.older_than


@dataclass(frozen=True, slots=True)
class Seen:
    """One cause as a rule sees it now: ``amounts`` by currency, ``newest`` the id of the problem seen last."""

    key: Key
    number: int
    amounts: Mapping[str, Decimal]
    since: datetime
    newest: int
    integration_id: int | None

    @property
    def stored_amounts(self) -> dict[str, str]:
        return {currency: str(worth.quantize(CENT)) for currency, worth in sorted(self.amounts.items())}


@dataclass(slots=True)
class Decision:
    """What must be written for one rule: causes to open, alerts with new figures, alerts whose cause is away, back, or over."""

    opened: list[Seen] = field(default_factory=list)
    changed: list[tuple[Alert, Seen]] = field(default_factory=list)
    away: list[Alert] = field(default_factory=list)
    back: list[Alert] = field(default_factory=list)
    over: list[Alert] = field(default_factory=list)


def decide(
    terms: Terms, parts: Iterable[Part], alerts: Iterable[Alert], *, now: datetime, speed: float = 1.0
) -> Decision:
    """Compare what is stuck with the rule's open ``alerts``. ``speed`` is the installation's time scale."""
    seen = seen_by(terms, parts)
    decision = Decision()
    open_now = {(alert.cause_key, alert.code): alert for alert in alerts}
    for key, alert in open_now.items():
        if key in seen:
            _still_there(decision, alert, seen[key])
        elif alert.away_since is None:
            decision.away.append(alert)
        elif now - alert.away_since >= hold_of(alert.returns) / speed:
            decision.over.append(alert)
    decision.opened = [each for key, each in seen.items() if key not in open_now and terms.is_reached_by(each, now=now)]
    return decision


def _still_there(decision: Decision, alert: Alert, seen: Seen) -> None:
    if alert.away_since is not None:
        decision.back.append(alert)
    if alert.count != seen.number or alert.amounts != seen.stored_amounts or alert.problem_id != seen.newest:
        decision.changed.append((alert, seen))


def seen_by(terms: Terms, parts: Iterable[Part]) -> dict[Key, Seen]:
    """The causes that a rule looks at, each with its parts added up; currencies stay apart."""
    gathered: dict[Key, list[Part]] = {}
    for part in parts:
        if terms.concerns(part):
            gathered.setdefault(part.key, []).append(part)
    return {key: _added_up(key, together) for key, together in gathered.items()}


def _added_up(key: Key, parts: list[Part]) -> Seen:
    amounts: dict[str, Decimal] = {}
    for part in parts:
        if part.worth and part.currency:
            amounts[part.currency] = amounts.get(part.currency, Decimal(0)) + part.worth
    newest = max(parts, key=lambda part: part.newest)
    return Seen(
        key,
        sum(part.number for part in parts),
        amounts,
        min(part.since for part in parts),
        newest.newest,
        newest.integration_id,
    )


def hold_of(returns: int) -> timedelta:
    """How long a cause must stay away before we say that it is over: ten minutes, doubled with each return, four hours at the most."""
    return min(HOLD * 2 ** min(returns, 10), LONGEST_HOLD)


def words_of_codes(codes: Iterable[str]) -> str:
    """ "Any cause", one cause's title, or how many."""
    known = list(codes)
    if not known:
        return "Any cause"
    return cause_of(known[0]).title if len(known) == 1 else f"Any of {len(known)} causes"
