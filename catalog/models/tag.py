"""Words of the supplier's own that group its products, such as ``clearance``."""

from __future__ import annotations

from django.db import models

from catalog.models.product import Product
from portal.companies.scope import Scoped


class ProductTag(Scoped):
    """One word on one product; ``key`` is how it is compared."""

    company_paths = ("product__company",)

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)
    key = models.CharField(max_length=60)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("product", "key"), name="one_tag_a_product")]
        indexes = [models.Index(fields=("key", "product"), name="tag_by_key")]

    def __str__(self) -> str:
        return self.name
