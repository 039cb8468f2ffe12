"""The shapes of price lists for programs: terms, rules, breaks, overrides, drafts and their previews."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from catalog.api.amounts import AMOUNT
from catalog.models import EffectivePrice, PriceBasis, PriceList, PriceRevision, PriceRule
from catalog.pricing import Rule
from catalog.pricing.change import Change, QuantityBreak
from catalog.services.applying import all_breaks_of
from catalog.services.lists import terms_change
from catalog.services.terms import rules_of

PERCENT: dict[str, Any] = {"max_digits": 6, "decimal_places": 3}
MOST_ROWS = 1_000
MOST_ID = 2**62


class PriceRuleSerializer(serializers.Serializer):
    """A margin for some goods: ``percent_off``, or ``amount_off`` where that is set, off the figure that ``basis`` names; below 0 it is added."""

    target = serializers.ChoiceField(choices=PriceRule.Target.choices)
    value = serializers.CharField(max_length=255)
    percent_off = serializers.DecimalField(**PERCENT, default=Decimal(0))
    amount_off = serializers.DecimalField(**AMOUNT, allow_null=True, default=None)
    basis = serializers.ChoiceField(choices=PriceBasis.choices, allow_blank=True, default="")


class QuantityBreakSerializer(serializers.Serializer):
    """From ``quantity`` units on: ``percent_off`` less for all goods, or ``amount`` for one ``variant_id``."""

    quantity = serializers.IntegerField(min_value=2, max_value=999_999)
    variant_id = serializers.IntegerField(min_value=1, max_value=MOST_ID, allow_null=True, default=None)
    percent_off = serializers.DecimalField(**PERCENT, allow_null=True, default=None)
    amount = serializers.DecimalField(**AMOUNT, allow_null=True, default=None)


class PriceListSerializer(serializers.ModelSerializer):
    """A list with its terms, rules (in their order) and quantity breaks. What is left out of a change stays; ``rules`` and ``breaks`` are replaced whole."""

    rules = PriceRuleSerializer(many=True, required=False)
    breaks = QuantityBreakSerializer(many=True, required=False)

    class Meta:
        model = PriceList
        fields = (
            "id",
            "name",
            "currency",
            "basis",
            "percent_off",
            "amount_off",
            "rounding_ending",
            "rounding_direction",
            "floor_cost",
            "floor_percent",
            "floor_map",
            "ceiling_msrp",
            "retail_currency",
            "retail_rate",
            "retail_rate_on",
            "state",
            "valid_from",
            "valid_until",
            "is_default",
            "adds_new_products",
            "version",
            "updated_at",
            "rules",
            "breaks",
        )
        read_only_fields = ("id", "currency", "retail_rate_on", "version", "updated_at")
        # Names are unique a company, which is not a field here: the service says so in its own words.
        validators: tuple[Any, ...] = ()

    def to_representation(self, instance: PriceList) -> dict[str, Any]:
        return super().to_representation(_Shown(instance))


class _Shown:
    """A list whose rules and breaks read as values and not as rows."""

    def __init__(self, price_list: PriceList) -> None:
        self._list = price_list
        self.rules, self.breaks = rules_of(price_list), all_breaks_of(price_list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._list, name)


class OverrideSerializer(serializers.Serializer):
    """A fixed price of one variant; ``amount`` null gives it back to the rules. A locked one changes only here, by saying so."""

    variant_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    amount = serializers.DecimalField(**AMOUNT, allow_null=True)
    is_locked = serializers.BooleanField(default=False)


class OverridesSerializer(serializers.Serializer):
    prices = OverrideSerializer(many=True, max_length=MOST_ROWS)  # type: ignore[call-arg]  # a list's, says the stub
    draft = serializers.BooleanField(default=False)


class DoneSerializer(serializers.Serializer):
    """``draft`` tells whether the change waits in the list's draft; ``moved`` how many prices moved; ``skipped`` how many locked ones stayed."""

    draft = serializers.BooleanField()
    moved = serializers.IntegerField()
    skipped = serializers.IntegerField(default=0)


class PublishSerializer(serializers.Serializer):
    """``at`` null publishes now. ``seen`` is the draft's ``edits`` as you read it: a draft that moved on is refused."""

    at = serializers.DateTimeField(allow_null=True, default=None)
    seen = serializers.IntegerField(allow_null=True, default=None)


class UndoSerializer(serializers.Serializer):
    revision_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)


class RevisionSerializer(serializers.ModelSerializer):
    """A change of a list, waiting or published. ``publish_at`` is when it goes live by itself."""

    moved = serializers.SerializerMethodField()

    class Meta:
        model = PriceRevision
        fields = (
            "id",
            "state",
            "sentence",
            "edits",
            "moved",
            "created_at",
            "submitted_at",
            "approved_at",
            "publish_at",
            "published_at",
        )
        read_only_fields = fields

    def get_moved(self, revision: PriceRevision) -> int:
        return int(revision.counts.get("moved", 0))


class MovedSerializer(serializers.Serializer):
    variant_id = serializers.IntegerField()
    sku = serializers.CharField()
    now = serializers.DecimalField(**AMOUNT, allow_null=True)
    new = serializers.DecimalField(**AMOUNT, allow_null=True)
    trouble = serializers.CharField(allow_blank=True)
    limit = serializers.DecimalField(**AMOUNT, allow_null=True)


class MonthSerializer(serializers.Serializer):
    """What the partners' orders of the last 30 days would have brought: units, takings now and then, and the margins in percent where costs are known."""

    units = serializers.IntegerField()
    now = serializers.DecimalField(**AMOUNT)
    new = serializers.DecimalField(**AMOUNT)
    difference = serializers.DecimalField(**AMOUNT)
    margin_now = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)
    margin_new = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)


class DraftSerializer(serializers.Serializer):
    """The draft of a list and what it would do: counts, how many prices pass which limit and the worst of them, the biggest movers, the effect on last
    month's orders (null without any), why a second person must approve."""

    revision = RevisionSerializer()
    up = serializers.IntegerField()
    down = serializers.IntegerField()
    same = serializers.IntegerField()
    added = serializers.IntegerField()
    gone = serializers.IntegerField()
    trouble_counts = serializers.DictField(child=serializers.IntegerField())
    violations = MovedSerializer(many=True)
    month = MonthSerializer(allow_null=True)
    movers = MovedSerializer(many=True)
    partners = serializers.ListField(child=serializers.CharField())
    needs_approval = serializers.ListField(child=serializers.CharField())


class PriceSerializer(serializers.ModelSerializer):
    """A price with the sum that made it; ``breaks`` are [from so many units, price of one]."""

    variant_id = serializers.IntegerField(read_only=True)
    price_list_id = serializers.IntegerField(read_only=True)
    sku = serializers.CharField(source="variant.sku", read_only=True)
    suggested_price = serializers.DecimalField(source="retail_amount", **AMOUNT, read_only=True)
    explanation = serializers.DictField(child=serializers.CharField(), read_only=True)
    breaks = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), read_only=True)

    class Meta:
        model = EffectivePrice
        fields = (
            "id",
            "price_list_id",
            "variant_id",
            "sku",
            "amount",
            "suggested_price",
            "breaks",
            "rule",
            "explanation",
            "list_version",
            "valid_from",
            "valid_until",
        )
        read_only_fields = fields


def change_of(said: dict[str, Any], price_list: PriceList) -> Change:
    """The change that validated fields mean."""
    terms = {name: value for name, value in said.items() if name not in {"rules", "breaks"}}
    return Change(
        terms=terms_change(price_list, terms).terms,
        rules=[Rule(**rule) for rule in said["rules"]] if "rules" in said else None,
        breaks=[QuantityBreak(**one) for one in said["breaks"]] if "breaks" in said else None,
    )
