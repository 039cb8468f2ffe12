"""Problems by program: read, put off, give, talk about, ignore, mend, try again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from channels.models import Integration, Outbound, OutboundKind, OutboundState, Problem, ProblemState, Replay
from channels.problems import raise_problem, resolve
from channels.tests.factories import make_integration
from orders.tests.factories import line, trade
from portal.companies.models import AuditEvent
from portal.companies.models.audit import ActorKind
from portal.lib import clock

pytestmark = pytest.mark.django_db
ACTIONS = ("snooze", "wake", "assign", "ignore", "open-again", "mend", "try-again", "comments")


@pytest.fixture
def store(kingsway) -> Integration:
    return make_integration(kingsway, name="Kingsway store")


@pytest.fixture
def problem(store) -> Problem:
    return raise_problem(
        store.company, "no_price", "No price.", integration=store, value=Decimal("12.5"), currency="GBP"
    )


@pytest.fixture
def writer(api, kingsway):
    return api(kingsway, "problems:write")


def post(client, problem: Problem, name: str, **body: object):
    return client.post(f"/api/v1/problems/{problem.pk}/{name}/", body, format="json")


def test_a_problem_says_what_it_is_who_acts_and_what_is_stuck(api, store, problem):
    row = api(store.company, "problems:read").get("/api/v1/problems/", {"state": "open"}).json()["results"][0]
    assert (row["title"], row["action"], row["who_acts"]) == (
        "A product has no price on the list",
        "Set its price.",
        "You",
    )
    assert (row["value"], row["currency"], row["snoozed_until"], row["assigned_to"]) == ("12.5000", "GBP", None, None)


def test_problems_can_be_narrowed_to_the_open_ones(api, store, problem):
    resolve(code="no_price")
    reader = api(store.company, "problems:read")
    assert reader.get("/api/v1/problems/", {"state": "open"}).json()["results"] == []
    assert len(reader.get("/api/v1/problems/", {"state": "resolved"}).json()["results"]) == 1


def test_a_cause_is_put_off_and_brought_back(writer, problem):
    until = clock.now() + timedelta(hours=3)
    answer = post(writer, problem, "snooze", until=until.isoformat())
    assert answer.status_code == 200
    assert answer.json()["snoozed_until"]
    assert AuditEvent.objects.get(action="problem.snoozed").actor_kind == ActorKind.KEY
    assert post(writer, problem, "wake").json()["snoozed_until"] is None


@pytest.mark.parametrize("until", [None, "soon", "2026-01-02T03:04:05+00:00"])
def test_a_time_that_cannot_be_is_refused_with_its_field(writer, problem, until):
    answer = post(writer, problem, "snooze", until=until)
    assert answer.status_code == 400
    assert "until" in answer.content.decode()


def test_a_cause_is_given_to_a_colleague_by_address(writer, problem, kingsway, member):
    colleague = member(kingsway, "operations")
    assert post(writer, problem, "assign", person=colleague.email.upper()).json()["assigned_to"] == colleague.email
    assert post(writer, problem, "assign", person=None).json()["assigned_to"] is None


def test_a_stranger_cannot_be_given_it(writer, problem, stranger, member):
    answer = post(writer, problem, "assign", person=member(stranger).email)
    assert answer.status_code == 400
    assert "Nobody of your company" in answer.content.decode()


def test_comments_are_written_and_read(writer, problem):
    assert post(writer, problem, "comments", text="The list is coming.").status_code == 201
    (said,) = writer.get(f"/api/v1/problems/{problem.pk}/comments/").json()
    assert said["text"] == "The list is coming."
    assert said["author_name"]


def test_ignoring_needs_a_reason_and_can_be_undone(writer, problem):
    assert post(writer, problem, "ignore", reason="").status_code == 400
    assert post(writer, problem, "ignore", reason="a sample").json()["state"] == "ignored"
    assert post(writer, problem, "open-again").json()["state"] == "open"


def test_a_line_is_matched_and_the_order_goes_on(api, acme):
    trading = trade(retailer=acme)
    order = trading.place(line("XX9")).order
    found = Problem.objects.get()
    answer = post(
        api(acme, "problems:write"), found, "mend", way="match",
        line=order.lines.get().pk, variant=trading.goods["85123A"].pk,
    )  # fmt: skip
    assert answer.status_code == 200
    assert "Matched." in answer.json()["sentence"]
    found.refresh_from_db()
    assert found.state == ProblemState.RESOLVED


def test_a_way_that_does_not_fit_is_a_sentence(writer, problem):
    answer = post(writer, problem, "mend", way="settle")
    assert answer.status_code == 400
    assert "not mended in that way" in answer.content.decode()


def test_trying_again_twice_sends_once_and_reports(writer, store, monkeypatch):
    monkeypatch.setattr("channels.dispatch.async_task", lambda *args, **more: None)
    row = Outbound.objects.create(
        integration=store, kind=OutboundKind.PUBLISH, record_id=5, state=OutboundState.REFUSED
    )
    refused = raise_problem(store.company, "already_there", "Taken.", integration=store, outbound=row)
    first, second = (post(writer, refused, "try-again").json() for _ in range(2))
    assert (first["state"], first["results"]) == ("done", {"sent again": 1})
    assert second["results"] == {"under way already": 1}
    assert Outbound.objects.filter(state=OutboundState.WAITING).count() == 1
    assert writer.get(f"/api/v1/replays/{first['id']}/").json()["answers"] == {"on the way": 1}
    assert writer.post(f"/api/v1/replays/{first['id']}/cancel/").status_code == 409


def test_a_reading_key_changes_nothing(api, kingsway, problem):
    reader = api(kingsway, "problems:read")
    for name in ACTIONS:
        assert post(reader, problem, name, text="x").status_code == 403
    assert not Replay.objects.exists()


def test_a_key_without_the_scope_is_refused_with_its_name(api, kingsway):
    answer = api(kingsway, "orders:read").get("/api/v1/problems/")
    assert answer.status_code == 403
    assert "problems:read" in answer.json()["detail"]


@pytest.mark.parametrize("name", ACTIONS)
def test_a_stranger_meets_nothing(api, stranger, problem, name):
    assert post(api(stranger, "problems:write"), problem, name, text="x", reason="abc", way="settle", person=None,
                until=(clock.now() + timedelta(hours=1)).isoformat()).status_code == 404  # fmt: skip


def test_fifty_rows_cost_few_queries(api, store, django_assert_max_num_queries):
    for number in range(50):
        raise_problem(store.company, "no_price", f"No price {number}.", integration=store, cause_key=f"k{number}")
    reader = api(store.company, "problems:read")
    reader.get("/api/v1/problems/")
    with django_assert_max_num_queries(6):
        assert len(reader.get("/api/v1/problems/").json()["results"]) == 50
