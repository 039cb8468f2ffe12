"""Their words ↔ ours, per integration and never global: order statuses, shipping methods."""

from __future__ import annotations

from django.db import models

from portal.companies.scope import Scoped
from portal.lib import clock


class ValueMap(Scoped):
    """One translated value of one integration. ``seen`` counts how often the text stood on orders."""

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="value_maps")
    area = models.CharField(max_length=20)
    theirs = models.CharField(max_length=200)
    label = models.CharField(max_length=200, blank=True)
    ours = models.CharField(max_length=200, blank=True)
    seen = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("integration", "area", "theirs"), name="one_value_a_text")]

    def __str__(self) -> str:
        return f"{self.theirs} → {self.ours}"
