"""The two rules that every company has without configuring anything: what needs somebody at once, the rest once a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from channels.alerts.paces import next_digest
from channels.models import AlertRule
from channels.models.alert import MailTo, Pace, Standard, Whose
from portal.companies.models import Company
from portal.companies.signals import company_created
from portal.lib import clock

_MOST = 500


def standard_rules(company: Company) -> list[AlertRule]:
    """The standard rules of ``company``, not saved yet."""
    rest = AlertRule(
        company=company,
        name="Everything else",
        standard=Standard.REST,
        whose=Whose.OTHERS,
        pace=Pace.DAILY,
        mail_to=MailTo.ACTING,
    )
    rest.digest_due_at = next_digest(rest.pace, hour=rest.daily_hour, zone=company.time_zone, after=clock.now())
    return [AlertRule(company=company, name="Something needs you", standard=Standard.NEEDS_US, whose=Whose.US), rest]


def ensure(companies: Iterable[Company]) -> None:
    """Give each of ``companies`` the standard rules that it lacks; twice changes nothing."""
    rules = [rule for company in companies for rule in standard_rules(company)]
    AlertRule.objects.bulk_create(rules, ignore_conflicts=True, batch_size=_MOST)


def ensure_everywhere() -> None:
    """The same for companies that were there before alerts were. One query when none lacks them."""
    has = AlertRule.objects.filter(company=OuterRef("pk")).exclude(standard="")
    ensure(Company.objects.filter(~Exists(has)).order_by("pk")[:_MOST])


@receiver(company_created, dispatch_uid="alerts.standard_rules")
def _company_created(sender: Any, *, company: Company, **_: Any) -> None:
    ensure([company])
