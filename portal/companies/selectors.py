"""Reads of this app; each in a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Model, Q, QuerySet

from portal.companies.models import (
    ApiKey,
    AuditEvent,
    Company,
    Invitation,
    Membership,
    Partnership,
    PartnershipState,
    User,
)
from portal.companies.notices import Notice, notices_for
from portal.lib import clock


@dataclass(frozen=True, slots=True)
class Partner:
    """One partnership as ``company`` sees it."""

    partnership: Partnership
    name: str
    company: Company | None
    we_supply: bool
    we_invited: bool
    notices: list[Notice]

    @property
    def waits_for_us(self) -> bool:
        return self.partnership.state == PartnershipState.INVITED and not self.we_invited


def partnership_between(supplier: Company, retailer: Company) -> Partnership | None:
    """The accepted partnership of the two, None when they do not trade now."""
    return Partnership.objects.filter(supplier=supplier, retailer=retailer, state=PartnershipState.ACCEPTED).first()


def trading_partnerships(company: Company) -> QuerySet[Partnership]:
    """Accepted partnerships of ``company``, either side, with both companies loaded."""
    return _with_sides(Partnership.objects.for_company(company)).filter(state=PartnershipState.ACCEPTED)


def partnerships_of(company: Company) -> QuerySet[Partnership]:
    """Every partnership of ``company`` that has not ended, both companies loaded."""
    return _with_sides(Partnership.objects.for_company(company)).exclude(state=PartnershipState.ENDED).order_by("-pk")


def partner_views(company: Company, partnerships: QuerySet[Partnership] | list[Partnership]) -> list[Partner]:
    """``partnerships`` in the eyes of ``company``, with what is missing."""
    rows = list(partnerships)
    notices = notices_for(company, rows)
    return [_partner(company, row, notices[row.pk]) for row in rows]


def people_of(company: Company) -> QuerySet[Membership]:
    return company.memberships.select_related("user").order_by("pk")


def open_invitations(company: Company) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return (
        company.invitations.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())
        .select_related("invited_by")
        .order_by("-pk")
    )


def invitations_to(user: User) -> QuerySet[Partnership]:
    """Partnership invitations that were sent to ``user``'s address and name no company yet."""
    return _with_sides(
        Partnership.objects.filter(invited_email__iexact=user.email, state=PartnershipState.INVITED)
    ).filter(Q(supplier=None) | Q(retailer=None))


def keys_of(company: Company) -> QuerySet[ApiKey]:
    """Live keys first, then revoked ones, newest first."""
    return company.api_keys.select_related("created_by").order_by(F("revoked_at").asc(nulls_first=True), "-pk")


def companies_of(user: User) -> QuerySet[Membership]:
    """The companies a person works for, for the switcher."""
    return user.memberships.select_related("company").order_by("company__name")


def history_of(company: Company, target: Model, *, limit: int = 20) -> QuerySet[AuditEvent]:
    """The latest actions on one record."""
    return (
        AuditEvent.objects.for_company(company)
        .filter(target_type=target._meta.model_name, target_id=str(target.pk))
        .select_related("user")[:limit]
    )


def _with_sides(rows: QuerySet[Partnership]) -> QuerySet[Partnership]:
    return rows.select_related("supplier", "retailer", "inviter", "invited_by")


def _partner(company: Company, row: Partnership, notices: list[Notice]) -> Partner:
    other = row.other_side(company)
    return Partner(
        partnership=row,
        name=other.name if other else (row.invited_name or row.invited_email),
        company=other,
        we_supply=row.supplier_id == company.pk,
        we_invited=row.inviter_id == company.pk,
        notices=notices,
    )
