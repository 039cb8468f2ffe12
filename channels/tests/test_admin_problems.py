"""Problems for staff: the cause as its company sees it, and trying again with a reason."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from channels.models import Integration, Outbound, OutboundKind, OutboundState, Problem
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.companies.models import AuditEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ops@example.com", "a-long-quiet-password"))
    return client


@pytest.fixture
def store(kingsway) -> Integration:
    return make_integration(kingsway, name="Kingsway store")


@pytest.fixture
def refused(store) -> Problem:
    row = Outbound.objects.create(
        integration=store, kind=OutboundKind.PUBLISH, record_id=5, state=OutboundState.REFUSED, last_answer="Taken."
    )
    return raise_problem(store.company, "already_there", "Mug: taken.", integration=store, outbound=row)


def page_of(client: Client, problem: Problem) -> str:
    answer = client.get(reverse("admin:channels_problem_cause", args=[problem.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def try_again(client: Client, problem: Problem) -> str:
    body = {"action": "try_again", "_selected_action": [problem.pk], "confirmed": "1", "reason": "the owner called us"}
    return client.post(reverse("admin:channels_problem_changelist"), body, follow=True).content.decode()


def test_staff_see_the_cause_as_its_company_does_without_its_buttons(staff, refused, kingsway):
    page = page_of(staff, refused)
    assert kingsway.name in page
    assert "Will be sent again" in page
    assert "Actions with a reason are in operations." in page
    assert "Try 1 again" not in page
    assert reverse("problem-snooze", args=[refused.pk]) not in page


def test_the_list_leads_to_it(staff, refused):
    page = staff.get(reverse("admin:channels_problem_changelist")).content.decode()
    assert reverse("admin:channels_problem_cause", args=[refused.pk]) in page


def test_a_person_of_a_company_does_not_get_there(login, kingsway, refused):
    answer = login(kingsway).get(reverse("admin:channels_problem_cause", args=[refused.pk]))
    assert answer.status_code == 302


def test_staff_try_a_problem_again_with_a_reason_and_once(staff, refused, monkeypatch):
    monkeypatch.setattr("channels.dispatch.async_task", lambda *args, **more: None)
    try_again(staff, refused)
    assert "trying again does nothing" in try_again(staff, refused)
    assert Outbound.objects.filter(state=OutboundState.WAITING).count() == 1
    assert AuditEvent.objects.get(action="staff.try_again").reason == "the owner called us"
