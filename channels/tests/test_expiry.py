"""A key that ends on a known day is told 30, 7 and 1 days ahead, once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from channels import credentials, expiry
from channels.models import Credential, Health, Integration, Problem
from channels.tests.factories import make_company, make_integration
from channels.tests.world import World, run
from portal.companies.models import AuditEvent
from portal.companies.tests.factories import MembershipFactory
from portal.lib import clock

pytestmark = pytest.mark.django_db
ENDS = datetime(2026, 12, 31, 12, tzinfo=UTC)


@pytest.fixture
def store() -> Integration:
    """A store whose key ends at the end of the year; an owner and a viewer work there."""
    integration = make_integration(name="Kingsway shop")
    MembershipFactory(company=integration.company, user__email="owner@kingsway.example")
    MembershipFactory(company=integration.company, role="viewer", user__email="viewer@kingsway.example")
    Credential.objects.filter(integration=integration).update(expires_at=ENDS)
    return integration


@pytest.fixture
def warn(django_capture_on_commit_callbacks):
    """The daily warning, with the mails that follow its transaction."""

    def run(integration: Integration) -> bool:
        with django_capture_on_commit_callbacks(execute=True):
            return expiry.warn(integration)

    return run


def open_warnings(store: Integration) -> list[Problem]:
    return list(Problem.objects.filter(integration=store, code="key_expires", state="open"))


def test_a_year_of_daily_checks_tells_30_7_and_1_days_ahead_once_each(store, warn, time_machine):
    told = []
    for ahead in range(365, 0, -1):
        time_machine.move_to(ENDS - timedelta(days=ahead))
        if warn(store):
            told.append(ahead)
    assert told == [30, 7, 1]
    assert [message.subject for message in mail.outbox] == [
        "Kingsway shop: the key ends in 30 days",
        "Kingsway shop: the key ends in 7 days",
        "Kingsway shop: the key ends within a day",
    ]


def test_checking_every_hour_tells_no_more_often(store, warn, time_machine):
    for hours in range(30):
        time_machine.move_to(ENDS - timedelta(days=7) + timedelta(hours=hours))
        warn(store)
    assert len(mail.outbox) == 1


def test_days_without_a_check_are_made_up_by_the_nearest_warning(store, warn, time_machine):
    time_machine.move_to(ENDS - timedelta(days=5))
    warn(store)
    assert [message.subject for message in mail.outbox] == ["Kingsway shop: the key ends in 5 days"]


def test_the_warning_says_what_it_means_and_what_to_do(store, warn, time_machine):
    time_machine.move_to(ENDS - timedelta(days=30))
    warn(store)
    (problem,) = open_warnings(store)
    assert "on 31 Dec 2026" in problem.sentence
    assert "Everything works until then" in problem.sentence
    assert mail.outbox[0].to == ["owner@kingsway.example"]
    assert f"/integrations/{store.pk}/reauthorise/" in mail.outbox[0].body


def test_a_nearer_warning_takes_the_place_of_the_one_before(store, warn, time_machine):
    for ahead in (30, 7):
        time_machine.move_to(ENDS - timedelta(days=ahead))
        warn(store)
    (problem,) = open_warnings(store)
    assert "in 7 days" in problem.sentence


def test_a_warning_somebody_ignored_is_not_repeated_at_its_distance(store, warn, time_machine):
    time_machine.move_to(ENDS - timedelta(days=30))
    warn(store)
    Problem.objects.update(state="ignored")
    time_machine.move_to(ENDS - timedelta(days=29))
    assert not warn(store)


def test_a_new_key_without_an_end_closes_the_warning(store, warn, time_machine):
    time_machine.move_to(ENDS - timedelta(days=7))
    warn(store)
    credentials.store(store, {"access_token": "new"})
    warn(store)
    assert open_warnings(store) == []


def test_a_new_key_is_warned_of_before_its_own_day(store, warn, time_machine):
    time_machine.move_to(ENDS - timedelta(days=7))
    warn(store)
    credentials.store(store, {"access_token": "new"}, expires_at=ENDS + timedelta(days=365))
    warn(store)
    time_machine.move_to(ENDS + timedelta(days=358))
    assert warn(store)


def test_two_stores_whose_keys_end_on_one_day_are_two_warnings(store, warn, time_machine):
    other = make_integration(store.company, name="Kingsway outlet")
    Credential.objects.filter(integration=other).update(expires_at=ENDS)
    time_machine.move_to(ENDS - timedelta(days=7))
    warn(store)
    warn(other)
    assert len(open_warnings(store)) == len(open_warnings(other)) == 1


@pytest.mark.parametrize("ends", [None, ENDS - timedelta(days=40)])
def test_a_key_without_an_end_or_past_it_is_not_warned_of(store, warn, time_machine, ends):
    time_machine.move_to(ENDS - timedelta(days=30))
    Credential.objects.filter(integration=store).update(expires_at=ends)
    assert not warn(store)
    assert mail.outbox == []


@pytest.mark.parametrize("kind", ["bigcommerce", "shift4shop"])
def test_the_daily_check_warns_and_finds_the_store_healthy_still(world: World, kind):
    integration = world.connect(make_company(), world.store(kind))
    ends = clock.now() + timedelta(days=6)
    Credential.objects.filter(integration=integration).update(expires_at=ends)
    run(integration, "check_credentials")
    integration.refresh_from_db()
    assert len(open_warnings(integration)) == 1
    assert integration.health == Health.HEALTHY


# --- entered by a person, for stores that do not tell ----------------------------------------------------------------------


def enter(client, store: Integration, day: str):
    form = client.get(reverse("integration-settings", args=[store.pk])).context["form"]
    values = {bound.html_name: bound.value() or "" for bound in form} | {"key_ends_on": day}
    return client.post(reverse("integration-settings", args=[store.pk]), values, follow=True)


@pytest.fixture
def client(store, login, time_machine):
    time_machine.move_to(ENDS - timedelta(days=200), tick=False)
    Credential.objects.update(expires_at=None)
    return login(store.company)


def test_a_day_entered_in_settings_is_kept_audited_and_shown(client, store):
    enter(client, store, "2026-12-31")
    assert credentials.facts(store).expires_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert (
        AuditEvent.objects.get(action="integration.key_end_told").sentence
        == "The key of Kingsway shop ends on 31 Dec 2026."
    )
    assert 'value="2026-12-31"' in client.get(reverse("integration-settings", args=[store.pk])).content.decode()


def test_saving_settings_again_tells_nothing_new(client, store):
    enter(client, store, "2026-12-31")
    enter(client, store, "2026-12-31")
    assert AuditEvent.objects.filter(action="integration.key_end_told").count() == 1


def test_a_near_day_warns_at_once_and_taking_it_away_closes_the_warning(client, store):
    enter(client, store, "2026-06-18")
    assert len(open_warnings(store)) == 1
    enter(client, store, "")
    assert open_warnings(store) == []
    assert credentials.facts(store).expires_at is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-01-01", "That day is past."),
        ("2126-01-01", "more than 20 years ahead"),
        ("31.12.2026", "Enter the day as year-month-day"),
        ("soon", "Enter the day as year-month-day"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_its_sentence(client, store, typed, said):
    assert said in enter(client, store, typed).content.decode()
    assert credentials.facts(store).expires_at is None


def test_a_new_key_can_be_given_its_day_while_reauthorising(world: World, login):
    integration = world.connect(make_company(), (shop := world.store("bigcommerce")))
    client = login(integration.company)
    page = reverse("integration-reauthorise", args=[integration.pk])
    day = (clock.now() + timedelta(days=300)).date()
    key = client.post(page, {**shop.credentials, "key_ends_on": day.isoformat()}).url.split("draft=")[1]
    run_lines = client.get(reverse("integration-reauthorise-check", args=[integration.pk]), {"draft": key})
    assert b"Save and go on" in b"".join(run_lines.streaming_content)
    client.post(page, {"do": "save", "draft": key})
    assert credentials.facts(integration).expires_at.date() == day


def test_a_past_day_stops_reauthorising_with_its_sentence(world: World, login):
    integration = world.connect(make_company(), (shop := world.store("bigcommerce")))
    page = reverse("integration-reauthorise", args=[integration.pk])
    answer = login(integration.company).post(page, {**shop.credentials, "key_ends_on": "2020-01-01"})
    assert "That day is past." in answer.content.decode()
