"""Rules in words, for lists and mails: when they alert, whom they tell, how soon."""

from __future__ import annotations

from channels.alerts.matching import words_of_codes
from channels.models import AlertRule
from channels.models.alert import MailTo, Pace, Whose

_WHOSE = {Whose.US: "you must act", Whose.OTHERS: "others act, or nobody"}


def when_words(rule: AlertRule) -> str:
    """ "Any cause, you must act, at least 10 records, stuck for 2 h, on Acme shop"."""
    parts = [words_of_codes(rule.codes)]
    if rule.whose in _WHOSE:
        parts.append(_WHOSE[Whose(rule.whose)])
    if rule.at_least > 1:
        parts.append(f"at least {rule.at_least:,} records")
    if rule.older_than_minutes:
        parts.append(f"stuck for {minutes_words(rule.older_than_minutes)}")
    if rule.integration:
        parts.append(f"on {rule.integration}")
    return ", ".join(parts)


def tells_words(rule: AlertRule) -> str:
    """ "Portal, e-mail to whoever can mend it, webhook ERP". The rule's people are prefetched."""
    parts = ["Portal"] if rule.in_portal else []
    if rule.mail_to == MailTo.ACTING:
        parts.append("e-mail to whoever can mend it")
    elif rule.mail_to == MailTo.CHOSEN:
        number = len(rule.people.all())
        parts.append(
            f"e-mail to {number} {'person' if number == 1 else 'people'}" if number else "e-mail to nobody left"
        )
    if rule.endpoint:
        parts.append(f"webhook {rule.endpoint}{'' if rule.endpoint.enabled else ' (off)'}")
    said = ", ".join(parts)
    return f"{said[:1].upper()}{said[1:]}"


def pace_words(rule: AlertRule) -> str:
    """ "At once", "Every hour", "Every day at 08:00"."""
    if rule.pace == Pace.DAILY:
        return f"Every day at {rule.daily_hour:02d}:00"
    return "Every hour" if rule.pace == Pace.HOURLY else "At once"


def minutes_words(minutes: int) -> str:
    """ "45 min", "2 h", "3 days"."""
    if minutes % 1440 == 0:
        return f"{minutes // 1440} day{'' if minutes == 1440 else 's'}"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
