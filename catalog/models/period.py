"""Which list a partner had when, and lists that stand in for a while."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models.price import PriceList
from portal.companies.scope import Scoped
from portal.lib import clock


class AssignmentPeriod(Scoped):
    """The history of a partnership's list: ``price_list`` was what it saw and paid from ``began_at`` until ``ended_at`` (null: still)."""

    company_paths = ("partnership__supplier", "partnership__retailer")

    partnership = models.ForeignKey("companies.Partnership", on_delete=models.CASCADE, related_name="price_periods")
    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="periods")
    began_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-began_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("partnership",), condition=Q(ended_at__isnull=True), name="one_list_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.price_list}"


class ListException(Scoped):
    """``partnership`` gets ``price_list`` while that list's period lasts, then falls back to its usual list by itself."""

    company_paths = ("price_list__company",)

    partnership = models.ForeignKey("companies.Partnership", on_delete=models.CASCADE, related_name="list_exceptions")
    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="exceptions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("partnership", "price_list"), name="one_exception_a_list")]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.price_list}"
