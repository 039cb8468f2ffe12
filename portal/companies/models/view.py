"""A list as somebody likes it: filters and columns under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class SavedView(Scoped):
    """Filters (as a query string) and columns of one list, kept by one person in one company."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    list_name = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)
    columns = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("company", "user", "list_name", "name"), name="one_saved_view_a_name")
        ]

    def __str__(self) -> str:
        return self.name
