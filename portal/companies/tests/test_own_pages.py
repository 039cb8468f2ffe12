"""A person's own pages, which are allauth's: in the portal's words and frame."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from portal.companies.templatetags.companies import browser
from portal.companies.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"
PAGES = {
    "account_change_password": "Change password",
    "account_email": "E-mail address",
    "mfa_index": "Two-step login",
    "mfa_activate_totp": "Set up the app",
    "usersessions_list": "Where you are logged in",
}


@pytest.fixture
def person():
    user = MembershipFactory().user
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def inside(person, login) -> Client:
    """A browser in which the person has just shown who they are."""
    client = login(person.memberships.get().company, user=person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def headings(page) -> list[str]:
    return [text.strip() for text in re.findall(r"<h1[^>]*>(.*?)</h1>", page.content.decode(), re.DOTALL)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_ones_own_is_titled_once_in_the_portals_words(name, inside):
    assert headings(inside.get(reverse(name))) == [PAGES[name]]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_else_opens_them(name, client):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_what_changes_the_log_in_asks_who_one_is(login, person):
    page = login(person.memberships.get().company, user=person).get(reverse("mfa_activate_totp"), follow=True)
    assert headings(page) == ["Show that it is you"]


def test_two_step_login_tells_how_many_codes_are_left_and_goes_off_after_a_question(inside, person):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    assert "10 of 10 codes are left" in inside.get(reverse("mfa_index")).content.decode()
    assert headings(inside.get(reverse("mfa_view_recovery_codes"))) == ["Recovery codes"]
    assert headings(inside.get(reverse("mfa_generate_recovery_codes"))) == ["Make recovery codes"]
    assert headings(inside.get(reverse("mfa_deactivate_totp"))) == ["Turn off two-step login"]
    page = inside.post(reverse("mfa_deactivate_totp"), follow=True)
    assert "Two-step login is off." in page.content.decode()


def test_the_second_step_asks_for_the_code(client, person):
    TOTP.activate(person, generate_totp_secret())
    page = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD}, follow=True)
    assert headings(page) == ["Two-step login"]
    assert "one of your recovery codes" in page.content.decode()


def test_a_password_is_changed_with_one_plain_sentence(inside, person):
    page = inside.get(reverse("account_change_password")).content.decode()
    assert ">Current password<" in page
    assert "placeholder" not in page.partition("<form")[2].partition("</form>")[0]
    said = {"oldpassword": PASSWORD, "password1": "another-horse-battery", "password2": "another-horse-battery"}
    assert (
        "Your password is changed."
        in inside.post(reverse("account_change_password"), said, follow=True).content.decode()
    )
    person.refresh_from_db()
    assert person.check_password("another-horse-battery")


def test_a_lone_confirmed_address_has_nothing_to_press_and_a_new_one_can_be_sent_its_link_again(inside, person):
    address = reverse("account_email")
    page = inside.get(address).content.decode()
    assert "You log in with it" in page
    assert [name for name in ("action_primary", "action_send", "action_remove") if name in page] == []
    said = inside.post(address, {"action_add": "", "email": "second@kingsway.example"}, follow=True).content.decode()
    assert "We sent a link to second@kingsway.example." in said
    assert [name for name in ("action_primary", "action_send", "action_remove") if name in said] == [
        "action_primary",
        "action_send",
        "action_remove",
    ]


def test_the_profile_is_marked_on_ones_own_pages(inside):
    for name in ("profile", "account_email", "mfa_index"):
        assert f'href="{reverse("profile")}" aria-current="page"' in inside.get(reverse(name)).content.decode()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Not known"),
    ],
)
def test_a_browser_is_named_as_people_call_it(agent, words):
    assert browser(agent) == words
