"""What a retailer sells of its partners' goods, and the matches that it taught us."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.functional import cached_property

from catalog.models.product import Product, Variant
from catalog.retail import Facts, Rule, ShelfPrice, in_currency, shelf_price
from portal.companies.scope import Scoped
from portal.lib import clock


class ListingState(models.TextChoices):
    CHOSEN = "chosen", "Chosen"
    PUBLISHED = "published", "Published"
    STOPPED = "stopped", "Stopped"


class Listing(Scoped):
    """One variant of a partner that ``company`` (the retailer) sells.

    ``is_active`` False means its stock is kept at 0 and it is hidden in the store, never deleted. ``retail_price`` overrides the suggested one, in the
    list's retail currency. ``stock_buffer`` units are kept back instead of the partner's own figure.
    """

    company_paths = ("company", "partnership__supplier")

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="listings")
    partnership = models.ForeignKey("companies.Partnership", on_delete=models.CASCADE, related_name="listings")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="listings")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="listings")
    state = models.CharField(max_length=10, choices=ListingState.choices, default=ListingState.CHOSEN)
    retail_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    stock_buffer = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    # What ``catalog.numbers.with_terms`` puts beside the columns.
    rate: Decimal | None
    shelf_currency: str | None
    suggested: Decimal | None
    dropship: Decimal | None
    map_price: Decimal | None
    rule_basis: str | None
    rule_percent: Decimal
    rule_ending: Decimal | None
    rule_direction: str

    class Meta:
        constraints = [models.UniqueConstraint(fields=("company", "variant"), name="one_listing_a_variant")]
        indexes = [models.Index(fields=("company", "state", "id"), name="listing_state")]

    def __str__(self) -> str:
        return str(self.variant)

    @cached_property
    def shelf_sum(self) -> tuple[Facts, ShelfPrice | None]:
        """The price on the shelf with what it was made from. Only for rows of ``catalog.numbers.with_terms``."""
        rate = self.rate
        facts = Facts(
            currency=self.shelf_currency or "GBP",
            suggested=self.suggested,
            cost=in_currency(self.dropship, rate, self.shelf_currency),
            map_price=in_currency(self.map_price, rate, self.shelf_currency),
        )
        return facts, shelf_price(facts, rule=self._rule, own=self.retail_price)

    @property
    def shelf(self) -> Decimal | None:
        """The price on the shelf in its retail currency, None without one. Only for rows of ``catalog.numbers.with_terms``."""
        price = self.shelf_sum[1]
        return price.amount if price else None

    @property
    def shelf_made(self) -> Decimal | None:
        """What would stand there without an own price."""
        price = shelf_price(self.shelf_sum[0], rule=self._rule)
        return price.amount if price else None

    @property
    def _rule(self) -> Rule | None:
        basis = self.rule_basis
        return Rule(basis, self.rule_percent, self.rule_ending, self.rule_direction) if basis else None


class SkuAlias(Scoped):
    """A match that a person made once: this text on ``company``'s orders means that variant (or, with none, the company's own goods)."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="sku_aliases")
    sku_key = models.CharField(max_length=300)
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="aliases", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("company", "sku_key"), name="one_alias_a_sku")]

    def __str__(self) -> str:
        return f"{self.sku_key} → {self.variant or 'own goods'}"
