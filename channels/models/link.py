"""Our row ↔ their id, per integration and unique both ways. Identity lives here; a SKU is only an attribute."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from portal.companies.scope import Scoped
from portal.lib import clock


class Link(Scoped):
    """Base of all links."""

    company_paths = ("integration__company",)

    remote_id = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.remote_id


class ProductLink(Link):
    """A product of the connected store. ``digest`` is that of the record as last read: an unchanged one is passed over unread.

    ``walk`` marks the last full walk that saw it, so that what a walk did not see is known to be gone.
    """

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="product_links")
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=40, blank=True)
    walk = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("integration", "remote_id"), name="product_link_remote"),
            models.UniqueConstraint(fields=("integration", "product"), name="product_link_ours"),
        ]


class VariantLink(Link):
    """A variant of a linked product; ``remote_id`` is unique within its product only."""

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="variant_links")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="links")
    remote_product_id = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("integration", "remote_product_id", "remote_id"), name="variant_link_remote"
            ),
            models.UniqueConstraint(fields=("integration", "variant"), name="variant_link_ours"),
        ]


class ListingLink(Link):
    """Where a listing lives in the retailer's store (``remote_id`` is the variant there), and what was last accepted of it."""

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="listing_links")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.CASCADE, related_name="links")
    remote_product_id = models.CharField(max_length=80)
    told_stock = models.IntegerField(null=True, blank=True)
    told_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    told_cost = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    # The picture that the store took from us last, so that a new one replaces it once.
    told_image = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("integration", "remote_product_id", "remote_id"), name="listing_link_remote"
            ),
            models.UniqueConstraint(fields=("integration", "listing"), name="listing_link_ours"),
        ]


class OrderLink(Link):
    """An imported order and its original; ``remote_modified_at`` is what the cursor and the re-read rest on."""

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="order_links")
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="links")
    number = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=40, blank=True)
    remote_modified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("integration", "remote_id"), name="order_link_remote"),
            models.UniqueConstraint(fields=("integration", "order"), name="order_link_ours"),
        ]


class SupplierOrderLink(Link):
    """The order made for a supplier order at the supplier's store or provider. ``line_ids`` maps our line id to theirs.

    ``shipments_checked_at`` orders the poll for parcels; ``is_complete`` ends it.
    """

    integration = models.ForeignKey(
        "channels.Integration", on_delete=models.CASCADE, related_name="supplier_order_links"
    )
    supplier_order = models.ForeignKey("orders.SupplierOrder", on_delete=models.CASCADE, related_name="links")
    number = models.CharField(max_length=60, blank=True)
    line_ids = models.JSONField(default=dict, blank=True)
    shipments_checked_at = models.DateTimeField(null=True, blank=True)
    is_complete = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("integration", "remote_id"), name="supplier_order_link_remote"),
            models.UniqueConstraint(fields=("integration", "supplier_order"), name="supplier_order_link_ours"),
        ]
        indexes = [
            models.Index(
                fields=("integration", "shipments_checked_at"),
                condition=Q(is_complete=False),
                name="shipments_to_check",
            )
        ]


class ShipmentLink(Link):
    """A parcel as it was told to the retailer's store."""

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="shipment_links")
    shipment = models.ForeignKey("orders.Shipment", on_delete=models.CASCADE, related_name="links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("integration", "shipment"), name="shipment_link_ours"),
        ]
        indexes = [models.Index(fields=("integration", "remote_id"), name="shipment_link_remote")]


class CustomerLink(Link):
    """The customer record at a supplier's store that stands for a partner's company."""

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="customer_links")
    partnership = models.ForeignKey("companies.Partnership", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("integration", "partnership"), name="customer_link_ours"),
        ]
