"""A product and its variants: what a supplier offers, and what a retailer's own store holds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.sku_health.forms import SkuForm
from portal.companies.scope import Scoped
from portal.lib import clock


def sku_key(sku: str) -> str:
    """How SKUs are compared: without case and outer blanks. Identity stays with the outside system's id."""
    return sku.strip().casefold()


# What no partner can buy: without a name for it or without a price.
UNTRADEABLE = Q(sku="") | Q(price__isnull=True) | Q(price__lte=0)


class Product(Scoped):
    """Something that ``company`` sells. A product without choices has exactly one variant."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="products")
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=200, blank=True)
    image_url = models.URLField(max_length=1000, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=("company", "is_active", "id"), name="product_active"),
            models.Index(fields=("company", "name", "id"), name="product_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(Scoped):
    """What is stocked, priced and ordered. Amounts are in ``currency``; ``price`` is the supplier's retail price, ``msrp`` the printed one."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="variants")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=255, blank=True)
    sku_key = models.CharField(max_length=255, blank=True)
    # The chosen values in words ("Red, Large"), empty for the only variant; ``options`` holds name -> value.
    name = models.CharField(max_length=255, blank=True)
    options = models.JSONField(default=dict, blank=True)
    barcode = models.CharField(max_length=50, blank=True)
    currency = models.CharField(max_length=3)
    price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    msrp = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    map_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    weight = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    image_url = models.URLField(max_length=1000, blank=True)
    tracks_stock = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("product_id", "position", "id")
        indexes = [
            models.Index(fields=("company", "sku_key", "id"), name="variant_by_sku"),
            models.Index(fields=("company", "barcode"), name="variant_by_barcode"),
            models.Index("company", SkuForm("sku_key"), name="variant_by_sku_form"),
            models.Index(fields=("company", "is_active", "id"), name="variant_active"),
            # The few among many: counted beside each list of products.
            models.Index(fields=("product",), name="variant_untradeable", condition=Q(is_active=True) & UNTRADEABLE),
            models.Index(
                fields=("product",), name="variant_uncounted", condition=Q(is_active=True, tracks_stock=False)
            ),
        ]

    def __str__(self) -> str:
        return self.sku or self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.product.name}, {self.name}" if self.name else self.product.name
