"""Rules: made, changed, switched, tried and removed; everything is in the company's activity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from channels.alerts import clearing, endpoints, waking
from channels.alerts.paces import next_digest
from channels.alerts.people import chosen_by, members_of
from channels.causes import CAUSES
from channels.models import AlertMail, AlertRule
from channels.models.alert import MailTo
from portal.companies import audit
from portal.companies.models import Membership, User
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

MOST = 50
TEST_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """Where a test went."""

    addresses: tuple[str, ...]
    endpoint: str

    @property
    def sentence(self) -> str:
        people = f"{len(self.addresses)} {'person' if len(self.addresses) == 1 else 'people'}" if self.addresses else ""
        to = " and ".join(part for part in (people, f"the webhook {self.endpoint}" if self.endpoint else "") if part)
        return f"A test is on its way to {to}."


@transaction.atomic
def save(rule: AlertRule, *, people: Iterable[Membership] | None = None, by: User | None) -> AlertRule:
    """Make or change a rule of ``rule.company``. ``people`` None leaves them as they are.

    Raises DomainError for codes, connections, endpoints or people that are not the company's, for nobody to tell and for too many rules; Conflict for a
    name that is taken. The next digest follows the pace.
    """
    is_new, chosen = rule.pk is None, list(people) if people is not None else None
    _check(rule, chosen)
    rule.name = " ".join(rule.name.split())
    rule.digest_due_at = next_digest(rule.pace, hour=rule.daily_hour, zone=rule.company.time_zone, after=clock.now())
    rule.save()
    if chosen is not None:
        rule.people.set(chosen)
    verb = "was made" if is_new else "was changed"
    _note(rule, f"alert_rule.{'created' if is_new else 'changed'}", f"The alert rule “{rule}” {verb}.", by)
    return rule


def _check(rule: AlertRule, people: Sequence[Membership] | None) -> None:
    company = rule.company
    others = AlertRule.objects.filter(company=company).exclude(pk=rule.pk)
    if others.filter(name=" ".join(rule.name.split())).exists():
        raise Conflict(f"A rule called “{rule.name}” exists already. Choose another name.", field="name")
    if rule.pk is None and others.count() >= MOST:
        raise DomainError(f"{MOST} rules are the most. Change one, or remove one that is not needed.")
    if unknown := set(rule.codes) - CAUSES.keys():
        raise DomainError(f"We know no cause “{sorted(unknown)[0]}”.", field="codes")
    if rule.integration and rule.integration.company_id != company.pk:
        raise DomainError("Choose one of your own connections.", field="integration")
    if rule.endpoint and (rule.endpoint.company_id != company.pk or rule.endpoint.removed_at):
        raise DomainError("Choose one of your own webhooks.", field="endpoint")
    _check_receivers(rule, people)


def _check_receivers(rule: AlertRule, people: Sequence[Membership] | None) -> None:
    if any(person.company_id != rule.company_id for person in people or ()):
        raise DomainError("Choose people of your own company.", field="people")
    if rule.mail_to == MailTo.CHOSEN:
        has_any = bool(people) if people is not None else bool(rule.pk and rule.people.exists())
        if not has_any:
            raise DomainError("Choose at least one person, or somebody else to write to.", field="people")
    if not (rule.in_portal or rule.endpoint or rule.mail_to != MailTo.NOBODY):
        raise DomainError("Choose where to tell: in the portal, by e-mail or to a webhook.", field="in_portal")


@transaction.atomic
def switch(rule: AlertRule, *, enabled: bool, by: User | None) -> None:
    """Turn a rule on or off; off, its open alerts end without a word. Twice changes nothing."""
    due = next_digest(rule.pace, hour=rule.daily_hour, zone=rule.company.time_zone, after=clock.now())
    if not AlertRule.objects.filter(pk=rule.pk, enabled=not enabled).update(enabled=enabled, digest_due_at=due):
        return
    rule.enabled = enabled
    if not enabled:
        clearing.put_away(rule, now=clock.now())
    _note(rule, "alert_rule.switched", f"The alert rule “{rule}” was switched {'on' if enabled else 'off'}.", by)


@transaction.atomic
def remove(rule: AlertRule, *, by: User | None) -> None:
    """Remove a rule with its alerts. Raises DomainError for a standard one, which can be switched off."""
    if rule.standard:
        raise DomainError("This rule belongs to every company. Switch it off if you do not want it.")
    _note(rule, "alert_rule.removed", f"The alert rule “{rule}” was removed.", by)
    rule.delete()


@transaction.atomic
def send_test(rule: AlertRule) -> Tried:
    """Send a test to everybody whom the rule tells. Raises DomainError when it tells nobody, Conflict when one was sent a moment ago."""
    now = clock.now()
    if AlertMail.objects.filter(rule=rule, is_test=True, created_at__gt=now - TEST_EVERY).exists():
        raise Conflict("A test was sent less than a minute ago. Wait until it arrived.")
    addresses = receivers_of(rule)
    if not addresses and not rule.endpoint:
        raise DomainError("This rule tells in the portal only, so there is nothing to send.")
    subject = f"{rule.company}: a test of the alert rule “{rule}”"[:200]
    news: dict[str, Any] = {"rule": rule.name}
    AlertMail.objects.bulk_create(
        [
            AlertMail(company=rule.company, rule=rule, is_test=True, to=address, subject=subject, news=news)
            for address in addresses
        ]
    )
    if addresses:
        waking.wake_mails()
    if rule.endpoint:
        endpoints.send_test(rule.endpoint, rule=rule)
    return Tried(tuple(addresses), rule.endpoint.name if rule.endpoint else "")


def receivers_of(rule: AlertRule) -> list[str]:
    """Everybody whom the rule may write to, whatever the cause."""
    members = members_of([rule.company_id]).get(rule.company_id, [])
    codes = rule.codes or [""]
    found = {member.user.email: None for code in codes for member in chosen_by(rule, code, members)}
    return list(found)


def _note(rule: AlertRule, action: str, sentence: str, by: User | None) -> None:
    audit.record(rule.company, action, target=rule, sentence=sentence, user=by)
