"""What still has to be told to whom: a row names a record, not a payload."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from portal.companies.scope import Scoped
from portal.lib import clock


class OutboundKind(models.TextChoices):
    CREATE_ORDER = "create_order", "Create the order in the supplier's store"
    CREATE_SHIPMENT = "create_shipment", "Tell tracking to the retailer's store"
    PUBLISH = "publish", "Publish a product"
    STOCK = "stock", "Tell stock"
    PRICE = "price", "Tell prices"


class OutboundState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    UNKNOWN = "unknown", "No clear answer"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Refused"
    DROPPED = "dropped", "Not needed any more"


LIVE_STATES = (OutboundState.WAITING, OutboundState.SENDING, OutboundState.UNKNOWN)


class Outbound(Scoped):
    """One change that must reach an outside system. One row per (integration, kind, record) is live at a time; later changes fold into it.

    ``version`` grows with each fold: a change during sending returns the row to waiting. ``record_id`` is the id of the SupplierOrder, Shipment, Product or
    Listing that the kind names. ``order_key`` keeps rows of one record in order.
    """

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="outbounds")
    kind = models.CharField(max_length=20, choices=OutboundKind.choices)
    record_id = models.PositiveBigIntegerField()
    order_key = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=OutboundState.choices, default=OutboundState.WAITING)
    version = models.PositiveIntegerField(default=1)
    sent_version = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=clock.now)
    sending_since = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=400, blank=True)
    code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    # What is known of a row while it is being sent (see ``channels.outbox.claim``), and while it is shown.
    was_unknown: bool
    is_begun: bool
    record_name: str
    may_try: bool

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("integration", "kind", "record_id"),
                condition=Q(state__in=("waiting", "sending", "unknown")),
                name="one_live_outbound_a_record",
            )
        ]
        indexes = [
            models.Index(
                fields=("integration", "kind", "not_before", "id"),
                condition=Q(state__in=("waiting", "sending", "unknown")),
                name="outbound_due",
            ),
            models.Index(fields=("kind", "record_id", "-id"), name="outbound_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.record_id}: {self.state}"
