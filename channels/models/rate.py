"""The rate budget of an integration where there is no Redis: one row, changed by one conditional UPDATE."""

from __future__ import annotations

from django.db import models

from portal.lib import clock


class RateBudget(models.Model):
    """``left`` requests until ``resets_at`` (window), as the headers last said and as workers took since."""

    integration = models.OneToOneField("channels.Integration", on_delete=models.CASCADE, related_name="rate_budget")
    left = models.FloatField(default=0)
    quota = models.FloatField(default=0)
    updated_at = models.DateTimeField(default=clock.now)
    resets_at = models.DateTimeField(null=True, blank=True)
    blocked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.left:.0f} of {self.quota:.0f}"
