"""Making a company and changing what it says of itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

from portal.companies import audit, platforms
from portal.companies.models import Company, Membership, Role, User
from portal.companies.signals import company_changed, company_created
from portal.lib.errors import DomainError

_WORDS = {"kind": "role", "platform": "platform", "store_address": "store address", "time_zone": "time zone"}


@transaction.atomic
def create_company(name: str, *, kind: str, owner: User | None = None, **fields: Any) -> Company:
    """Make a company with ``owner`` as its first owner and announce it. In a sandbox installation it is a sandbox company."""
    fields.setdefault("is_sandbox", settings.SANDBOX)
    company = Company.objects.create(name=name.strip(), kind=kind, **fields)
    if owner:
        Membership.objects.create(company=company, user=owner, role=Role.OWNER)
    audit.record(company, "company.created", target=company, user=owner, sentence=f"{company.name} was created.")
    company_created.send(Company, company=company, owner=owner)
    return company


@transaction.atomic
def update_company(company: Company, *, by: User | None, **changes: Any) -> list[str]:
    """Write what differs among ``changes`` and answer the names of those fields; nothing differs: nothing is written.

    Raises DomainError for a kind that existing partnerships forbid.
    """
    changed = [name for name, value in changes.items() if getattr(company, name) != value]
    if not changed:
        return []
    before = {name: getattr(company, name) for name in changed}
    for name in changed:
        setattr(company, name, changes[name])
    _refuse_kind_in_use(company)
    company.save(update_fields=changed)
    _note_change(company, changed, before, by)
    company_changed.send(Company, company=company, fields=changed)
    return changed


def _refuse_kind_in_use(company: Company) -> None:
    live = {
        "supplier": company.as_supplier.exclude(state="ended"),
        "retailer": company.as_retailer.exclude(state="ended"),
    }
    for role, partnerships in live.items():
        if not getattr(company, f"is_{role}") and partnerships.exists():
            raise DomainError(
                f"{company.name} still trades as a {role}. End those partnerships first, or choose Supplier and retailer.",
                field="kind",
            )


def _note_change(company: Company, changed: list[str], before: dict[str, Any], by: User | None) -> None:
    if "platform" in changed:
        was, now = platforms.label_of(before["platform"]) or "nothing", platforms.label_of(company.platform)
        sentence = f"The platform changed from {was} to {now}."
    else:
        sentence = f"Changed: {', '.join(_WORDS.get(name, name) for name in changed)}."
    data = {name: [str(before[name]), str(getattr(company, name))] for name in changed}
    audit.record(company, "company.changed", target=company, user=by, sentence=sentence, data=data)
