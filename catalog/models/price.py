"""Price lists: what a partnership sees and pays."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.pricing.breaks import Step, amount_for
from portal.companies.scope import Scoped
from portal.lib import clock


class PriceListState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    LIVE = "live", "Live"


class RoundingDirection(models.TextChoices):
    NEAREST = "nearest", "Nearest"
    UP = "up", "Up"
    DOWN = "down", "Down"


class PriceBasis(models.TextChoices):
    """The figure of the goods that a margin is taken off (or, on cost, usually added to)."""

    RETAIL = "retail", "Retail price"
    MSRP = "msrp", "List price (MSRP)"
    COST = "cost", "Cost"


class PriceList(Scoped):
    """A supplier's prices for some partners, in ``currency`` (that of the supplier's store).

    ``percent_off`` is taken off the figure that ``basis`` names, or ``amount_off`` (in ``currency``) where that is set; below 0 it is added. No rule brings a
    price below cost plus ``floor_percent`` (with ``floor_cost``), below MAP (``floor_map``) or above MSRP (``ceiling_msrp``). The list goes live at
    ``valid_from`` when it is scheduled and ends at ``valid_until``. ``rounding_ending`` (0.00 to 0.99, null = none) and ``rounding_direction`` say on which
    ending a price lands. ``retail_rate`` turns ``currency`` into ``retail_currency`` for the suggested retail price; null while both are the same.
    ``version`` grows with every change of what it decides and is frozen into orders.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="price_lists")
    name = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    retail_currency = models.CharField(max_length=3, blank=True)
    retail_rate = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    retail_rate_on = models.DateField(null=True, blank=True)
    percent_off = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    amount_off = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    basis = models.CharField(max_length=6, choices=PriceBasis.choices, default=PriceBasis.RETAIL)
    floor_cost = models.BooleanField(default=False)
    floor_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    floor_map = models.BooleanField(default=False)
    ceiling_msrp = models.BooleanField(default=False)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    rounding_ending = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    rounding_direction = models.CharField(
        max_length=8, choices=RoundingDirection.choices, default=RoundingDirection.NEAREST
    )
    state = models.CharField(max_length=10, choices=PriceListState.choices, default=PriceListState.LIVE)
    is_default = models.BooleanField(default=False)
    adds_new_products = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-is_default", "name")
        constraints = [
            models.UniqueConstraint(fields=("company", "name"), name="one_price_list_a_name"),
            models.UniqueConstraint(fields=("company",), condition=Q(is_default=True), name="one_default_price_list"),
            models.CheckConstraint(condition=Q(percent_off__lt=100), name="percent_off_below_100"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_period(self) -> bool:
        """Whether it begins and ends: then it can stand in for a partner's usual list."""
        return self.valid_from is not None and self.valid_until is not None


class PriceListAssignment(Scoped):
    """The one list of a partnership; without it the partner sees nothing and its orders cannot be priced.

    ``stock_buffer`` units of every variant are kept back from this partner. ``usual_list`` is what the partner falls back to when ``price_list``, an exception
    for a period, ends; null while the list is the usual one.
    """

    company_paths = ("partnership__supplier", "partnership__retailer")

    partnership = models.OneToOneField(
        "companies.Partnership", on_delete=models.CASCADE, related_name="price_assignment"
    )
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="assignments")
    usual_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    stock_buffer = models.PositiveIntegerField(default=0)
    assigned_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.partnership}: {self.price_list}"


class PriceRule(Scoped):
    """A margin for some of the goods of a list: the narrowest rule wins, then the lower ``position`` (see ``catalog.pricing.rules``).

    ``basis`` "" is the list's own. The ``value`` of a price band is ``10-20``: from 10 to below 20 of the retail price.
    """

    company_paths = ("price_list__company",)

    class Target(models.TextChoices):
        SKU = "sku", "SKU"
        TAG = "tag", "Tag"
        CATEGORY = "category", "Category"
        BRAND = "brand", "Brand"
        BAND = "band", "Retail price"

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="rules")
    target = models.CharField(max_length=10, choices=Target.choices)
    value = models.CharField(max_length=255)
    percent_off = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    amount_off = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    basis = models.CharField(max_length=6, choices=PriceBasis.choices, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.get_target_display()} {self.value}"


class PriceBreak(Scoped):
    """What a unit costs from ``quantity`` units on: ``percent_off`` less for all goods of the list, or ``amount`` for one variant."""

    company_paths = ("price_list__company",)

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="breaks")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    quantity = models.PositiveIntegerField()
    percent_off = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ("variant_id", "quantity", "id")
        constraints = [
            models.UniqueConstraint(fields=("price_list", "variant", "quantity"), name="one_break_a_quantity"),
            models.UniqueConstraint(
                fields=("price_list", "quantity"), condition=Q(variant__isnull=True), name="one_list_break_a_quantity"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=1), name="break_above_one"),
            models.CheckConstraint(
                condition=Q(variant__isnull=True, percent_off__isnull=False, amount__isnull=True)
                | Q(variant__isnull=False, percent_off__isnull=True, amount__isnull=False),
                name="break_is_percent_or_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.quantity}"


class PriceOverride(Scoped):
    """A fixed dropship price for one variant on one list; it beats every rule.

    A locked one is passed by by bulk edits and files; a person must unlock it first.
    """

    company_paths = ("price_list__company",)

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="overrides")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="price_overrides")
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    is_locked = models.BooleanField(default=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("price_list", "variant"), name="one_override_a_variant"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="override_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.variant}: {self.amount}"


class EffectivePrice(Scoped):
    """What a list says of a variant from ``valid_from`` on; old rows stay and are the price history. Written only by ``catalog.pricing``.

    ``amount`` is the dropship price in the list's currency, ``retail_amount`` the suggested retail price in its retail currency,
    ``explanation`` the sum as stored facts: base, percent, rule, unrounded, rounded. ``breaks`` are [quantity, amount] pairs: what a unit costs from so many
    units on.
    """

    company_paths = ("price_list__company",)

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="prices")
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    retail_amount = models.DecimalField(max_digits=14, decimal_places=4)
    list_version = models.PositiveIntegerField(default=1)
    rule = models.CharField(max_length=120, blank=True)
    explanation = models.JSONField(default=dict, blank=True)
    breaks = models.JSONField(default=list, blank=True)
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("price_list", "variant"), condition=Q(valid_until__isnull=True), name="one_price_in_force"
            )
        ]
        indexes = [models.Index(fields=("price_list", "variant", "-valid_from"), name="price_history")]

    def __str__(self) -> str:
        return f"{self.variant}: {self.amount}"

    @property
    def steps(self) -> list[Step]:
        """The quantity breaks as (from so many units, price of one)."""
        return [(int(quantity), Decimal(amount)) for quantity, amount in self.breaks]

    def amount_for(self, quantity: int) -> Decimal:
        """What one of ``quantity`` units costs, in the list's currency."""
        return amount_for(quantity, self.amount, self.steps)


class PriceChange(models.Model):
    """The supplier's own figures as they changed at the source: price, cost or MSRP of a variant."""

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="price_changes")
    field = models.CharField(max_length=10)
    before = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    after = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    cause = models.CharField(max_length=30, default="pull")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=("variant", "-at"), name="price_change_history")]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"
