"""Trying many again: by a job that may be lost or repeated, watched, cancelled, reported."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from channels import jobs, outbox, problem_plan, replays
from channels.models import Integration, Outbound, OutboundKind, OutboundState, Problem, Replay, ReplayState
from channels.problems import raise_problem, resolve
from channels.tests.factories import make_integration
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.errors import Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch) -> list[tuple]:
    """The jobs that were queued; nothing runs by itself."""
    wishes: list[tuple] = []
    for module in ("dispatch", "replays"):
        monkeypatch.setattr(f"channels.{module}.async_task", lambda name, *args, **more: wishes.append((name, *args)))
    return wishes


@pytest.fixture
def store(acme) -> Integration:
    return make_integration(acme, name="Acme Outdoor", sells=True)


@pytest.fixture
def scope(acme, member) -> Scope:
    return Scope.of_membership(member(acme).memberships.get())


def refused(store: Integration, number: int) -> Problem:
    """A product that the store refused; nothing else is known of it."""
    row = Outbound.objects.create(
        integration=store, kind=OutboundKind.PUBLISH, record_id=number, state=OutboundState.REFUSED, attempts=1,
        last_answer="The name is taken.",
    )  # fmt: skip
    return raise_problem(
        store.company, "already_there", f"Product {number}: the name is taken.", integration=store,
        record=type("Product", (), {"pk": number})(), record_name=f"Product {number}", cause_key="already_there:name",
        outbound=row,
    )  # fmt: skip


@pytest.fixture
def many(store) -> list[Problem]:
    return [refused(store, number) for number in range(1, 46)]


def press(client, problem: Problem):
    return client.post(reverse("problem-try-again", args=[problem.pk]), follow=True)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def going() -> int:
    return Outbound.objects.filter(state=OutboundState.WAITING).count()


def test_many_are_tried_by_a_job_while_one_watches(acme, many, login, queued):
    client = login(acme)
    page = text_of(press(client, many[0]))
    assert "0 of 45 tried again" in page
    replay = Replay.objects.get()
    assert ("channels.jobs.replay", replay.pk) in queued
    assert jobs.replay(replay.pk) == "done"
    page = text_of(client.get(reverse("problem-replay", args=[replay.pk])))
    assert "45 sent again." in page
    assert "The name is taken." in page
    assert going() == 45


def test_after_one_of_many_one_is_back_among_the_others(acme, many, login, queued):
    client = login(acme)
    answer = client.post(reverse("problem-try-again", args=[many[-1].pk]), {"row": many[0].pk})
    assert answer.url == reverse("problem", args=[many[-1].pk])


def test_records_are_read_again_until_everything_has_its_answer(acme, many, login, scope, queued):
    replay = replays.begin(many[0], scope=scope)
    page = reverse("problem-replay", args=[replay.pk])
    looks_again = f'hx-get="{page}" hx-select="#replay-records"'
    assert looks_again in login(acme).get(page).content.decode()
    jobs.replay(replay.pk)
    assert looks_again in login(acme).get(page).content.decode()
    Outbound.objects.filter(state=OutboundState.WAITING).update(state=OutboundState.CONFIRMED)
    assert looks_again not in login(acme).get(page).content.decode()


def test_the_job_twice_sends_each_once(many, scope, queued):
    replay = replays.begin(many[0], scope=scope)
    assert [jobs.replay(replay.pk) for _ in range(2)] == ["done", "nothing to do"]
    assert going() == 45


def test_what_a_dead_worker_left_is_taken_up_and_no_item_is_done_twice(many, scope, queued, monkeypatch):
    replay = replays.begin(many[0], scope=scope)
    done: list[int] = []

    def dies_at_the_thirtieth(item, *, by):
        done.append(item.problem.pk)
        if len(done) == 30:
            raise SystemExit
        return problem_retry_do(item, by=by)

    problem_retry_do = replays.do
    monkeypatch.setattr(replays, "do", dies_at_the_thirtieth)
    with pytest.raises(SystemExit):
        jobs.replay(replay.pk)
    assert jobs.replay(replay.pk) == "nothing to do"
    Replay.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    queued.clear()
    assert replays.take_up() == 1
    assert queued == [("channels.jobs.replay", replay.pk)]
    assert jobs.replay(replay.pk) == "done"
    assert going() == 45
    assert len(done) == 46
    assert replays.take_up() == 0


def test_a_job_that_runs_out_of_time_queues_the_rest(many, scope, queued, monkeypatch):
    replay = replays.begin(many[0], scope=scope)
    monkeypatch.setattr(replays, "JOB_SECONDS", -1.0)
    assert [jobs.replay(replay.pk) for _ in range(3)] == ["goes on", "goes on", "goes on"]
    assert jobs.replay(replay.pk) == "done"
    assert queued.count(("channels.jobs.replay", replay.pk)) == 4


def test_cancelling_leaves_the_rest_as_it_is(acme, many, scope, login, queued, monkeypatch):
    replay = replays.begin(many[0], scope=scope)
    monkeypatch.setattr(replays, "JOB_SECONDS", -1.0)
    jobs.replay(replay.pk)
    answer = login(acme).post(reverse("problem-replay-cancel", args=[replay.pk]), follow=True)
    assert "25 are as they were" in text_of(answer)
    assert "Cancelled after 20 of 45" in text_of(answer)
    assert jobs.replay(replay.pk) == "nothing to do"
    assert going() == 20
    with pytest.raises(Conflict):
        replays.cancel(Replay.objects.get(), scope=scope)


def test_the_report_tells_what_came_of_each(acme, store, scope, login, queued):
    first, second, third = (refused(store, number) for number in (1, 2, 3))
    replay = replays.begin(first, scope=scope)
    assert replay.state == ReplayState.DONE
    rows = list(Outbound.objects.filter(state=OutboundState.WAITING).order_by("pk"))
    Outbound.objects.filter(pk=rows[0].pk).update(state=OutboundState.CONFIRMED)
    Outbound.objects.filter(pk=rows[1].pk).update(state=OutboundState.REFUSED, last_answer="Still taken.")
    report = replays.report_on(replay)
    assert report.ends == (("went through", 1), ("refused again", 1), ("on the way", 1))
    assert not report.is_settled
    page = text_of(login(acme).get(reverse("problem-replay", args=[replay.pk])))
    assert page.count("The name is taken.") == 3
    assert "Still taken." in page


def test_what_trying_again_mended_keeps_a_link_to_both_attempts(acme, store, scope, login, queued):
    problem = refused(store, 1)
    replays.begin(problem, scope=scope)
    second = Outbound.objects.get(state=OutboundState.WAITING)
    row = outbox.claim(store.pk, OutboundKind.PUBLISH, most=1)[0]
    outbox.confirm(row, answer="Made as 77.")
    resolve(pk=problem.pk, resolution="It went through.")
    assert [one.pk for one in replays.attempts_of(problem)] == [problem.outbound_id, second.pk]
    client = login(acme)
    assert reverse("problem", args=[problem.pk]) in text_of(client.get(reverse("problems-resolved")))
    page = text_of(client.get(reverse("problem", args=[problem.pk])))
    assert "The name is taken." in page
    assert "Made as 77." in page


def test_what_was_solved_meanwhile_is_skipped(many, scope, queued):
    replay = replays.begin(many[0], scope=scope)
    resolve(pk=many[3].pk, resolution="By hand.")
    jobs.replay(replay.pk)
    assert dict(replays.report_on(replay).counts) == {
        "sent again": 44,
        "solved meanwhile": 1,
    }


def test_a_report_costs_few_queries_however_many_items(acme, many, login, scope, queued, django_assert_max_num_queries):
    replay = replays.begin(many[0], scope=scope)
    jobs.replay(replay.pk)
    client = login(acme)
    client.get(reverse("problem-replay", args=[replay.pk]))
    with django_assert_max_num_queries(20):
        client.get(reverse("problem-replay", args=[replay.pk]))


def test_everything_that_was_tried_again_is_listed(acme, many, login, scope, queued):
    replays.begin(many[0], scope=scope)
    page = text_of(login(acme).get(reverse("problem-replays")))
    assert "45 products: the store has something with this name or SKU" in page


def test_a_viewer_may_watch_and_not_cancel(acme, many, login, scope, queued):
    replay = replays.begin(many[0], scope=scope)
    viewer = login(acme, "viewer")
    assert "Cancel the rest" not in text_of(viewer.get(reverse("problem-replay", args=[replay.pk])))
    assert viewer.post(reverse("problem-replay-cancel", args=[replay.pk])).status_code == 403


def test_the_plan_reads_only(many):
    before = Outbound.objects.count()
    assert problem_plan.plan_for(many).doable == 45
    assert Outbound.objects.count() == before
