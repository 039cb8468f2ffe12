"""Writes of this app: each function is one rule, runs in one transaction and raises DomainError with a sentence when it says no."""

from portal.companies.services.api_keys import IssuedKey, create_api_key, revoke_api_key
from portal.companies.services.companies import create_company, update_company
from portal.companies.services.invitations import accept_invitation, find_invitation, invite_person, withdraw_invitation
from portal.companies.services.memberships import add_member, change_role, remove_member
from portal.companies.services.partnerships import (
    accept_partnership,
    change_terms,
    end_partnership,
    find_partner_invitation,
    invite_partner,
    pause_partnership,
    resume_partnership,
)
from portal.companies.services.sign_up import complete_sign_up, note_sign_up

__all__ = [
    "IssuedKey",
    "accept_invitation",
    "accept_partnership",
    "add_member",
    "change_role",
    "change_terms",
    "complete_sign_up",
    "create_api_key",
    "create_company",
    "end_partnership",
    "find_invitation",
    "find_partner_invitation",
    "invite_partner",
    "invite_person",
    "note_sign_up",
    "pause_partnership",
    "remove_member",
    "resume_partnership",
    "revoke_api_key",
    "update_company",
    "withdraw_invitation",
]
