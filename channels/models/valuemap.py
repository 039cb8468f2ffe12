"""Their words ↔ ours, per integration and never global: order statuses, shipping methods."""

from __future__ import annotations

from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class Area(models.TextChoices):
    STATUS = "status", "Order status"
    SHIPPING_METHOD = "shipping_method", "Shipping method"


class ValueMap(Scoped):
    """One translated value of one integration. ``seen`` counts how often the text stood on orders.

    Of an order status, ``theirs`` is the store's id, ``label`` its name there, ``usual`` what the channel says it means (a ``RemoteOrderState``), ``ours``
    what a person chose (a ``channels.meanings.Meaning``, "" for the usual one) and ``gone_at`` when it was missed in the store.
    """

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="value_maps")
    area = models.CharField(max_length=20, choices=Area.choices)
    theirs = models.CharField(max_length=200)
    label = models.CharField(max_length=200, blank=True)
    ours = models.CharField(max_length=200, blank=True)
    usual = models.CharField(max_length=20, blank=True)
    position = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("integration", "area", "theirs"), name="one_value_a_text")]

    def __str__(self) -> str:
        return f"{self.theirs} → {self.ours}"
