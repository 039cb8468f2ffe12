"""One pressing of "Try again" on many problems: what was planned, how far it came, what came of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class ReplayState(models.TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class Replay(Scoped):
    """``by`` presses once; a job works the items off in turn and may be repeated. ``lease_until`` keeps it to one worker."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="replays")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    code = models.CharField(max_length=40)
    cause_key = models.CharField(max_length=160)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ReplayState.choices, default=ReplayState.RUNNING)
    released = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("company", "-id"), name="replays_of_company"),
            models.Index(fields=("lease_until", "id"), condition=models.Q(state="running"), name="replays_running"),
        ]

    def __str__(self) -> str:
        return self.title


class ReplayItem(Scoped):
    """One problem of a replay. ``verdict`` is what was done ("" until its turn came); ``outbound`` is the second attempt that it made."""

    company_paths = ("replay__company",)

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="items")
    problem = models.ForeignKey("channels.Problem", on_delete=models.CASCADE, related_name="replay_items")
    verdict = models.CharField(max_length=12, blank=True)
    # How it stood and what was answered before: the problem itself moves on to the newest attempt.
    first_attempt = models.ForeignKey(
        "channels.Outbound", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outbound = models.ForeignKey(
        "channels.Outbound", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=("replay", "problem"), name="one_item_a_problem")]

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.verdict or 'waits'}"
