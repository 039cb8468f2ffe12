"""The two schedules of django-q2; everything else is decided by ``dispatch_due``."""

from __future__ import annotations

from django_q.models import Schedule

ENTRIES = (
    {"name": "dispatch_due", "func": "channels.jobs.dispatch_due", "cluster": "trade"},
    {"name": "heartbeat", "func": "channels.jobs.heartbeat", "cluster": "trade"},
)


def install() -> None:
    """Make django-q2's table hold exactly these entries, each every minute. May run at every deploy."""
    names = [entry["name"] for entry in ENTRIES]
    Schedule.objects.exclude(name__in=names).delete()
    for entry in ENTRIES:
        rows = Schedule.objects.filter(name=entry["name"])
        if rows.count() > 1:
            rows.exclude(pk=rows.order_by("pk").first().pk).delete()
        Schedule.objects.update_or_create(
            name=entry["name"],
            defaults={
                "func": entry["func"],
                "schedule_type": Schedule.MINUTES,
                "minutes": 1,
                "repeats": -1,
                "cluster": entry["cluster"],
            },
        )
