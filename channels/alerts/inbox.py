"""The alerts of a company as its people read them in the portal, and how far each has read."""

from __future__ import annotations

from datetime import datetime

from django.db.models import DateTimeField, Expression, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from channels.models import Alert, AlertReading
from portal.companies.models import Company
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.prepared import Number, Prepared

MOST_COUNTED = 100


def shown_alerts(company: Company | int) -> QuerySet[Alert]:
    """The alerts of rules that tell in the portal."""
    return Alert.objects.for_company(company).filter(rule__in_portal=True)


def is_news_since(moment: datetime | Expression) -> Q:
    """Opened after ``moment``, or back to normal after it. What was put away without a word is no news."""
    return Q(opened_at__gt=moment) | Q(cleared_at__gt=moment, caught_up__gt=0)


def read_until(scope: Scope) -> datetime:
    """How far this person has read; the company's beginning for somebody who never looked."""
    found = AlertReading.objects.filter(company=scope.company, user=scope.user).values_list("read_until", flat=True)
    return found.first() or scope.company.created_at


def unread(scope: Scope) -> Number | None:
    """Alerts that are news to this person, a hundred at the most, to be counted."""
    if scope.user is None:
        return None
    person = {"company": scope.company.pk, "user": scope.user.pk, "beginning": scope.company.created_at}
    return Number(_UNREAD, person, MOST_COUNTED)


def _news(company: int, user: int, beginning: datetime) -> QuerySet[Alert, tuple[int]]:
    reading = AlertReading.objects.filter(company=company, user=user).values("read_until")
    since = Coalesce(Subquery(reading), Value(beginning, output_field=DateTimeField()))
    return shown_alerts(company).filter(is_news_since(since)).order_by().values_list("pk")


_UNREAD = Prepared(_news, moments=("beginning",))


def mark_read(scope: Scope) -> None:
    """This person has seen everything until now."""
    if scope.user is not None:
        AlertReading.objects.update_or_create(
            company=scope.company, user=scope.user, defaults={"read_until": clock.now()}
        )
