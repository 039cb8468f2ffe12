"""The signs of life of the machinery, read once for everybody who asks: the health pages, the figures for Prometheus, the public status page.

Nothing is pinged: every figure is what the machinery left behind while it worked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min
from django_q.models import OrmQ

from channels.models import Heartbeat, StepState, StoreClock
from portal.lib import clock

# A job that waits so long shows that more comes in than is worked off.
QUEUE_LATE = 300.0
# The dispatcher takes stale leases up within a minute; older ones show that it does not.
LEASE_LATE = timedelta(minutes=3)
# Beyond this our own clock and the database's do not tell the same time; a second for the way and one for rounding is nothing.
CLOCK_LATE = 5.0
# When most stores' clocks are off by so much to the same side, it is ours that is wrong.
STORES_LATE = 60.0
FEWEST_STORES = 3
RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue of jobs: how many nobody took yet, and for how many seconds the oldest of them waits."""

    cluster: str
    jobs: int
    oldest_seconds: float

    @property
    def fault(self) -> str:
        return (
            f"a job waits for {self.oldest_seconds:,.0f} seconds, {self.jobs:,} are queued"
            if self.oldest_seconds > QUEUE_LATE
            else ""
        )


def clusters() -> list[str]:
    """The names of the job clusters that this installation has."""
    return [settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]]


def queues() -> list[Queue]:
    """Every queue, empty ones too. A job's lock is the moment it was queued until somebody takes it, then one ahead."""
    now = clock.now()
    rows = OrmQ.objects.filter(lock__lte=now).order_by().values("key").annotate(jobs=Count("pk"), first=Min("lock"))
    found = {row["key"]: row for row in rows}
    return [
        Queue(name, row["jobs"], (now - row["first"]).total_seconds())
        if (row := found.get(name))
        else Queue(name, 0, 0)
        for name in clusters()
    ]


@dataclass(frozen=True, slots=True)
class Beats:
    """When a job last ran in each cluster and the dispatcher last ran; how many processes of each gave a sign within the watchdog's period."""

    last: dict[str, datetime]
    dispatched_at: datetime | None
    processes: dict[str, int]

    def cluster_fault(self, cluster: str) -> str:
        return _late(self.last.get(cluster), f"no job ran in the cluster “{cluster}”")

    @property
    def dispatch_fault(self) -> str:
        return _late(self.dispatched_at, "the dispatcher did not run")


def beats() -> Beats:
    """Two queries."""
    queue_rows = list(Heartbeat.objects.filter(process="").values_list("cluster", "beat_at", "dispatched_at"))
    since = clock.now() - timedelta(seconds=settings.WATCHDOG_SECONDS)
    alive = Heartbeat.objects.exclude(process="").filter(beat_at__gte=since).order_by().values_list("cluster")
    return Beats(
        last={cluster: at for cluster, at, _ in queue_rows},
        dispatched_at=max((at for _, _, at in queue_rows if at), default=None),
        processes=dict(alive.annotate(number=Count("pk"))),
    )


def _late(moment: datetime | None, what: str) -> str:
    if moment is None:
        return f"{what} yet"
    late = int((clock.now() - moment).total_seconds())
    return f"{what} for {late:,} seconds" if late > settings.WATCHDOG_SECONDS else ""


def stale_leases() -> int:
    """Steps whose worker died and that nobody took up since."""
    return StepState.objects.filter(lease_until__lt=clock.now() - LEASE_LATE).count()


def lease_fault() -> str:
    number = stale_leases()
    return f"{number:,} steps are held by workers that are gone" if number else ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Seconds by which other clocks are ahead of ours (negative: behind): the database's, the middle one of the stores', the largest store's."""

    database: float
    stores: float
    largest_store: float
    number_of_stores: int

    @property
    def fault(self) -> str:
        if abs(self.database) > CLOCK_LATE:
            return f"the database's clock differs from ours by {self.database:+,.0f} seconds"
        if self.number_of_stores >= FEWEST_STORES and abs(self.stores) > STORES_LATE:
            return f"our clock differs from the stores' by {-self.stores:+,.0f} seconds"
        return ""


def clocks() -> Clocks:
    """What was seen of other clocks within a day. Two queries."""
    rows = StoreClock.objects.filter(seen_at__gte=clock.now() - RECENT, integration__removed_at=None)
    offsets = list(rows.order_by("-seen_at").values_list("offset_seconds", flat=True)[:1000])
    largest = max(offsets, key=abs, default=0.0)
    return Clocks(_database_offset(), median(offsets) if offsets else 0.0, largest, len(offsets))


def _database_offset() -> float:
    """A file's database has no clock of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        before = clock.now()
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    return (theirs - before).total_seconds()


def largest_ever() -> float:
    """The largest difference that any store's clock ever showed, in seconds without sign."""
    return StoreClock.objects.aggregate(most=Max("largest_seconds"))["most"] or 0.0
