"""What a customer bought, as the retailer's store (or a person) told it. The store's own amounts are kept as received."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from portal.companies.scope import Scoped
from portal.lib import clock


class OrderState(models.TextChoices):
    IMPORTED = "imported", "Imported"
    NEEDS_MATCH = "needs_match", "Needs a match"
    HELD = "held", "Held"
    ROUTED = "routed", "With supplier"
    PARTLY_SHIPPED = "partly_shipped", "Partly shipped"
    SHIPPED = "shipped", "Shipped"
    CANCELLED = "cancelled", "Cancelled"


class OrderSource(models.TextChoices):
    STORE = "store", "Store"
    HAND = "hand", "Entered by hand"
    API = "api", "API"


class LineKind(models.TextChoices):
    GOODS = "goods", "Partner's goods"
    OWN = "own", "Own goods"
    CHARGE = "charge", "Charge"


class Order(Scoped):
    """An order of ``company`` (the retailer). ``source_name`` is the integration's name at import and stays when it is removed.

    ``ship_to`` and ``bill_to`` are ``portal.lib.address.Address`` as JSON, frozen at import. Amounts are in ``currency``.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="orders")
    source = models.CharField(max_length=10, choices=OrderSource.choices, default=OrderSource.STORE)
    source_name = models.CharField(max_length=120, blank=True)
    # Which connection it came from, as an opaque key of the announcing app; unique together with the store's id.
    source_key = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60)
    state = models.CharField(max_length=16, choices=OrderState.choices, default=OrderState.IMPORTED)
    held_code = models.CharField(max_length=40, blank=True)
    held_reason = models.CharField(max_length=400, blank=True)
    placed_at = models.DateTimeField()
    imported_at = models.DateTimeField(default=clock.now)
    currency = models.CharField(max_length=3)
    subtotal = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    discount = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    tax = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    shipping = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    prices_include_tax = models.BooleanField(default=False)
    customer_name = models.CharField(max_length=255, blank=True)
    customer_email = models.CharField(max_length=254, blank=True)
    ship_to = models.JSONField(default=dict, blank=True)
    bill_to = models.JSONField(default=dict, blank=True)
    shipping_method = models.CharField(max_length=200, blank=True)
    comment = models.TextField(blank=True)
    # Fingerprint of what the source last said, to tell a change there from a repeat.
    source_digest = models.CharField(max_length=40, blank=True)
    # Codes of holds that a person looked at and let through for this order.
    accepted_holds = models.JSONField(default=list, blank=True)
    is_sandbox = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("source_key", "source_id"), condition=~models.Q(source_key=""), name="one_order_a_source"
            )
        ]
        indexes = [
            models.Index(fields=("company", "-placed_at", "-id"), name="order_newest"),
            models.Index(fields=("company", "state", "-placed_at", "-id"), name="order_by_state"),
            models.Index(fields=("company", "number"), name="order_by_number"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.pk])


class OrderLine(Scoped):
    """One line of an order. ``source_line_id`` is the store's id of the line: parcels are matched by it, never by SKU."""

    company_paths = ("order__company",)

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(default=0)
    source_line_id = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=8, choices=LineKind.choices, default=LineKind.GOODS)
    sku = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=400, blank=True)
    quantity = models.IntegerField()
    # The source's own figure where it is no whole number ("1.5"); such a line is held.
    quantity_as_received = models.CharField(max_length=30, blank=True)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    discount = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    tax = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=4)
    # Where this line goes when the order has several destinations; empty = the order's address.
    ship_to = models.JSONField(default=dict, blank=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    held_code = models.CharField(max_length=40, blank=True)
    held_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("order_id", "position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("order", "source_line_id"),
                condition=~models.Q(source_line_id=""),
                name="one_line_a_source_line",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku or self.name}"

    @property
    def is_goods(self) -> bool:
        """Whether a partner ships it (or it is not known yet who does)."""
        return self.kind == LineKind.GOODS

    @property
    def needs_match(self) -> bool:
        return self.kind == LineKind.GOODS and self.variant_id is None
