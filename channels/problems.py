"""Problems: raised once per cause and record, seen again without a second row, resolved when the cause is gone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F

from channels.models import Integration, Outbound, Problem, ProblemState
from channels.problem_care import join_cause
from portal.companies.models import Company, User
from portal.lib import clock


def raise_problem(
    company: Company | int,
    code: str,
    sentence: str,
    *,
    integration: Integration | None = None,
    record: Any = None,
    record_name: str = "",
    cause_key: str = "",
    detail: str = "",
    outbound: Outbound | None = None,
    value: Decimal | None = None,
    currency: str = "",
) -> Problem:
    """Open a problem of ``company``, or note that the open one was seen again. ``record`` is the model row that is stuck.

    What somebody ignored stays ignored: the same cause on the same record is only counted. What somebody snoozed is back when the cause meets another
    record. ``value`` is the record's own total where none is given.
    """
    company_id = company if isinstance(company, int) else company.pk
    identity = _identity(company_id, cause_key or _cause_key(code, record), record)
    facts = {
        "code": code,
        "sentence": sentence[:500],
        "detail": detail[:2000],
        "integration": integration,
        "record_name": (record_name or (str(record) if record is not None else ""))[:200],
        "outbound": outbound,
        "value": getattr(record, "total", None) if value is None else value,
        "currency": currency or getattr(record, "currency", "") or "",
    }
    ignored = Problem.objects.filter(**identity, state=ProblemState.IGNORED).order_by("-pk").first()
    if ignored is not None:
        return _seen_again(ignored, facts)
    problem, created = Problem.objects.get_or_create(**identity, state=ProblemState.OPEN, defaults=facts)
    if not created:
        return _seen_again(problem, facts)
    join_cause(problem)
    return problem


def _identity(company_id: int, cause_key: str, record: Any) -> dict[str, Any]:
    """What makes two sightings the same problem: whose it is, its cause, the record that is stuck."""
    return {
        "company_id": company_id,
        "cause_key": cause_key[:160],
        "record_type": type(record).__name__.lower() if record is not None else "",
        "record_id": record.pk if record is not None else None,
    }


def _seen_again(problem: Problem, facts: dict[str, Any]) -> Problem:
    """Note the newest facts and count the sighting."""
    for name, fact in facts.items():
        setattr(problem, name, fact)
    problem.last_seen_at = clock.now()
    problem.times_seen = F("times_seen") + 1
    problem.save(update_fields=[*facts, "last_seen_at", "times_seen"])
    return problem


def _cause_key(code: str, record: Any) -> str:
    """What breaks one connection is a cause of its own: it is mended there, and told of alone."""
    return f"{code}:{record.pk}" if isinstance(record, Integration) else code


def resolve(*, by: User | None = None, resolution: str = "", **which: Any) -> int:
    """Close the problems that match ``which`` (field lookups), ignored ones too: the cause is gone. How many there were."""
    return Problem.objects.filter(state__in=(ProblemState.OPEN, ProblemState.IGNORED), **which).update(
        state=ProblemState.RESOLVED, resolved_at=clock.now(), resolved_by=by, resolution=resolution[:300]
    )


def resolve_record(record: Any, *, by: User | None = None, resolution: str = "", **which: Any) -> int:
    """Close what is open about one record."""
    return resolve(
        by=by, resolution=resolution, record_type=type(record).__name__.lower(), record_id=record.pk, **which
    )
