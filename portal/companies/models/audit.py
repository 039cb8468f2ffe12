"""Who did what, when and why: one row an action, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class ActorKind(models.TextChoices):
    PERSON = "person", "Person"
    STAFF = "staff", "Staff"
    KEY = "key", "API key"
    JOB = "job", "Job"
    STORE = "store", "Store"
    PROVIDER = "provider", "Provider"


class AuditEvent(Scoped):
    """An action on something of ``company``. ``data`` never holds a secret."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, null=True, related_name="audit_events")
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.PERSON)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    actor_name = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=60, db_index=True)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    target_name = models.CharField(max_length=200, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("company", "target_type", "target_id", "-at"), name="audit_of_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_name}"
