"""Something to be sent once to one receiver: the columns that mails and webhooks share. ``channels.alerts.errands`` moves them."""

from __future__ import annotations

from django.db import models

from portal.lib import clock


class ErrandState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    UNKNOWN = "unknown", "Not known"
    SENT = "sent", "Arrived"
    FAILED = "failed", "Failed"


class Errand(models.Model):
    """``attempts`` counts tries since it was made or sent again by hand; ``last_answer`` is the receiver's, in words.

    ``times_unknown`` counts tries of which nobody knows whether they arrived; ``wishes`` how often somebody wanted it sent: first we, then people by hand.
    """

    state = models.CharField(max_length=10, choices=ErrandState.choices, default=ErrandState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=clock.now)
    times_unknown = models.PositiveSmallIntegerField(default=0)
    wishes = models.PositiveSmallIntegerField(default=1)
    sending_since = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
