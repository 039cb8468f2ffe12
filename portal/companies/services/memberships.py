"""Who works for a company, and as what. A company always keeps an owner."""

from __future__ import annotations

from django.db import transaction

from portal.companies import audit
from portal.companies.models import Company, Membership, Role, User
from portal.lib.errors import Conflict, NotAllowed


@transaction.atomic
def add_member(company: Company, user: User, *, role: str, by: User | None = None) -> Membership:
    """Let ``user`` work for ``company``. A person who is already there keeps the role they have."""
    membership, created = Membership.objects.get_or_create(company=company, user=user, defaults={"role": role})
    if created:
        sentence = f"{user} joined as {membership.get_role_display().lower()}."
        audit.record(company, "member.added", target=membership, user=by or user, sentence=sentence)
    return membership


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: User) -> None:
    """Give a person another role. Raises NotAllowed when an admin touches an owner, Conflict for the last owner."""
    _lock(membership)
    if membership.role == role:
        return
    _only_owners_touch_owners(membership, role, by)
    _keep_an_owner(membership)
    was = membership.get_role_display()
    membership.role = role
    membership.save(update_fields=["role"])
    sentence = f"{membership.user} is now {membership.get_role_display().lower()} (was {was.lower()})."
    audit.record(membership.company, "member.role_changed", target=membership, user=by, sentence=sentence)


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """End a person's access at once. Raises like ``change_role``; people may remove themselves."""
    _lock(membership)
    if membership.user_id != by.pk:
        _only_owners_touch_owners(membership, "", by)
    _keep_an_owner(membership)
    sentence = f"{membership.user} no longer works for {membership.company}."
    audit.record(membership.company, "member.removed", target=membership, user=by, sentence=sentence)
    membership.delete()


def _lock(membership: Membership) -> None:
    # Two owners who demote each other at the same moment would both see another owner left.
    list(Membership.objects.select_for_update().filter(company=membership.company_id, role=Role.OWNER).order_by("pk"))
    membership.refresh_from_db(fields=["role"])


def _only_owners_touch_owners(membership: Membership, role: str, by: User) -> None:
    if Role.OWNER not in {membership.role, role}:
        return
    if not Membership.objects.filter(company=membership.company_id, user=by, role=Role.OWNER).exists():
        raise NotAllowed("Only an owner can make, change or remove an owner. Ask one of them.", field="role")


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        return
    others = Membership.objects.filter(company=membership.company_id, role=Role.OWNER).exclude(pk=membership.pk)
    if not others.exists():
        raise Conflict(
            f"{membership.user} is the only owner of {membership.company}. Make somebody else an owner first.",
            field="role",
        )
