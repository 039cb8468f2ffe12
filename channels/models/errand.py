"""Something to be sent once to one receiver: the columns that mails and webhooks share. ``channels.alerts.errands`` moves them."""

from __future__ import annotations

from django.db import models

from portal.lib import clock


class ErrandState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    SENT = "sent", "Arrived"
    FAILED = "failed", "Failed"


class Errand(models.Model):
    """``attempts`` counts tries since it was made or sent again by hand; ``last_answer`` is the receiver's, in words."""

    state = models.CharField(max_length=10, choices=ErrandState.choices, default=ErrandState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=clock.now)
    sending_since = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
