"""Whose session it is, and for which of their companies they work in it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from portal.companies import backends
from portal.companies.middleware import SESSION_KEY
from portal.companies.models import Company, User
from portal.companies.tests.factories import MembershipFactory, SupplierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hannah() -> User:
    """Somebody who joined Acme first, then Bolt."""
    first = MembershipFactory(company=SupplierFactory(name="Acme"))
    MembershipFactory(company=SupplierFactory(name="Bolt"), user=first.user)
    return first.user


def session_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def company_in(client: Client) -> str | None:
    scope = client.get(reverse("help")).wsgi_request.scope
    return scope.company.name if scope else None


def choose(client: Client, company: Company) -> None:
    session = client.session
    session[SESSION_KEY] = company.pk
    session.save()


def test_a_person_signs_in_by_address_whatever_its_case(client):
    user = User.objects.create_user("hannah@acme.example", "correct-horse-battery")
    assert client.login(email="Hannah@Acme.example", password="correct-horse-battery")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not Client().login(email="hannah@acme.example", password="wrong-horse-battery")


def test_the_person_and_their_companies_are_read_in_one_query(hannah, django_assert_num_queries):
    with django_assert_num_queries(1):
        user = backends.PersonBackend().get_user(hannah.pk)
    assert user == hannah
    with django_assert_num_queries(0):
        assert [one.company.name for one in user.known_memberships] == ["Acme", "Bolt"]


def test_the_company_joined_first_is_the_one_until_another_is_chosen(hannah):
    client = session_of(hannah)
    assert company_in(client) == "Acme"
    choose(client, Company.objects.get(name="Bolt"))
    assert company_in(client) == "Bolt"


def test_a_chosen_company_beyond_those_read_along_is_found(hannah, monkeypatch):
    monkeypatch.setattr(backends, "MOST_KNOWN", 1)
    client = session_of(hannah)
    choose(client, Company.objects.get(name="Bolt"))
    assert company_in(client) == "Bolt"


def test_a_strangers_company_cannot_be_chosen(hannah):
    client = session_of(hannah)
    choose(client, SupplierFactory(name="Stranger"))
    assert company_in(client) == "Acme"


def test_who_was_removed_from_a_company_works_for_the_next_one_at_once(hannah):
    client = session_of(hannah)
    assert company_in(client) == "Acme"
    hannah.memberships.get(company__name="Acme").delete()
    assert company_in(client) == "Bolt"


def test_who_is_in_no_company_has_no_scope():
    assert company_in(session_of(User.objects.create_user("new@example.com"))) is None


def test_a_closed_account_is_nobodys_session(hannah):
    client = session_of(hannah)
    User.objects.filter(pk=hannah.pk).update(is_active=False)
    assert not client.get(reverse("help")).wsgi_request.user.is_authenticated
