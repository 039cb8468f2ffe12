"""Alerts for programs: read only."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from channels.causes import cause_of
from channels.models import Alert
from portal.companies.api_rows import ScopedReadViewSet


class AlertSerializer(serializers.ModelSerializer):
    """One cause as one rule sees it. ``amounts`` are texts by currency; ``cleared_at`` is null while it is open, ``caught_up`` says how many were resolved."""

    rule_id = serializers.IntegerField(read_only=True)
    rule = serializers.CharField(source="rule.name", read_only=True)
    integration_id = serializers.IntegerField(allow_null=True, read_only=True)
    problem_id = serializers.IntegerField(allow_null=True, read_only=True)
    amounts = serializers.DictField(child=serializers.CharField(), read_only=True)
    action = serializers.SerializerMethodField()

    class Meta:
        model = Alert
        fields = (
            "id",
            "rule_id",
            "rule",
            "code",
            "cause_key",
            "title",
            "action",
            "count",
            "amounts",
            "integration_id",
            "problem_id",
            "stuck_since",
            "opened_at",
            "told_at",
            "away_since",
            "cleared_at",
            "caught_up",
        )
        read_only_fields = fields

    def get_action(self, row: Alert) -> str:
        return cause_of(row.code).action


class AlertFilter(django_filters.FilterSet):
    """``open`` true for what is not cleared yet."""

    open = django_filters.BooleanFilter(field_name="cleared_at", lookup_expr="isnull")

    class Meta:
        model = Alert
        fields = ("open", "code", "rule_id", "integration_id")


class AlertViewSet(ScopedReadViewSet):
    """What the rules told, the newest first."""

    scope_area = "alerts"
    serializer_class = AlertSerializer
    queryset = Alert.objects.none()
    filterset_class = AlertFilter

    def rows(self) -> QuerySet:
        return self.request.scope.rows(Alert).select_related("rule")
