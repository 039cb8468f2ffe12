"""A company's connection to a channel: ``enabled`` is what the owner wants, ``health`` what we see."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from channels.fields import EncryptedJSONField
from portal.companies.scope import Scoped
from portal.lib import clock


class Health(models.TextChoices):
    CONNECTING = "connecting", "Connecting"
    HEALTHY = "healthy", "Healthy"
    WAITING = "waiting", "Waiting for store"
    NEEDS_REAUTHORISATION = "needs_reauthorisation", "Needs you"
    MISCONFIGURED = "misconfigured", "Needs you"
    REMOVED = "removed", "Removed"


def _hook_key() -> str:
    return secrets.token_urlsafe(32)


class Integration(Scoped):
    """One store, CRM or warehouse of ``company``.

    ``remote_store_id`` is its identity and never changes; ``hook_key`` is the secret part of its webhook address.
    ``settings`` are the choices per integration that the connector declares (import status, payment method, location …).
    """

    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="integrations")
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    enabled = models.BooleanField(default=True)
    health = models.CharField(max_length=24, choices=Health.choices, default=Health.CONNECTING)
    # The cause (a code of channels.causes) and the sentence for people; empty while healthy.
    health_code = models.CharField(max_length=40, blank=True)
    health_reason = models.CharField(max_length=400, blank=True)
    health_changed_at = models.DateTimeField(default=clock.now)
    retry_at = models.DateTimeField(null=True, blank=True)
    remote_store_id = models.CharField(max_length=255, blank=True)
    store_name = models.CharField(max_length=255, blank=True)
    store_address = models.CharField(max_length=255, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    # What flows: supplies goods (pull products, take orders) and/or sells (take listings, give orders).
    supplies = models.BooleanField(default=False)
    sells = models.BooleanField(default=False)
    hook_key = models.CharField(max_length=64, unique=True, default=_hook_key)
    hooks_seen_at = models.DateTimeField(null=True, blank=True)
    is_sandbox = models.BooleanField(default=False)
    connected_by = models.ForeignKey(
        "companies.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    first_products_at = models.DateTimeField(null=True, blank=True)
    last_order_at = models.DateTimeField(null=True, blank=True)
    last_stock_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("company_id", "name")
        constraints = [
            models.UniqueConstraint(
                fields=("company", "name"), condition=Q(removed_at__isnull=True), name="one_integration_a_name"
            ),
            models.UniqueConstraint(
                fields=("kind", "is_sandbox", "remote_store_id"),
                condition=Q(removed_at__isnull=True) & ~Q(remote_store_id=""),
                name="one_integration_a_store",
            ),
        ]
        indexes = [models.Index(fields=("health", "enabled"), name="integration_health")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether anything may flow at all."""
        return self.enabled and self.removed_at is None

    @property
    def needs_person(self) -> bool:
        return self.health in {Health.NEEDS_REAUTHORISATION, Health.MISCONFIGURED}

    @property
    def source_key(self) -> str:
        """How orders name the connection they came from."""
        return f"integration-{self.pk}"


class Credential(models.Model):
    """The secrets of one integration, encrypted and bound to its company; touched only by ``channels.credentials``."""

    integration = models.OneToOneField(Integration, on_delete=models.CASCADE, related_name="credential")
    secret = EncryptedJSONField()
    fingerprint = models.CharField(max_length=16, blank=True)
    stored_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Credential of {self.integration} ({self.fingerprint})"
