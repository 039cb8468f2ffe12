"""Joining a company by a link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.companies.models import AuditEvent, Invitation, Membership, Role
from portal.companies.services import accept_invitation, find_invitation, invite_person, withdraw_invitation
from portal.companies.tests.factories import MembershipFactory, UserFactory
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(company__name="Kingsway Giftware", role=Role.OWNER)


def invite(owner, email="new@example.com", role=Role.OPERATIONS):
    return invite_person(owner.company, email=email, role=role, by=owner.user)


def test_the_invited_person_joins_with_the_role_of_the_invitation(owner):
    invited = invite(owner)
    user = UserFactory(email="new@example.com")
    accept_invitation(find_invitation(invited.token), user=user)
    assert Membership.objects.get(user=user).role == Role.OPERATIONS
    assert AuditEvent.objects.filter(company=owner.company, action="member.added").count() == 1


def test_only_the_hash_of_a_link_is_kept(owner):
    invited = invite(owner)
    assert invited.token not in str(Invitation.objects.values().get())


def test_the_link_reaches_the_invited_person_and_says_who_invites(
    owner, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(owner)
    mail = mailoutbox[0]
    assert mail.to == ["new@example.com"]
    assert invited.token in mail.body
    assert str(owner.user) in mail.body
    assert "Kingsway Giftware" in mail.subject


def test_a_link_works_once(owner):
    invited = invite(owner)
    invitation = find_invitation(invited.token)
    accept_invitation(invitation, user=UserFactory(email="new@example.com"))
    with pytest.raises(Conflict, match="has been used"):
        find_invitation(invited.token)


def test_another_address_is_refused_with_both_addresses_named(owner):
    invitation = invite(owner).invitation
    with pytest.raises(NotAllowed, match="new@example.com.*other@example.com"):
        accept_invitation(invitation, user=UserFactory(email="other@example.com"))


def test_a_withdrawn_link_is_refused(owner):
    invited = invite(owner)
    withdraw_invitation(invited.invitation, by=owner.user)
    with pytest.raises(DomainError, match="withdrawn"):
        find_invitation(invited.token)


def test_a_link_expires_after_two_weeks(owner):
    invited = invite(owner)
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(DomainError, match="expired"):
        find_invitation(invited.token)


def test_an_unknown_link_is_refused():
    with pytest.raises(DomainError, match="do not know"):
        find_invitation("nonsense")


def test_inviting_again_makes_the_first_link_useless(owner):
    first = invite(owner)
    invite(owner)
    with pytest.raises(DomainError, match="withdrawn"):
        find_invitation(first.token)


def test_a_member_is_not_invited_twice(owner):
    with pytest.raises(Conflict, match="already works"):
        invite(owner, email=owner.user.email.upper())


def test_an_admin_cannot_invite_an_owner(owner):
    admin = MembershipFactory(company=owner.company, role=Role.ADMIN)
    with pytest.raises(NotAllowed, match="Only an owner"):
        invite(admin, role=Role.OWNER)
