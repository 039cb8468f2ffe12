"""Webhooks that reached us: stored first, looked at afterwards."""

from __future__ import annotations

from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class ReceiptState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    PARKED = "parked", "Kept while paused"
    FAILED = "failed", "Failed"


class Receipt(Scoped):
    """One webhook. ``event_key`` is stable over redeliveries: a second one with the same key changes nothing."""

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="receipts")
    event_key = models.CharField(max_length=80)
    topic = models.CharField(max_length=20)
    remote_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=ReceiptState.choices, default=ReceiptState.WAITING)
    received_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    repeats = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    sentence = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("integration", "event_key"), name="one_receipt_an_event")]
        indexes = [models.Index(fields=("state", "received_at"), name="receipt_waiting")]

    def __str__(self) -> str:
        return f"{self.topic} {self.remote_id}"
