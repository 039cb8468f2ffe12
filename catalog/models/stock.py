"""How many there are, where, and how that changed."""

from __future__ import annotations

from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class Location(Scoped):
    """A place that holds stock. ``key`` is the outside system's name for it within the company; the place "default" counts towards what is
    available, others when ``is_counted`` says so.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="locations")
    key = models.CharField(max_length=80, default="default")
    name = models.CharField(max_length=120, default="Main stock")
    is_counted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("company", "key"), name="one_location_a_key")]

    def __str__(self) -> str:
        return self.name


class StockLevel(Scoped):
    """Units on hand of one variant in one place, as the supplier's system last said; may be negative."""

    company_paths = ("variant__company",)

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="stock_levels")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="stock_levels")
    on_hand = models.IntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("variant", "location"), name="one_level_a_place")]

    def __str__(self) -> str:
        return f"{self.variant}: {self.on_hand}"


class StockChange(models.Model):
    """One row a change of a level, written by the set-based writer itself."""

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="stock_changes")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    before = models.IntegerField(null=True)
    after = models.IntegerField()
    cause = models.CharField(max_length=30, default="pull")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=("variant", "-at"), name="stock_history")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Reservation(Scoped):
    """Units promised to an order that the supplier's own figure does not reflect yet.

    Open until ``released_at``. ``deducted_at`` is when the supplier's store took the units off its figure: the reservation still counts until a stock
    reading that began later has been applied, for an earlier one does not know of the order.
    """

    company_paths = ("variant__company",)

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="reservations")
    key = models.CharField(max_length=80, unique=True)
    quantity = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    deducted_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("variant",), condition=models.Q(released_at__isnull=True), name="open_reservation")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.key}"
