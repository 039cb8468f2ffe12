"""Putting a cause off, giving it to a colleague, talking about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from channels import problem_care
from channels.models import Integration, Problem, ProblemComment, ProblemState
from channels.problems import raise_problem, resolve
from channels.tests.factories import make_integration
from portal.companies.models import AuditEvent
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.errors import DomainError
from portal.lib.prepared import how_many
from portal.web.sources.stores import open_causes

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(kingsway) -> Integration:
    return make_integration(kingsway, name="Kingsway store")


def stuck(store: Integration, name: str = "A mug", *, key: str = "sku_missing:1", value: str | None = None) -> Problem:
    product = f"{name} has no SKU."
    number = Problem.objects.count() + 1
    return raise_problem(
        store.company,
        "sku_missing",
        product,
        integration=store,
        record=type("Product", (), {"pk": number, "total": value, "currency": "GBP"})(),
        record_name=name,
        cause_key=key,
    )


@pytest.fixture
def scope(kingsway, member) -> Scope:
    return Scope.of_membership(member(kingsway).memberships.get())


def press(client, name: str, problem: Problem, **body: str):
    return client.post(reverse(name, args=[problem.pk]), body, follow=True)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_snoozed_cause_leaves_open_and_its_number_and_is_under_snoozed(kingsway, store, login, scope):
    problem = stuck(store)
    client = login(kingsway)
    assert how_many([open_causes(scope)]) == [1]
    answer = press(client, "problem-snooze", problem, until="tomorrow")
    assert "Snoozed until" in text_of(answer)
    assert "A mug has no SKU." not in text_of(client.get(reverse("problems"))).replace("Snoozed until", "")
    assert "A mug has no SKU." in text_of(client.get(reverse("problems-snoozed")))
    assert how_many([open_causes(scope)]) == [0]
    assert list(Problem.objects.awake()) == []
    assert AuditEvent.objects.get(action="problem.snoozed").target_id == str(problem.pk)


def test_it_is_back_by_itself_when_its_time_has_come(kingsway, store, scope):
    problem = stuck(store)
    problem_care.snooze(problem, until=clock.now() + timedelta(hours=1), scope=scope)
    with time_machine.travel(clock.now() + timedelta(minutes=59)):
        assert not Problem.objects.awake().exists()
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert Problem.objects.awake().get() == problem
        assert not Problem.objects.snoozed().exists()


def test_it_is_back_when_it_grows_and_not_when_the_same_is_seen_again(store, scope):
    problem = stuck(store)
    problem_care.snooze(problem, until=clock.now() + timedelta(days=1), scope=scope)
    problem.refresh_from_db()
    raise_problem(
        store.company, "sku_missing", "Again.", cause_key="sku_missing:1",
        record=type("Product", (), {"pk": problem.record_id})(),
    )  # fmt: skip
    assert not Problem.objects.awake().exists()
    stuck(store, "A jug")
    assert Problem.objects.awake().count() == 2


def test_undo_brings_it_back_now(kingsway, store, login):
    problem, client = stuck(store), login(kingsway)
    answer = press(client, "problem-snooze", problem, until="week")
    assert reverse("problem-wake", args=[problem.pk]) in text_of(answer)
    press(client, "problem-wake", problem)
    assert Problem.objects.awake().get() == problem


def test_what_is_resolved_while_snoozed_and_comes_back_is_not_snoozed(store, scope):
    problem_care.snooze(stuck(store), until=clock.now() + timedelta(days=1), scope=scope)
    resolve(code="sku_missing")
    stuck(store, "A jug")
    assert Problem.objects.awake().count() == 1


@pytest.mark.parametrize("until", ["", "for ever", "hour;drop", "2026-01-01"])
def test_a_snooze_without_a_known_time_is_a_sentence(kingsway, store, login, until):
    answer = press(login(kingsway), "problem-snooze", stuck(store), until=until)
    assert "Choose for how long" in text_of(answer)
    assert Problem.objects.awake().count() == 1


@pytest.mark.parametrize(("ahead", "said"), [(timedelta(days=31), "30 days at most"), (-timedelta(hours=1), "passed")])
def test_a_time_that_passed_or_lies_too_far_ahead_is_refused(store, scope, ahead, said):
    with pytest.raises(DomainError, match=said) as caught:
        problem_care.snooze(stuck(store), until=clock.now() + ahead, scope=scope)
    assert caught.value.field == "until"


def test_mornings_are_the_viewers():
    with time_machine.travel("2026-11-20T22:30:00Z"):  # a Friday
        naps = {nap.key: nap.until.isoformat() for nap in problem_care.naps()}
    assert naps["tomorrow"].startswith("2026-11-21T09:00")
    assert naps["monday"].startswith("2026-11-23T09:00")


def test_a_cause_is_given_to_a_colleague_with_all_its_records_and_those_that_join(kingsway, store, login, member):
    problem, colleague = stuck(store), member(kingsway, "operations")
    client = login(kingsway)
    answer = press(client, "problem-assign", problem, person=str(colleague.pk))
    assert f"It is with {colleague} now." in text_of(answer)
    joined = stuck(store, "A jug")
    joined.refresh_from_db()
    assert joined.assigned_to == colleague
    assert "A jug" in text_of(login(kingsway, user=colleague).get(reverse("problems"), {"mine": "1"}))
    assert "Nothing is with you" in text_of(client.get(reverse("problems"), {"mine": "1"}))


def test_it_can_be_nobodys_again(kingsway, store, login, member):
    problem, colleague = stuck(store), member(kingsway)
    for person in (str(colleague.pk), ""):
        press(login(kingsway), "problem-assign", problem, person=person)
    problem.refresh_from_db()
    assert problem.assigned_to is None


@pytest.mark.parametrize("who", ["viewer", "stranger", "nonsense"])
def test_only_those_who_may_work_on_it_can_be_given_it(kingsway, stranger, store, login, member, who):
    people = {"viewer": lambda: member(kingsway, "viewer").pk, "stranger": lambda: member(stranger).pk}
    problem = stuck(store)
    answer = press(login(kingsway), "problem-assign", problem, person=str(people.get(who, lambda: "x")()))
    assert "does not work on problems here" in text_of(answer)
    problem.refresh_from_db()
    assert problem.assigned_to is None


def test_a_comment_stays_with_the_cause_and_says_whose_it_is(kingsway, store, login, member):
    problem, writer = stuck(store), member(kingsway)
    press(login(kingsway, user=writer), "problem-comment", problem, text="The potter sends SKUs on <Friday>.")
    resolve(pk=problem.pk)
    page = text_of(login(kingsway).get(reverse("problem", args=[stuck(store, "A jug").pk])))
    assert "The potter sends SKUs on &lt;Friday&gt;." in page
    assert str(writer) in page


def test_an_empty_comment_is_a_sentence(kingsway, store, login):
    answer = press(login(kingsway), "problem-comment", stuck(store), text="  ")
    assert "Write what your colleagues should know." in text_of(answer)
    assert not ProblemComment.objects.exists()


@pytest.mark.parametrize("name", ["problem-snooze", "problem-wake", "problem-assign", "problem-comment"])
def test_a_viewer_may_none_of_it(kingsway, store, login, name):
    assert login(kingsway, "viewer").post(reverse(name, args=[stuck(store).pk])).status_code == 403


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("you", {"sku_missing", "mass_change"}),
        ("partner", {"no_partnership"}),
        ("us", {"our_mistake"}),
        ("nobody", {"rate_limited"}),
    ],
)
def test_causes_are_narrowed_to_who_acts(kingsway, store, login, who, codes):
    for code in ("sku_missing", "mass_change", "no_partnership", "our_mistake", "rate_limited"):
        raise_problem(kingsway, code, f"{code} happened.", integration=store, record=store)
    page = login(kingsway).get(reverse("problems"), {"who": who}).context["page"]
    assert {group.newest.code for group in page.groups} == codes


@pytest.mark.parametrize("asked", [{"integration": "99999999999999999999"}, {"integration": "x"}, {"who": "the king"}])
def test_a_filter_that_cannot_be_read_is_none(kingsway, store, login, asked):
    stuck(store)
    assert len(login(kingsway).get(reverse("problems"), asked).context["page"].groups) == 1


def test_one_connections_causes(kingsway, store, login):
    stuck(store)
    other = make_integration(kingsway, name="Second store")
    stuck(other, "A jug", key="sku_missing:2")
    page = login(kingsway).get(reverse("problems"), {"integration": other.pk}).context["page"]
    assert [group.newest.record_name for group in page.groups] == ["A jug"]


def test_many_causes_cost_few_queries(kingsway, store, login, django_assert_max_num_queries):
    for number in range(60):
        stuck(store, f"Mug {number}", key=f"k{number}", value="4.25")
    client = login(kingsway)
    client.get(reverse("problems"))
    with django_assert_max_num_queries(24):
        client.get(reverse("problems"))


def test_an_ignored_problem_is_no_longer_snoozed(kingsway, store, login):
    problem, client = stuck(store), login(kingsway)
    press(client, "problem-snooze", problem, until="week")
    press(client, "problem-ignore", problem, reason="a sample")
    assert not Problem.objects.snoozed().exists()
    press(client, "problem-open-again", problem)
    assert Problem.objects.awake().get().state == ProblemState.OPEN
