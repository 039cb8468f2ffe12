"""Goal ``dispatch``: ten thousand integrations due at once are claimed and queued within a second, each once, by two dispatchers beside each other; the queue
drains about as fast as django-q2 itself does; and an order that arrives meanwhile does not wait for them.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone
from django_q.models import OrmQ, Success
from django_q.tasks import async_task

from catalog.bench.clocks import Time, timed
from channels import dispatch, inbox
from channels.jobs import handle_receipts
from channels.models import Health, Integration, StepState, SyncRun
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.bench import Row
from portal.run.background import Background
from portal.run.stack import children

STEP = "push_orders"
GOAL_SECONDS = 1.0
# So many regular runs and so many empty jobs of django-q2 are drained, by the same cluster.
DRAINED = 2_000
LATE_SECONDS = 3.0


def run(scale: int) -> list[Row]:
    """``scale`` integrations (ten thousand by default)."""
    _make_due(scale)
    alone, queued = _dispatch()
    twice = _beside_each_other(scale)
    drained = _drain(scale)
    return [
        Row.of(f"dispatch, {queued:,} claimed and queued", ours=alone.wall, floor=GOAL_SECONDS, goal="≤ 1"),
        Row.of("dispatch, longest transaction", ours=alone.longest_transaction, floor=GOAL_SECONDS, goal="≤ 1"),
        Row.of("dispatch, queued by two dispatchers", ours=twice, floor=scale, goal="= 1 (none twice)", unit="runs"),
        *drained,
    ]


def _make_due(number: int) -> None:
    """So many integrations of a hundred companies, each with one step due."""
    names = [f"Bench {place}" for place in range(100)]
    companies = Company.objects.bulk_create([Company(name=name, kind="supplier", is_sandbox=True) for name in names])
    made = Integration.objects.bulk_create(
        [
            Integration(
                company=companies[place % 100],
                kind="bigcommerce",
                name=f"Store {place}",
                remote_store_id=f"bench{place}",
                health=Health.HEALTHY,
                supplies=True,
                is_sandbox=True,
                hook_key=f"bench{place}",
            )
            for place in range(number)
        ],
        batch_size=500,
    )
    states = [StepState(integration=each, step=STEP, interval=timedelta(hours=1)) for each in made]
    StepState.objects.bulk_create(states, batch_size=500)


def _all_due(number: int) -> None:
    OrmQ.objects.all().delete()
    ids = StepState.objects.order_by("pk").values_list("pk", flat=True)[:number]
    StepState.objects.update(queued_at=None, next_run_at=clock.now() + timedelta(hours=1), lease_until=None)
    StepState.objects.filter(pk__in=list(ids)).update(next_run_at=clock.now() - timedelta(seconds=1))


def _dispatch() -> tuple[Time, int]:
    with timed() as time_taken:
        queued = dispatch.dispatch_due()
    return time_taken, queued


_CHILD = "import django; django.setup(); from channels import dispatch; dispatch.dispatch_due()"


def _beside_each_other(number: int) -> int:
    """How many runs two dispatchers queued together."""
    _all_due(number)
    connections.close_all()
    both = [subprocess.Popen([sys.executable, "-c", _CHILD]) for _ in range(2)]
    for one in both:
        one.wait()
    queued = Counter(integration for task in OrmQ.objects.all() for integration in task.task["args"][0])
    return sum(queued.values())


def _drain(scale: int) -> Iterator[Row]:
    """Regular runs against empty jobs, a second; then how long an order waits while the round is in the queue."""
    number = min(scale, DRAINED)
    OrmQ.objects.all().delete()
    for _ in range(number):
        async_task("django.utils.timezone.now", cluster="trade")
    with _cluster():
        bare = _seconds_until(lambda: not OrmQ.objects.exists())
        _all_due(number)
        SyncRun.objects.all().delete()
        dispatch.dispatch_due()
        ours = _seconds_until(lambda: not OrmQ.objects.exclude(key="bulk-later").exists())
        yield Row.of(f"dispatch, drain of {number:,}", ours=number / ours, floor=number / bare, goal="≥ 0.7", unit="/s")
        _all_due(scale)
        dispatch.dispatch_due()
        waited = [_wait_of_an_order() for _ in range(10)]
    yield Row.of("dispatch, an order amid the round waits", ours=max(waited), floor=LATE_SECONDS, goal="≤ 1 (3 s)")


def _wait_of_an_order() -> float:
    """Seconds until the job that a webhook queues has run."""
    integration = Integration.objects.order_by("?").values_list("pk", flat=True)[0]
    asked_at = timezone.now()
    inbox.wake(integration)
    done = Success.objects.filter(func=f"{handle_receipts.__module__}.{handle_receipts.__name__}")
    waited = _seconds_until(lambda: done.filter(started__gte=asked_at).exists())
    time.sleep(0.3)
    return waited


def _seconds_until(is_so: Callable[[], bool]) -> float:
    started = time.monotonic()
    while not is_so():
        close_old_connections()
        time.sleep(0.02)
    return time.monotonic() - started


@contextmanager
def _cluster() -> Iterator[None]:
    """One cluster of the trade queue, nothing else."""
    connections.close_all()
    found = [child for child in children(logs=settings.VAR_DIR / "logs") if child.cluster == "trade"]
    with Background(found):
        _seconds_until(lambda: _is_working())
        yield


def _is_working() -> bool:
    """The cluster took up something."""
    return Success.objects.exists()
