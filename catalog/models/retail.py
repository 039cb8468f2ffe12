"""How a retailer prices a partner's goods on its own shelf, what it lets us write in its store, and which of its own goods are the partner's."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from catalog.models.price import RoundingDirection
from catalog.models.product import Variant
from portal.companies.scope import Scoped
from portal.lib import clock

# What we may write in a store's product, by the flag of a rule that allows it.
FIELDS = {
    "title": "writes_title",
    "description": "writes_description",
    "images": "writes_images",
    "price": "writes_price",
    "stock": "writes_stock",
}


class RetailRule(Scoped):
    """A retailer's own rule for one partnership. Without a rule the suggested price stands on the shelf and each channel writes what it does by itself.

    ``percent`` is taken off the suggested retail price (negative: put on), or put on the dropship price; ``rounding_ending`` (0.00 to 0.99, null = none)
    and ``rounding_direction`` say on which ending it lands. Never below MAP nor below the dropship price. A listing's own price goes before the rule.
    """

    company_paths = ("partnership__retailer",)

    class Basis(models.TextChoices):
        SUGGESTED = "suggested", "Suggested retail price, less"
        COST = "cost", "What you pay, plus"

    partnership = models.OneToOneField("companies.Partnership", on_delete=models.CASCADE, related_name="retail_rule")
    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.SUGGESTED)
    percent = models.DecimalField(max_digits=7, decimal_places=3, default=Decimal(0))
    rounding_ending = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    rounding_direction = models.CharField(
        max_length=8, choices=RoundingDirection.choices, default=RoundingDirection.NEAREST
    )
    writes_title = models.BooleanField(default=False)
    writes_description = models.BooleanField(default=True)
    writes_images = models.BooleanField(default=False)
    writes_price = models.BooleanField(default=True)
    writes_stock = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="cost", percent__gt=-100) | Q(basis="suggested", percent__lt=100),
                name="retail_percent_leaves_a_price",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} {self.percent} %"

    @property
    def keeps(self) -> frozenset[str]:
        """The fields that are left as the store has them, of FIELDS."""
        return frozenset(field for field, flag in FIELDS.items() if not getattr(self, flag))


class Adoption(Scoped):
    """``own``, which ``company`` had in its store before, is its partner's ``variant``: publishing takes it over instead of making it twice.

    Its title, description and pictures stay as they are.
    """

    class How(models.TextChoices):
        SKU = "sku", "Same SKU"
        BARCODE = "barcode", "Same barcode"
        HAND = "hand", "Matched by hand"

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="adoptions")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="adoptions")
    own = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("company", "variant"), name="one_adoption_a_variant"),
            models.UniqueConstraint(fields=("company", "own"), name="one_adoption_an_own_variant"),
        ]

    def __str__(self) -> str:
        return f"{self.variant} → {self.own}"
