"""From a filled sign-up form to a company: what was asked is noted, and done when the e-mail address is verified."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from portal.companies import audit
from portal.companies.models import Company, CompanyKind, Invitation, Partnership, SignUp, User
from portal.companies.services.companies import create_company
from portal.companies.services.invitations import accept_invitation
from portal.companies.services.partnerships import accept_partnership
from portal.lib import clock
from portal.lib.errors import DomainError


@dataclass(frozen=True, slots=True)
class SignUpRequest:
    """What the form gave, cleaned. With ``invitation`` the person joins that company and the rest is not used."""

    company_name: str = ""
    kind: str = CompanyKind.SUPPLIER
    platform: str = ""
    store_address: str = ""
    time_zone: str = ""
    invitation: Invitation | None = None
    partnership: Partnership | None = None


def note_sign_up(user: User, request: SignUpRequest) -> SignUp:
    """Keep the request until ``user``'s address is verified; asking again replaces it. Times are shown to ``user`` in the zone that was told."""
    if request.time_zone:
        user.time_zone = request.time_zone
        user.save(update_fields=["time_zone"])
    wanted = {
        "company_name": request.company_name,
        "kind": request.kind,
        "platform": request.platform,
        "store_address": request.store_address,
        "time_zone": request.time_zone,
        "invitation": request.invitation,
        "partnership": request.partnership,
    }
    return SignUp.objects.update_or_create(user=user, defaults=wanted)[0]


@transaction.atomic
def complete_sign_up(user: User) -> Company | None:
    """Make the company or join the inviting one. Safe to call again: answers None when nothing is left to do.

    An invitation that was withdrawn meanwhile is noted and leaves the person without that company, never with an error page.
    """
    sign_up = SignUp.objects.select_for_update().filter(user=user, completed_at=None).first()
    if sign_up is None:
        return None
    sign_up.completed_at = clock.now()
    sign_up.save(update_fields=["completed_at"])
    company = _join(sign_up, user) or _create(sign_up, user)
    if company and sign_up.partnership:
        _trade(sign_up.partnership, company, user)
    return company


def _join(sign_up: SignUp, user: User) -> Company | None:
    if sign_up.invitation is None:
        return None
    try:
        with transaction.atomic():
            return accept_invitation(sign_up.invitation, user=user).company
    except DomainError as error:
        audit.record(sign_up.invitation.company, "invitation.refused", user=user, sentence=error.sentence)
        return None


def _create(sign_up: SignUp, user: User) -> Company | None:
    if not sign_up.company_name:
        return None
    return create_company(
        sign_up.company_name,
        kind=sign_up.kind,
        owner=user,
        platform=sign_up.platform,
        store_address=sign_up.store_address,
        email=user.email,
        time_zone=user.time_zone,
    )


def _trade(partnership: Partnership, company: Company, user: User) -> None:
    try:
        with transaction.atomic():
            accept_partnership(partnership, company=company, by=user)
    except DomainError as error:
        audit.record(company, "partnership.refused", target=partnership, user=user, sentence=error.sentence)
