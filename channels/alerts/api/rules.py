"""Alert rules for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from channels.alerts import preview, rules
from channels.alerts.api.fields import OwnIdField
from channels.alerts.sweep import terms_of
from channels.models import AlertRule, Integration, WebhookEndpoint
from portal.companies.api_rows import ScopedReadViewSet
from portal.companies.models import Membership


class PeopleField(serializers.ListField):
    """E-mail addresses of people of the company. The value is their memberships."""

    child = serializers.EmailField()

    def to_internal_value(self, data: Any) -> list[Membership]:
        wanted = {address.lower() for address in super().to_internal_value(data)}
        rows = self.context["request"].scope.rows(Membership).filter(user__email__in=wanted).select_related("user")
        found = list(rows)
        if missing := wanted - {row.user.email for row in found}:
            raise serializers.ValidationError(f"Nobody of your company has the address {sorted(missing)[0]}.")
        return found

    def to_representation(self, value: Any) -> list[str]:
        return [member.user.email for member in value.all()]


class RuleSerializer(serializers.ModelSerializer):
    """A rule. No ``codes`` mean any cause. ``standard`` is empty for a rule of your own; the two standard ones cannot be removed."""

    codes = serializers.ListField(child=serializers.CharField(max_length=40), max_length=200, required=False)
    integration_id = OwnIdField(Integration, source="integration")
    endpoint_id = OwnIdField(WebhookEndpoint, source="endpoint")
    people = PeopleField(required=False, max_length=100)
    daily_hour = serializers.IntegerField(min_value=0, max_value=23, required=False)

    class Meta:
        model = AlertRule
        fields = (
            "id",
            "name",
            "standard",
            "enabled",
            "codes",
            "integration_id",
            "whose",
            "at_least",
            "older_than_minutes",
            "in_portal",
            "mail_to",
            "people",
            "endpoint_id",
            "pace",
            "daily_hour",
            "digest_due_at",
            "created_at",
        )
        read_only_fields = ("standard", "digest_due_at", "created_at")


class CodeNumberSerializer(serializers.Serializer):
    code = serializers.CharField()
    number = serializers.IntegerField()


class ForecastSerializer(serializers.Serializer):
    """How often the rule would have alerted in the last ``days``; not ``is_whole`` where the history is too long to be read."""

    days = serializers.IntegerField(default=preview.DAYS)
    number = serializers.IntegerField()
    is_whole = serializers.BooleanField()
    sentence = serializers.CharField()
    by_code = CodeNumberSerializer(many=True)


class TriedSerializer(serializers.Serializer):
    """Where a test went."""

    addresses = serializers.ListField(child=serializers.CharField())
    endpoint = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class RuleViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, mixins.DestroyModelMixin, ScopedReadViewSet):
    """Which causes your company hears of, where and how soon."""

    scope_area = "alerts"
    serializer_class = RuleSerializer
    queryset = AlertRule.objects.none()
    filterset_fields = ("enabled", "pace", "standard")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def rows(self) -> QuerySet:
        rows = self.request.scope.rows(AlertRule).select_related("integration", "endpoint", "company")
        return rows.prefetch_related("people__user")

    def perform_create(self, serializer: Any) -> None:
        data = dict(serializer.validated_data)
        people, enabled = data.pop("people", []), data.pop("enabled", True)
        rule = AlertRule(company=self.request.scope.company, enabled=enabled, **data)
        serializer.instance = rules.save(rule, people=people, by=self.request.scope.user)

    def perform_update(self, serializer: Any) -> None:
        data = dict(serializer.validated_data)
        people, enabled = data.pop("people", None), data.pop("enabled", None)
        rule, by = serializer.instance, self.request.scope.user
        for name, value in data.items():
            setattr(rule, name, value)
        if data or people is not None:
            rules.save(rule, people=people, by=by)
        if enabled is not None:
            rules.switch(rule, enabled=enabled, by=by)
        serializer.instance = self.get_object()

    def perform_destroy(self, instance: AlertRule) -> None:
        rules.remove(instance, by=self.request.scope.user)

    @extend_schema(responses=ForecastSerializer)
    @action(detail=True, methods=("get",))
    def preview(self, request: Request, pk: str | None = None) -> Response:
        """How often it would have alerted in the last days."""
        found = preview.forecast(request.scope.company, terms_of(self.get_object()))
        by_code = [{"code": code, "number": number} for code, number in found.by_code]
        facts = {"number": found.number, "is_whole": found.is_whole, "sentence": found.sentence, "by_code": by_code}
        return Response({"days": preview.DAYS, **facts})

    @extend_schema(request=None, responses=TriedSerializer)
    @action(detail=True, methods=("post",))
    def test(self, request: Request, pk: str | None = None) -> Response:
        """Send a test to everybody whom the rule tells."""
        tried = rules.send_test(self.get_object())
        return Response(TriedSerializer(tried).data)
