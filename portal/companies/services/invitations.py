"""Inviting a person to work for a company, by a link that only their mail holds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction

from portal.companies import audit, mails
from portal.companies.models import Company, Invitation, Membership, Role, User
from portal.companies.models.access import hash_token
from portal.companies.services.memberships import add_member
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError, NotAllowed


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation and the token of its link, which is not kept anywhere else."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite_person(company: Company, *, email: str, role: str, by: User) -> Invited:
    """Send ``email`` a link to join ``company`` as ``role``; an earlier open invitation to that address is withdrawn.

    Raises Conflict when the person is a member already, NotAllowed when somebody who is no owner invites an owner.
    """
    email = email.strip().lower()
    if Membership.objects.filter(company=company, user__email__iexact=email).exists():
        raise Conflict(f"{email} already works for {company}. Change their role in the list below.", field="email")
    if role == Role.OWNER and not Membership.objects.filter(company=company, user=by, role=Role.OWNER).exists():
        raise NotAllowed("Only an owner can invite another owner. Choose Admin, or ask an owner.", field="role")
    _open_ones(company).filter(email=email).update(withdrawn_at=clock.now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        company=company, email=email, role=role, invited_by=by, token_hash=hash_token(token)
    )
    sentence = f"{email} was invited as {invitation.get_role_display().lower()}."
    audit.record(company, "invitation.sent", target=invitation, user=by, sentence=sentence)
    transaction.on_commit(lambda: mails.send_invitation(invitation, token))
    return Invited(invitation, token)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Make the link useless. Does nothing to one that is withdrawn; raises Conflict for one that was accepted."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise Conflict(f"{invitation.email} has joined already. Remove them under People instead.")
    if invitation.withdrawn_at:
        return
    invitation.withdrawn_at = clock.now()
    invitation.save(update_fields=["withdrawn_at"])
    sentence = f"The invitation of {invitation.email} was withdrawn."
    audit.record(invitation.company, "invitation.withdrawn", target=invitation, user=by, sentence=sentence)


def find_invitation(token: str) -> Invitation:
    """The open invitation of a link. Raises DomainError with the reason when it cannot be used (any more)."""
    invitation = (
        Invitation.objects.select_related("company", "invited_by").filter(token_hash=hash_token(token or "")).first()
    )
    if invitation is None:
        raise DomainError("We do not know this invitation. Open the link from the e-mail again, in full.")
    _refuse_closed(invitation)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User) -> Membership:
    """Join the company, once. Raises NotAllowed when ``user`` is not the invited address, DomainError when the invitation is closed."""
    invitation = Invitation.objects.select_for_update().select_related("company").get(pk=invitation.pk)
    _refuse_closed(invitation)
    if user.email.lower() != invitation.email.lower():
        raise NotAllowed(
            f"This invitation was sent to {invitation.email}, and you are logged in as {user.email}. "
            "Log in with that address, or ask for an invitation to this one."
        )
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    return add_member(invitation.company, user, role=invitation.role)


def _open_ones(company: Company):
    return Invitation.objects.filter(company=company, accepted_at=None, withdrawn_at=None)


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise Conflict("This invitation has been used. Log in to open the company.")
    if invitation.withdrawn_at:
        raise DomainError(f"{invitation.company} has withdrawn this invitation. Ask them for a new one.")
    if not invitation.is_open:
        raise DomainError(f"This invitation has expired. Ask {invitation.company} for a new one.")
