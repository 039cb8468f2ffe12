"""What people thought of a guide: "How did we do?" with the page that they were on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class Feedback(Scoped):
    """One answer about ``guide`` (its slug), given by ``user`` while on ``page`` (a path of the portal)."""

    company = models.ForeignKey(
        "companies.Company", on_delete=models.SET_NULL, null=True, blank=True, related_name="feedback"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="feedback")
    guide = models.CharField(max_length=60)
    page = models.CharField(max_length=200, blank=True)
    is_helpful = models.BooleanField()
    comment = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return f"{self.guide}: {'helped' if self.is_helpful else 'did not help'}"
