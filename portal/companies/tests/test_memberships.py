"""Roles of people and the last owner."""

from __future__ import annotations

import pytest

from portal.companies.models import Membership, Role
from portal.companies.permissions import Can, permissions_of
from portal.companies.services import change_role, remove_member
from portal.companies.tests.factories import MembershipFactory
from portal.lib.errors import Conflict, NotAllowed

pytestmark = pytest.mark.django_db


def test_the_last_owner_cannot_be_removed():
    owner = MembershipFactory()
    with pytest.raises(Conflict, match="only owner"):
        remove_member(owner, by=owner.user)


def test_the_last_owner_cannot_step_down():
    owner = MembershipFactory()
    with pytest.raises(Conflict, match="only owner"):
        change_role(owner, Role.VIEWER, by=owner.user)


def test_one_of_two_owners_can_leave():
    owner = MembershipFactory()
    other = MembershipFactory(company=owner.company)
    remove_member(owner, by=owner.user)
    assert list(Membership.objects.filter(company=other.company)) == [other]


def test_an_admin_cannot_remove_an_owner():
    owner = MembershipFactory()
    MembershipFactory(company=owner.company)
    admin = MembershipFactory(company=owner.company, role=Role.ADMIN)
    with pytest.raises(NotAllowed, match="Only an owner"):
        remove_member(owner, by=admin.user)


def test_an_admin_cannot_make_themselves_an_owner():
    owner = MembershipFactory()
    admin = MembershipFactory(company=owner.company, role=Role.ADMIN)
    with pytest.raises(NotAllowed, match="Only an owner"):
        change_role(admin, Role.OWNER, by=admin.user)


def test_an_owner_of_another_company_counts_for_nothing_here():
    owner, elsewhere = MembershipFactory(), MembershipFactory()
    MembershipFactory(company=owner.company)
    with pytest.raises(NotAllowed, match="Only an owner"):
        remove_member(owner, by=elsewhere.user)


def test_a_role_we_do_not_know_may_nothing():
    assert permissions_of("emperor") == frozenset()


def test_a_viewer_may_only_look():
    assert permissions_of(Role.VIEWER) == {Can.VIEW}
