"""The story of an order: one row a thing that happened, with who did it. Rows are never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.companies.models.audit import ActorKind
from portal.companies.scope import Scoped
from portal.lib import clock


class EventKind(models.TextChoices):
    IMPORTED = "imported", "Order arrived"
    ENTERED = "entered", "Order entered"
    HELD = "held", "Held"
    MATCHED = "matched", "Line matched"
    ROUTED = "routed", "Routed"
    PRICED = "priced", "Priced"
    ACCEPTED = "accepted", "Accepted"
    SENT = "sent", "Created at supplier"
    SEND_UNCLEAR = "send_unclear", "No clear answer"
    SEND_REFUSED = "send_refused", "Refused"
    SHIPPED = "shipped", "Parcel shipped"
    TRACKING_TOLD = "tracking_told", "Tracking told"
    CHANGED_AT_STORE = "changed_at_store", "Changed at store"
    CANCELLED = "cancelled", "Cancelled"
    NOTE = "note", "Note"


class Audience(models.TextChoices):
    BOTH = "both", "Both sides"
    SUPPLIER = "supplier", "Supplier"
    RETAILER = "retailer", "Retailer"


class OrderEvent(Scoped):
    """Something that happened to an order (and, where set, to one supplier order). ``data`` feeds the sentence that each side reads in its own words."""

    company_paths = ("order__company", "supplier_order__supplier")

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="events")
    supplier_order = models.ForeignKey(
        "orders.SupplierOrder", on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.BOTH)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.JOB)
    actor_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    actor_name = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=("order", "-at", "-id"), name="order_story")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
