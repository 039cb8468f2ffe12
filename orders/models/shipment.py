"""A parcel with lines and tracking. Shipments are rows, never a field: a second parcel does not overwrite the first."""

from __future__ import annotations

from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class ShipmentSource(models.TextChoices):
    STORE = "store", "Supplier's store"
    PROVIDER = "provider", "Provider"
    HAND = "hand", "By hand"
    API = "api", "API"


class Shipment(Scoped):
    """One parcel of a supplier order. ``source_key`` tells a parcel seen twice from a second one."""

    company_paths = ("supplier_order__supplier", "supplier_order__retailer")

    supplier_order = models.ForeignKey("orders.SupplierOrder", on_delete=models.CASCADE, related_name="shipments")
    source = models.CharField(max_length=10, choices=ShipmentSource.choices)
    source_key = models.CharField(max_length=120)
    carrier = models.CharField(max_length=80, blank=True)
    service = models.CharField(max_length=120, blank=True)
    tracking_number = models.CharField(max_length=120, blank=True)
    tracking_url = models.URLField(max_length=500, blank=True)
    shipped_at = models.DateTimeField(default=clock.now)
    recorded_at = models.DateTimeField(default=clock.now)
    # When the retailer's store took its tracking.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("supplier_order_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("supplier_order", "source_key"), name="one_shipment_a_source_key")
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"Parcel {self.pk}"


class ShipmentLine(Scoped):
    """How many units of a line are in a parcel."""

    company_paths = ("shipment__supplier_order__supplier", "shipment__supplier_order__retailer")

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("orders.SupplierOrderLine", on_delete=models.CASCADE, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("shipment", "line"), name="one_row_a_parcel_line"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="parcel_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"
