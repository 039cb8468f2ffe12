"""The part of an order that one company ships, at the prices frozen when it was placed."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse

from portal.companies.scope import Scoped
from portal.lib import clock


class SupplierOrderState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent to supplier"
    PARTLY_SHIPPED = "partly_shipped", "Partly shipped"
    SHIPPED = "shipped", "Shipped"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class SupplierOrder(Scoped):
    """An order between two companies. ``reference`` is ``TL<installation>-<number>``, never reused, and stands in every outside order made for it."""

    company_paths = ("supplier", "retailer")

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="supplier_orders")
    supplier = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="supplier_orders")
    retailer = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="retailer_orders")
    partnership = models.ForeignKey(
        "companies.Partnership", on_delete=models.PROTECT, null=True, blank=True, related_name="supplier_orders"
    )
    reference_prefix = models.CharField(max_length=12)
    number = models.PositiveBigIntegerField(unique=True)
    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=16, choices=SupplierOrderState.choices, default=SupplierOrderState.WAITING)
    held_code = models.CharField(max_length=40, blank=True)
    held_reason = models.CharField(max_length=400, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    placed_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    price_list = models.ForeignKey(
        "catalog.PriceList", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    price_list_version = models.PositiveIntegerField(default=0)
    ship_to = models.JSONField(default=dict, blank=True)
    shipping_method = models.CharField(max_length=200, blank=True)
    # What the supplier's system calls it, and that system's name as it was then.
    outside_number = models.CharField(max_length=60, blank=True)
    outside_system = models.CharField(max_length=120, blank=True)
    # When units of it may still be missing from the supplier's own figures: see catalog reservations.
    store_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_sandbox = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=("supplier", "-placed_at", "-id"), name="supplier_order_newest"),
            models.Index(fields=("retailer", "-placed_at", "-id"), name="retailer_order_newest"),
            models.Index(fields=("supplier", "state", "-placed_at", "-id"), name="supplier_order_state"),
            models.Index(fields=("supplier", "due_at", "id"), name="supplier_order_due"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("supplier-order", args=[self.reference])

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None


class SupplierOrderLine(Scoped):
    """One line at the partnership's frozen dropship price (``unit_price`` in the supplier order's currency)."""

    company_paths = ("supplier_order__supplier", "supplier_order__retailer")

    supplier_order = models.ForeignKey(SupplierOrder, on_delete=models.CASCADE, related_name="lines")
    order_line = models.OneToOneField("orders.OrderLine", on_delete=models.CASCADE, related_name="supplier_line")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="supplier_order_lines")
    sku = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=400)
    quantity = models.PositiveIntegerField()
    quantity_shipped = models.PositiveIntegerField(default=0)
    quantity_cancelled = models.PositiveIntegerField(default=0)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        ordering = ("supplier_order_id", "id")
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="supplier_line_positive"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=models.F("quantity_shipped") + models.F("quantity_cancelled")),
                name="supplier_line_not_overshipped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def quantity_open(self) -> int:
        return self.quantity - self.quantity_shipped - self.quantity_cancelled

    @property
    def reservation_key(self) -> str:
        """Under which the catalogue keeps the promised units of this line."""
        return f"supplier-order-line:{self.pk}"

    @property
    def total(self) -> Decimal:
        return self.unit_price * self.quantity
