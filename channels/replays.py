"""Trying a whole group again: written down when somebody presses, worked off in turn, watched, cancelled, reported.

Few are done at once, many by a job. The job may be lost or run twice: each item is claimed by one UPDATE in the transaction of its doing, a lease keeps a
replay to one worker, and the dispatcher queues again what nobody works on.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django_q.tasks import async_task

from channels import problem_groups
from channels.models import Outbound, OutboundState, Problem, ProblemState, Replay, ReplayItem, ReplayState
from channels.problem_care import note_action
from channels.problem_plan import WORDS, Item, Verdict, plan_for
from channels.problem_retry import do
from portal.companies import audit
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.errors import Conflict

# So many are done while the person waits; more are done by a job.
AT_ONCE = 20
MOST = 10_000
CHUNK = 20
LEASE = timedelta(seconds=60)
# A job of the trade cluster may last 120 seconds.
JOB_SECONDS = 60.0


def begin(problem: Problem, *, scope: Scope, only: int | None = None) -> Replay:
    """Try the open problems of the same company and cause again, or ``only`` one of them (its id). Few are done when this returns."""
    members = problem_groups.members_of(problem)
    if only is not None:
        members = members.filter(pk=only)
    with transaction.atomic():
        replay = Replay.objects.create(
            company_id=problem.company_id,
            by=scope.user,
            code=problem.code,
            cause_key=problem.cause_key,
            title=problem_groups.group_of(problem, scope.company).title[:300],
            lease_until=clock.now() + LEASE,
        )
        rows = list(members.order_by("pk").values_list("pk", "outbound_id")[:MOST])
        ReplayItem.objects.bulk_create(
            [ReplayItem(replay=replay, problem_id=pk, first_attempt_id=first) for pk, first in rows], batch_size=500
        )
        note_action(problem, "problem.tried_again", f"Tried {len(rows)} again: {problem.sentence}", scope)
    if len(rows) > AT_ONCE:
        _queue(replay)
    else:
        _work(replay)
    replay.refresh_from_db()
    return replay


def _queue(replay: Replay) -> None:
    """Let a job go on with it; whoever takes it takes the lease."""
    Replay.objects.filter(pk=replay.pk, state=ReplayState.RUNNING).update(lease_until=None)
    async_task("channels.jobs.replay", replay.pk, cluster="trade", task_name=f"replay {replay.pk}")


def work_off(replay_id: int) -> str:
    """The job: go on with a replay for a while, and queue the rest; what came of it in a word."""
    taken = (
        Replay.objects.filter(pk=replay_id, state=ReplayState.RUNNING)
        .filter(Q(lease_until=None) | Q(lease_until__lt=clock.now()))
        .update(lease_until=clock.now() + LEASE)
    )
    if not taken:
        return "nothing to do"
    replay = Replay.objects.select_related("by").get(pk=replay_id)
    if _work(replay):
        return "done"
    _queue(replay)
    return "goes on"


def _work(replay: Replay) -> bool:
    """Items in turn until none is left, time is up or somebody cancels; whether it is over."""
    deadline = time.monotonic() + JOB_SECONDS
    while chunk := _next(replay):
        for item in chunk:
            _do_once(replay, item)
        if not _is_ours(replay):
            return True
        if time.monotonic() > deadline:
            return False
    Replay.objects.filter(pk=replay.pk, state=ReplayState.RUNNING).update(
        state=ReplayState.DONE, finished_at=clock.now(), lease_until=None
    )
    return True


def _is_ours(replay: Replay) -> bool:
    """Keep the lease; False once somebody cancelled."""
    return bool(Replay.objects.filter(pk=replay.pk, state=ReplayState.RUNNING).update(lease_until=clock.now() + LEASE))


def _next(replay: Replay) -> list[tuple[int, Item]]:
    """The next items with what is to be done with each as things stand now: (item id, planned)."""
    waiting = ReplayItem.objects.filter(replay=replay, verdict="").order_by("pk").values_list("pk", "problem_id")
    ids = {problem_id: pk for pk, problem_id in waiting[:CHUNK]}
    problems = Problem.objects.filter(pk__in=ids).select_related("integration", "outbound__integration")
    return [(ids[item.problem.pk], item) for item in plan_for(list(problems.order_by("pk"))).items]


@transaction.atomic
def _do_once(replay: Replay, planned: tuple[int, Item]) -> None:
    pk, item = planned
    if not ReplayItem.objects.filter(pk=pk, verdict="", replay__state=ReplayState.RUNNING).update(verdict=item.verdict):
        return
    done = do(item, by=replay.by)
    if done.outbound:
        ReplayItem.objects.filter(pk=pk).update(outbound=done.outbound)
    if done.is_released:
        Replay.objects.filter(pk=replay.pk).update(released=F("released") + 1)


@transaction.atomic
def cancel(replay: Replay, *, scope: Scope) -> int:
    """Leave alone what was not tried yet; how many that are. What was put to work already goes on. Raises Conflict when it is over."""
    ended = Replay.objects.filter(pk=replay.pk, state=ReplayState.RUNNING).update(
        state=ReplayState.CANCELLED, finished_at=clock.now(), lease_until=None
    )
    if not ended:
        raise Conflict("It is over already, so there is nothing to cancel.")
    left = replay.items.filter(verdict="").count()
    audit.record(
        scope.company,
        "problem.trying_cancelled",
        target=replay,
        user=scope.user,
        sentence=f"Cancelled trying again, {left} left as they were: {replay.title}",
    )
    return left


def take_up() -> int:
    """Queue the replays that nobody works on: their job was lost or its worker died; how many."""
    now = clock.now()
    lost = Replay.objects.filter(state=ReplayState.RUNNING).filter(
        Q(lease_until__lt=now) | Q(lease_until=None, started_at__lt=now - LEASE)
    )
    found = list(lost.order_by("pk")[:100])
    for replay in found:
        _queue(replay)
    return len(found)


# What a second attempt came to, as the report says it; what is not listed is on its way.
_ENDS = {
    OutboundState.CONFIRMED: "went through",
    OutboundState.REFUSED: "refused again",
    OutboundState.DROPPED: "not needed any more",
}


@dataclass(frozen=True, slots=True)
class Report:
    """How far a replay is and what came of it. ``counts``: (words, number) by verdict; ``ends``: (words, number) of what was sent again."""

    replay: Replay
    total: int
    done: int
    counts: tuple[tuple[str, int], ...]
    ends: tuple[tuple[str, int], ...]
    sent: int

    @property
    def is_running(self) -> bool:
        return self.replay.state == ReplayState.RUNNING

    @property
    def is_settled(self) -> bool:
        """Nothing will change any more: it is over, and everything sent again has its answer."""
        return not self.is_running and sum(number for words, number in self.ends if words != "on the way") == self.sent

    @property
    def sentence(self) -> str:
        """What happened, for the bar and the head of the report."""
        said = [f"{number:,} {words}" for words, number in self.counts]
        return f"{'; '.join(said)}." if said else "Nothing could be tried again yet."


# Verdict → what the report says of one, of several.
_DONE = {
    Verdict.SEND: ("sent again", "sent again"),
    Verdict.THERE: ("was there already", "were there already"),
    Verdict.UNDER_WAY: ("under way already", "under way already"),
    Verdict.READ: ("read again now", "read again now"),
    Verdict.WAITS: ("waits for the connection", "wait for the connection"),
    Verdict.PERSON: ("needs somebody first", "need somebody first"),
    Verdict.GONE: ("solved meanwhile", "solved meanwhile"),
}
_GOES_ON = ("goes on now", "go on now")
_STILL_WAITS = ("still waits: the cause is not mended", "still wait: the cause is not mended")


def report_on(replay: Replay) -> Report:
    """Three queries, however many items."""
    found = Counter(dict(replay.items.order_by().values_list("verdict").annotate(number=Count("pk"))))
    states = Counter(
        dict(
            Outbound.objects.filter(pk__in=replay.items.values("outbound"))
            .order_by()
            .values_list("state")
            .annotate(number=Count("pk"))
        )
    )
    total, sent = sum(found.values()), sum(states.values())
    return Report(replay, total, total - found[""], _counts(found, replay), _ends(states), sent)


def _counts(found: Counter[str], replay: Replay) -> tuple[tuple[str, int], ...]:
    """What was looked at again comes last: what goes on now, and what still waits."""
    said = [(words, found[verdict]) for verdict, words in _DONE.items()]
    said += [(_GOES_ON, replay.released), (_STILL_WAITS, found[Verdict.LOOK] - replay.released)]
    return tuple((one if number == 1 else many, number) for (one, many), number in said if number)


def _ends(states: Counter[str]) -> tuple[tuple[str, int], ...]:
    moving = sum(number for state, number in states.items() if state not in _ENDS)
    ends = [(words, states[state]) for state, words in _ENDS.items() if states[state]]
    return (*ends, ("on the way", moving)) if moving else tuple(ends)


def items_of(replay: Replay, *, after: int = 0, size: int = 50) -> QuerySet[ReplayItem]:
    """A page of items with both attempts, one more than ``size`` where there are more."""
    rows = replay.items.filter(pk__gt=after).select_related("problem", "first_attempt", "outbound")
    return rows.order_by("pk")[: size + 1]


def words_of(item: ReplayItem) -> str:
    """What was or will be done with it."""
    if not item.verdict:
        return "Waits for its turn"
    said = WORDS[Verdict(item.verdict)].replace("Will be", "Was")
    is_still_stuck = item.verdict == Verdict.LOOK and item.problem.state == ProblemState.OPEN
    return f"{said}, still waits" if is_still_stuck else said


def attempts_of(problem: Problem) -> Sequence[Outbound]:
    """Every sending that this problem is about, the first first: what was refused, and what each trying again made."""
    pairs = problem.replay_items.values_list("first_attempt", "outbound")
    ids = {pk for pair in pairs for pk in pair if pk} | ({problem.outbound_id} if problem.outbound_id else set())
    return list(Outbound.objects.filter(pk__in=ids).select_related("integration").order_by("pk"))
