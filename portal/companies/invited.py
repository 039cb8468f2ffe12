"""Which invitation a visitor came with: its token waits in the session while they sign up or log in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from portal.companies.models import Invitation, Partnership
from portal.companies.services import find_invitation, find_partner_invitation
from portal.companies.services.partnerships import missing_role
from portal.lib.errors import DomainError

PERSON_KEY, PARTNER_KEY = "invitation", "partner_invitation"


@dataclass(frozen=True, slots=True)
class Invited:
    """The open invitation of this session: to work for a company, or to trade with one; both None for anybody else."""

    invitation: Invitation | None = None
    partnership: Partnership | None = None

    @property
    def email(self) -> str:
        """The address that the link was sent to."""
        found = (
            self.invitation.email if self.invitation else (self.partnership.invited_email if self.partnership else "")
        )
        return found.lower()

    @property
    def role_to_take(self) -> str:
        """ "supplier" or "retailer" for an invitation to trade, else ""."""
        return missing_role(self.partnership) if self.partnership else ""


def keep_invitation(request: HttpRequest, token: str) -> None:
    """Remember the link of an invitation to work for a company."""
    request.session[PERSON_KEY] = token


def keep_partner_invitation(request: HttpRequest, token: str) -> None:
    """Remember the link of an invitation to trade."""
    request.session[PARTNER_KEY] = token


def forget_invitations(request: HttpRequest) -> None:
    for key in (PERSON_KEY, PARTNER_KEY):
        request.session.pop(key, None)


def invited_by(request: HttpRequest) -> Invited:
    """What the session's link still stands for; closed and unknown links count as none."""
    return Invited(
        invitation=_open(find_invitation, request.session.get(PERSON_KEY)),
        partnership=_open(find_partner_invitation, request.session.get(PARTNER_KEY)),
    )


def _open(find, token: str | None):
    if not token:
        return None
    try:
        return find(token)
    except DomainError:
        return None
