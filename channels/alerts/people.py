"""Who gets a rule's mails: by role or by name, never somebody who left, and nobody twice for one break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from channels.causes import Fix, cause_of
from channels.models import AlertRule
from channels.models.alert import MailTo
from portal.companies.models import Membership
from portal.companies.permissions import Can, permissions_of

# What a person needs to mend a cause, by the screen that mends it; anything else is work on orders and problems.
_NEEDS = {
    Fix.REAUTHORISE: Can.INTEGRATIONS,
    Fix.SETTINGS: Can.INTEGRATIONS,
    Fix.CONFIRM: Can.INTEGRATIONS,
    Fix.WEBHOOK: Can.INTEGRATIONS,
    Fix.CONNECTIONS: Can.INTEGRATIONS,
    Fix.PRICES: Can.PRICES,
    Fix.PARTNERS: Can.PARTNERS,
    Fix.ADDRESS: Can.COMPANY,
}
# ``channels.health`` and ``channels.expiry`` write to everybody who may mend a connection, at the break itself.
TOLD_AT_THE_BREAK = frozenset(
    {
        "credentials_rejected",
        "permission_missing",
        "another_store",
        "wrong_address",
        "setting_missing",
        "key_expires",
    }
)


def members_of(company_ids: Iterable[int]) -> dict[int, list[Membership]]:
    """Everybody who works in these companies and may log in, by company id. One query."""
    found: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(company_id__in=list(company_ids), user__is_active=True)
    for row in rows.select_related("user").order_by("pk"):
        found[row.company_id].append(row)
    return found


def addresses_for(rule: AlertRule, code: str, members: Sequence[Membership]) -> list[str]:
    """The e-mail addresses that ``rule`` tells of a cause. ``members`` are the company's; the rule's people are prefetched or read."""
    return [member.user.email for member in chosen_by(rule, code, members) if not _knows_already(member, code)]


def chosen_by(rule: AlertRule, code: str, members: Sequence[Membership]) -> list[Membership]:
    """Whom the rule names for a cause; ``code`` "" stands for any cause."""
    if rule.mail_to == MailTo.ACTING:
        needed = _NEEDS.get(cause_of(code).fix, Can.ORDERS)
        return [member for member in members if needed.value in permissions_of(member.role)]
    if rule.mail_to == MailTo.CHOSEN:
        named = {person.pk for person in rule.people.all()}
        return [member for member in members if member.pk in named]
    return []


def _knows_already(member: Membership, code: str) -> bool:
    return code in TOLD_AT_THE_BREAK and Can.INTEGRATIONS.value in permissions_of(member.role)
