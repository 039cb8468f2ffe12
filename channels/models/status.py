"""How well each function of the portal works, for the public page: now, and day by day. Nothing of any company."""

from __future__ import annotations

from django.db import models

from portal.lib import clock


class Level(models.TextChoices):
    OK = "ok", "Works"
    SLOW = "slow", "Slow"
    STOPPED = "stopped", "Stopped"


class FunctionStatus(models.Model):
    """The present level of one function ("orders"), since when, and when it was looked at last."""

    function = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.OK)
    since = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.function}: {self.level}"


class StatusDay(models.Model):
    """One function on one day (UTC): the worst that was seen and for how many seconds. A day without a row was not looked at."""

    function = models.CharField(max_length=20)
    day = models.DateField()
    slow_seconds = models.PositiveIntegerField(default=0)
    stopped_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("function", "day"), name="one_status_a_day")]

    def __str__(self) -> str:
        return f"{self.function} {self.day}"
