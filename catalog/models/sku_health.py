"""What the last look at a company's SKUs found, and the SKUs that were renamed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from portal.companies.scope import Scoped
from portal.lib import clock


class FindingKind(models.TextChoices):
    NEAR = "near", "Looks alike"
    DUPLICATE = "duplicate", "Shared by several"
    MISSING = "missing", "No SKU"
    DAMAGED = "damaged", "Damaged"
    RENAMED = "renamed", "Renamed"
    MATCHED = "matched", "Matched"
    HERE = "here", "Only here"
    THERE = "there", "Only there"


# What somebody should look at; the rest tells how things stand.
TROUBLE = (FindingKind.NEAR, FindingKind.DUPLICATE, FindingKind.MISSING, FindingKind.DAMAGED, FindingKind.RENAMED)


class SkuCheck(Scoped):
    """One look at all SKUs of ``company``. Findings of ``round`` are shown; a look at work writes the next round and ends by showing it."""

    company = models.OneToOneField("companies.Company", on_delete=models.CASCADE, related_name="sku_check")
    round = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=("asked_at",), condition=Q(asked_at__isnull=False), name="sku_check_asked")]

    def __str__(self) -> str:
        return f"{self.company}, round {self.round}"

    @property
    def is_running(self) -> bool:
        return self.asked_at is not None


class SkuFinding(Scoped):
    """One SKU and what was found of it.

    ``sku`` and ``variant`` are the company's own (empty and none for a SKU that only the other side has), ``other_sku`` and ``other`` what it was
    compared with; ``partner`` is the other side, none within the company's own catalogue; ``place`` names a side that is no company, such as a warehouse.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="sku_findings")
    round = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=FindingKind.choices)
    partner = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    place = models.CharField(max_length=100, blank=True)
    sku = models.CharField(max_length=255, blank=True)
    other_sku = models.CharField(max_length=255, blank=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    other = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("company", "round", "kind", "id"), name="finding_by_kind"),
            models.Index(fields=("company", "round", "variant"), name="finding_by_variant"),
        ]

    def __str__(self) -> str:
        return self.sku or self.other_sku or "no SKU"


class SkuRename(models.Model):
    """A variant whose SKU changed at its source."""

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="renames")
    before = models.CharField(max_length=255)
    after = models.CharField(max_length=255)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=("variant", "-at"), name="sku_rename_history")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
