"""A file that somebody imported: the original is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class ImportFile(Scoped):
    """An uploaded CSV or XLSX file with what came of it: counts and one sentence a refused row."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="import_files")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    state = models.CharField(max_length=12, default="received")
    counts = models.JSONField(default=dict, blank=True)
    errors = models.JSONField(default=list, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    uploaded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name
