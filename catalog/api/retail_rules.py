"""A retailer's own price rules for programs: one for each partnership with a supplier."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import mixins, serializers

from catalog.models import RetailRule
from catalog.models.retail import FIELDS
from catalog.services import rule_of, set_retail_rule
from portal.companies.api_rows import ScopedViewSet
from portal.companies.models import Partnership, PartnershipState


class RetailRuleSerializer(serializers.ModelSerializer):
    """``id`` is the partnership's. ``percent`` goes on what you pay (``basis`` cost) or comes off the suggested price; ``writes_…`` say what of a product
    in your store we may write. No rule prices below MAP or below what you pay."""

    id = serializers.IntegerField(source="partnership_id", read_only=True)
    supplier_id = serializers.IntegerField(source="partnership.supplier_id", read_only=True)
    supplier = serializers.CharField(source="partnership.supplier.name", read_only=True)

    class Meta:
        model = RetailRule
        fields = (
            "id",
            "supplier_id",
            "supplier",
            "basis",
            "percent",
            "rounding_ending",
            "rounding_direction",
            *FIELDS.values(),
        )

    def to_representation(self, instance: Partnership | RetailRule) -> dict[str, object]:
        """A partnership without a rule reads as the rule that changes nothing."""
        rule = instance if isinstance(instance, RetailRule) else _rule(instance)
        return super().to_representation(rule)

    def update(self, instance: Partnership, validated_data: dict[str, object]) -> Partnership:
        set_retail_rule(instance, **validated_data)
        instance.retail_rule = rule_of(instance)
        return instance


class RetailRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, ScopedViewSet):
    """Your price rules. Changing one tells your stores at once; the same terms again change nothing."""

    scope_area = "listings"
    serializer_class = RetailRuleSerializer
    queryset = Partnership.objects.none()
    http_method_names = ("get", "patch", "head", "options")

    def rows(self) -> QuerySet[Partnership]:
        own = self.request.scope.rows(Partnership).filter(retailer=self.request.scope.company)
        return own.filter(state=PartnershipState.ACCEPTED).select_related("supplier", "retail_rule")


def _rule(partnership: Partnership) -> RetailRule:
    return getattr(partnership, "retail_rule", None) or RetailRule(partnership=partnership)
