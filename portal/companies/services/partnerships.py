"""Supplier and retailer: invited, accepted, paused, ended. Nothing is shared before "accepted"; sandbox and live never meet."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from portal.companies import audit, mails
from portal.companies.models import Company, Partnership, PartnershipState, User
from portal.companies.models.access import INVITATION_LIFE, hash_token
from portal.companies.signals import partnership_accepted, partnership_changed
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError, InvalidMove, NotAllowed

S = PartnershipState
MOVES: dict[str, frozenset[str]] = {
    S.INVITED: frozenset({S.ACCEPTED, S.ENDED}),
    S.ACCEPTED: frozenset({S.PAUSED, S.ENDED}),
    S.PAUSED: frozenset({S.ACCEPTED, S.ENDED}),
    S.ENDED: frozenset(),
}
OTHER_ROLE = {"supplier": "retailer", "retailer": "supplier"}


@dataclass(frozen=True, slots=True)
class InvitedPartner:
    """A new partnership and the token of its link; empty when the partner's company was named."""

    partnership: Partnership
    token: str = ""


@transaction.atomic
def invite_partner(
    company: Company,
    *,
    as_role: str,
    by: User | None,
    email: str = "",
    name: str = "",
    other: Company | None = None,
    message: str = "",
) -> InvitedPartner:
    """Offer a partnership in which ``company`` is the ``as_role`` ("supplier" or "retailer"), to an address or to a company that exists.

    Raises DomainError for a role the company does not have, Conflict where a live partnership or open invitation stands, NotAllowed for sandbox with live.
    """
    email = email.strip().lower()
    _refuse_role(company, as_role, "You")
    if other:
        _refuse_pair(*_sides(company, other, as_role))
        email = email or other.email
    _refuse_second_invitation(company, email, as_role)
    token = secrets.token_urlsafe(32)
    partnership = _insert(
        inviter=company,
        invited_by=by,
        invited_email=email,
        invited_name=name or (other.name if other else ""),
        message=message,
        token_hash=hash_token(token),
        **{as_role: company, OTHER_ROLE[as_role]: other},
    )
    sentence = f"{company} invited {other or name or email} to trade."
    _note(partnership, "partnership.invited", by, sentence, company=company)
    if email:
        transaction.on_commit(lambda: mails.send_partner_invitation(partnership, token))
    return InvitedPartner(partnership, token)


def find_partner_invitation(token: str) -> Partnership:
    """The open invitation of a link. Raises DomainError with the reason when it cannot be used (any more)."""
    found = (
        Partnership.objects.select_related("supplier", "retailer", "inviter", "invited_by")
        .filter(token_hash=hash_token(token or ""))
        .first()
    )
    if found is None:
        raise DomainError("We do not know this invitation. Open the link from the e-mail again, in full.")
    if found.state == S.ENDED:
        raise DomainError(f"{found.inviter} has withdrawn this invitation. Ask them for a new one.")
    if found.state != S.INVITED:
        raise Conflict("This invitation has been accepted. You find the partner under Partners.")
    if found.created_at + INVITATION_LIFE < clock.now():
        raise DomainError(f"This invitation has expired. Ask {found.inviter} for a new one.")
    return found


def missing_role(partnership: Partnership) -> str:
    """The role that an invited company takes: "supplier" or "retailer"."""
    return "retailer" if partnership.supplier_id == partnership.inviter_id else "supplier"


@transaction.atomic
def accept_partnership(partnership: Partnership, *, company: Company, by: User | None) -> Partnership:
    """Trade, as the invited ``company``. Raises NotAllowed for the inviter or another company than the named one, InvalidMove unless invited."""
    partnership = _lock(partnership)
    if partnership.inviter_id == company.pk:
        raise NotAllowed("You sent this invitation. Your partner accepts it; we tell you when they have.")
    role = missing_role(partnership)
    if getattr(partnership, f"{role}_id") not in {None, company.pk}:
        raise NotAllowed("This invitation is for another company. Switch to that company first.")
    _refuse_role(company, role, str(company))
    if getattr(partnership, f"{role}_id") is None:
        sides = {OTHER_ROLE[role]: partnership.inviter, role: company}
        _refuse_pair(sides["supplier"], sides["retailer"])
        setattr(partnership, role, company)
    partnership.accepted_at = clock.now()
    _move(partnership, S.ACCEPTED)
    _note(
        partnership,
        "partnership.accepted",
        by,
        f"{company} accepted: {partnership} trade from now on.",
        company=company,
    )
    partnership_accepted.send(Partnership, partnership=partnership)
    return partnership


def pause_partnership(
    partnership: Partnership, *, company: Company | None, by: User | None, reason: str = ""
) -> Partnership:
    """Stop sharing for a while: listings show no stock, new orders are held. Either side may; ``company`` is None for staff.

    Raises InvalidMove unless trading.
    """
    return _change(partnership, S.PAUSED, "paused", company, by, reason)


def resume_partnership(partnership: Partnership, *, company: Company, by: User | None) -> Partnership:
    """Trade again after a pause. Raises InvalidMove unless paused."""
    if partnership.state != S.PAUSED:
        raise InvalidMove("Only a paused partnership can be resumed.")
    return _change(partnership, S.ACCEPTED, "resumed", company, by, "")


def end_partnership(
    partnership: Partnership, *, company: Company | None, by: User | None, reason: str = ""
) -> Partnership:
    """End for good (or withdraw, or decline an invitation); history stays. Trading again needs a new invitation. ``company`` is None for staff."""
    return _change(partnership, S.ENDED, "ended", company, by, reason)


@transaction.atomic
def change_terms(partnership: Partnership, *, by: User | None, needs_acceptance: bool, ship_within_days: int) -> None:
    """Whether supplier orders wait for a person's accept, and the days from order to parcel."""
    partnership = _lock(partnership)
    partnership.needs_acceptance, partnership.ship_within_days = needs_acceptance, ship_within_days
    partnership.save(update_fields=["needs_acceptance", "ship_within_days"])
    accepting = "orders wait to be accepted" if needs_acceptance else "orders are accepted automatically"
    sentence = f"Terms changed: ships within {ship_within_days} days, {accepting}."
    _note(partnership, "partnership.terms_changed", by, sentence)
    partnership_changed.send(Partnership, partnership=partnership, before=partnership.state)


@transaction.atomic
def _change(
    partnership: Partnership, state: str, word: str, company: Company | None, by: User | None, reason: str
) -> Partnership:
    partnership = _lock(partnership)
    if company and company.pk not in {partnership.supplier_id, partnership.retailer_id}:
        raise NotAllowed("This partnership belongs to other companies.")
    before = partnership.state
    if state == S.ENDED:
        partnership.ended_at = clock.now()
    _move(partnership, state)
    _note(
        partnership,
        f"partnership.{word}",
        by,
        f"{company or 'Tradelane staff'} {word} the partnership.",
        company=company,
        reason=reason,
    )
    partnership_changed.send(Partnership, partnership=partnership, before=before)
    return partnership


def _lock(partnership: Partnership) -> Partnership:
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    return Partnership.objects.select_related("supplier", "retailer", "inviter").get(pk=partnership.pk)


def _move(partnership: Partnership, state: str) -> None:
    if state not in MOVES[partnership.state]:
        raise InvalidMove(
            f"This partnership is {partnership.get_state_display().lower()}; it cannot become {S(state).label.lower()}."
        )
    partnership.state = state
    partnership.save()


def _note(
    partnership: Partnership,
    action: str,
    by: User | None,
    sentence: str,
    *,
    company: Company | None = None,
    reason: str = "",
) -> None:
    # Both sides keep their own copy: an audit row belongs to one company.
    for side in filter(None, (partnership.supplier, partnership.retailer)):
        actor = {"user": by} if company is None or side == company else {"actor_name": str(company)}
        audit.record(side, action, target=partnership, sentence=sentence, reason=reason, **actor)


def _insert(**fields: object) -> Partnership:
    try:
        with transaction.atomic():
            return Partnership.objects.create(**fields)
    except IntegrityError as error:
        raise Conflict("You and this company are partners already, or one of you has invited the other.") from error


def _sides(company: Company, other: Company, as_role: str) -> tuple[Company, Company]:
    return (company, other) if as_role == "supplier" else (other, company)


def _refuse_role(company: Company, role: str, subject: str) -> None:
    if not getattr(company, f"is_{role}"):
        verb = "are" if subject == "You" else "is"
        raise DomainError(
            f"{subject} {verb} not set up as a {role}. An owner can change that under Settings › Company, then try again.",
            field="as_role",
        )


def _refuse_pair(supplier: Company, retailer: Company) -> None:
    if supplier.pk == retailer.pk:
        raise DomainError("A company cannot be its own partner. Choose another company.", field="email")
    _refuse_role(supplier, "supplier", str(supplier))
    _refuse_role(retailer, "retailer", str(retailer))
    if supplier.is_sandbox != retailer.is_sandbox:
        raise NotAllowed(
            "One of these companies is a sandbox and the other is live. They can never trade with each other."
        )
    if Partnership.objects.filter(supplier=supplier, retailer=retailer).exclude(state=S.ENDED).exists():
        raise Conflict(f"{supplier} and {retailer} are partners already, or one has invited the other.", field="email")


def _refuse_second_invitation(company: Company, email: str, as_role: str) -> None:
    if (
        email
        and Partnership.objects.filter(
            inviter=company, invited_email=email, state=S.INVITED, **{f"{OTHER_ROLE[as_role]}__isnull": True}
        ).exists()
    ):
        raise Conflict(f"You have invited {email} already. Withdraw that invitation to send a new one.", field="email")
