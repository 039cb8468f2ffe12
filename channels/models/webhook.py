"""Webhooks that we send: where to, what, and every try with its request and its answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from channels.fields import EncryptedJSONField
from channels.models.errand import Errand, ErrandState
from portal.companies.scope import Scoped
from portal.lib import clock


class WebhookEndpoint(Scoped):
    """An address of ``company`` that hears of its alerts. ``secret`` signs; ``old_secret`` signs beside it until ``old_secret_until``.

    Both are {"company": id, "secret": "whsec_…"}, touched only by ``channels.alerts.secrets``. ``queued_at`` is the wish to send: a burst queues one job.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="webhook_endpoints")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = EncryptedJSONField()
    old_secret = EncryptedJSONField(null=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    enabled = models.BooleanField(default=True)
    # Deliveries in a row that failed for good; a problem tells of them.
    failures = models.PositiveIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=("company", "name"), condition=Q(removed_at=None), name="one_webhook_endpoint_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhook", args=[self.pk])


def new_event_id() -> str:
    """The id that receivers know an event by, the same over all tries."""
    return f"evt_{uuid.uuid4().hex}"


class Delivery(Errand, Scoped):
    """One event for one endpoint. ``body`` is frozen, so that every try, also one by hand, sends the same under the same ``event_id``."""

    company_paths = ("endpoint__company",)

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.CharField(max_length=40, default=new_event_id)
    event = models.CharField(max_length=40)
    body = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=("endpoint", "event_id"), name="one_delivery_an_event")]
        indexes = [
            models.Index(
                fields=("endpoint", "not_before", "id"), condition=Q(state=ErrandState.WAITING), name="delivery_due"
            ),
            models.Index(fields=("endpoint", "-created_at", "-id"), name="deliveries_of_endpoint"),
            models.Index(fields=("state", "finished_at"), name="delivery_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"

    @property
    def can_be_resent(self) -> bool:
        return self.state in {ErrandState.SENT, ErrandState.FAILED}


class DeliveryAttempt(Scoped):
    """One try: what was sent and what came back. ``status`` is None where no answer came; ``milliseconds`` from connecting to the answer's end."""

    company_paths = ("delivery__endpoint__company",)

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=clock.now)
    url = models.CharField(max_length=500)
    request_headers = models.JSONField(default=dict)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    response_headers = models.JSONField(default=dict)
    response_body = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"
