"""The small pages: profile, help, errors, the sandbox's mail box."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.test import RequestFactory
from django.urls import reverse

from portal.companies.permissions import Role
from portal.ui.tests.test_lists import member
from portal.web.guides import GUIDES
from portal.web.views import errors

pytestmark = pytest.mark.django_db


def test_a_person_changes_name_and_time_zone(client):
    user = member("Kingsway")
    client.force_login(user)
    client.post(reverse("profile"), {"name": "Priya Shah", "time_zone": "America/New_York"})
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Priya Shah", "America/New_York")


def test_an_unknown_time_zone_is_refused_and_changes_nothing(client):
    user = member("Kingsway")
    client.force_login(user)
    client.post(reverse("profile"), {"name": "Priya", "time_zone": "Mars/Olympus"})
    user.refresh_from_db()
    assert user.name == ""


def test_the_choice_of_colours_reaches_the_page(client):
    client.force_login(member("Kingsway"))
    client.post(reverse("theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in client.get(reverse("profile")).content.decode()


def test_a_forged_theme_is_not_kept(client):
    client.force_login(member("Kingsway"))
    client.post(reverse("theme"), {"theme": '"><script>'})
    assert "theme" not in client.cookies


@pytest.mark.parametrize("slug", [guide.slug for guide in GUIDES])
def test_every_guide_has_a_page_and_fits_the_drawer(client, slug):
    client.force_login(member("Kingsway"))
    assert client.get(reverse("help-page", args=[slug])).status_code == 200
    assert b"<html" not in client.get(reverse("help-drawer", args=[slug])).content


def test_a_page_that_is_not_there_says_so_in_a_sentence(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_role_that_may_not_reads_the_reason(client):
    client.force_login(member("Kingsway", role=Role.VIEWER))
    answer = client.get(reverse("company-settings"))
    assert answer.status_code == 403
    assert "Ask an owner or admin of Kingsway." in answer.content.decode()


def test_a_refusal_without_words_gets_some():
    answer = errors.forbidden(_request(), PermissionDenied())
    assert b"Your role may not open this page." in answer.content


def test_a_fault_of_ours_shows_no_trace():
    answer = errors.broken(_request())
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


def test_sandbox_mails_are_shown_newest_first_with_links_to_click(client, settings, tmp_path):
    settings.SANDBOX, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    for subject in ("Confirm your address", "You are invited"):
        backend = EmailBackend(file_path=str(tmp_path))
        backend.send_messages(
            [EmailMessage(subject, "Open https://portal.example/x/?a=1", to=["priya@kingsway.example"])]
        )
    page = client.get(reverse("sandbox-mails")).content.decode()
    assert "Confirm your address" in page
    assert "You are invited" in page
    assert '<a href="https://portal.example/x/?a=1"' in page


def test_there_is_no_mail_page_outside_the_sandbox(client, settings):
    settings.SANDBOX = False
    assert client.get(reverse("sandbox-mails")).status_code == 404


def test_a_load_balancer_reads_that_database_and_cache_answer(client):
    assert client.get(reverse("health")).status_code == 200


def _request():
    request = RequestFactory().get("/")
    request.user = None
    return request
