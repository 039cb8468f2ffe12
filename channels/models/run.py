"""What is due, what happened, and who is alive."""

from __future__ import annotations

from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class RunResult(models.TextChoices):
    RUNNING = "running", "Running"
    OK = "ok", "OK"
    EMPTY = "empty", "Empty, which is unusual"
    PARTIAL = "partial", "Partial"
    FAILED = "failed", "Failed"


class StepState(Scoped):
    """The one scheduling record: when a step of an integration is due, how far it read (``cursor``), and which worker holds it (the lease)."""

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=30)
    next_run_at = models.DateTimeField(default=clock.now, db_index=True)
    interval = models.DurationField()
    cursor = models.JSONField(default=dict, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_result = models.CharField(max_length=10, choices=RunResult.choices, blank=True)
    # Runs in a row that failed: the back-off grows with it.
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("integration", "step"), name="one_state_a_step")]
        indexes = [models.Index(fields=("next_run_at", "id"), name="step_due")]

    def __str__(self) -> str:
        return f"{self.step} of {self.integration_id}"


class SyncRun(Scoped):
    """One execution of a step. ``counts``: read, created, updated, unchanged, refused; ``progress`` what a person can watch meanwhile."""

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="runs")
    step = models.CharField(max_length=30)
    trigger = models.CharField(max_length=12, default="schedule")
    result = models.CharField(max_length=10, choices=RunResult.choices, default=RunResult.RUNNING)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-started_at", "-id")
        indexes = [models.Index(fields=("integration", "step", "-started_at", "-id"), name="runs_of_step")]

    def __str__(self) -> str:
        return f"{self.step} {self.started_at:%Y-%m-%d %H:%M} {self.result}"


class Heartbeat(models.Model):
    """A sign of life, written by jobs. The row without ``process`` says that the queue of a cluster's name is worked off;
    one row a running cluster process says that this very process works, whoever else shares its queue.
    """

    cluster = models.CharField(max_length=40)
    process = models.CharField(max_length=120, blank=True)
    beat_at = models.DateTimeField(default=clock.now)
    dispatched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("cluster", "process"), name="one_beat_a_process")]

    def __str__(self) -> str:
        return f"{self.process or self.cluster} {self.beat_at:%H:%M:%S}"


class StoreClock(Scoped):
    """How far a store's clock is from ours, by the Date header of its answers. Positive: theirs is ahead."""

    company_paths = ("integration__company",)

    integration = models.OneToOneField("channels.Integration", on_delete=models.CASCADE, related_name="store_clock")
    offset_seconds = models.FloatField()
    seen_at = models.DateTimeField(default=clock.now)
    largest_seconds = models.FloatField(default=0)
    largest_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.integration_id}: {self.offset_seconds:+.0f} s"
