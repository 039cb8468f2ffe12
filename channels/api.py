"""Connections for programs: integrations with their health and their status mapping, and what ran. Nothing secret is among the fields."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.routers import BaseRouter

from channels import problem_api
from channels.mapping_api import MappingActions
from channels.models import Integration, SyncRun
from channels.shown import with_facts
from portal.companies.api_rows import ScopedReadViewSet


class IntegrationSerializer(serializers.ModelSerializer):
    """A connection: ``enabled`` is what its owner wants, ``health`` what we see; ``next_run_at`` is the earliest of its steps."""

    open_problems = serializers.IntegerField(read_only=True)
    next_run_at = serializers.DateTimeField(source="next_at", allow_null=True, read_only=True)

    class Meta:
        model = Integration
        fields = (
            "id",
            "kind",
            "name",
            "store_name",
            "store_address",
            "currency",
            "time_zone",
            "supplies",
            "sells",
            "enabled",
            "health",
            "health_code",
            "health_reason",
            "health_changed_at",
            "open_problems",
            "next_run_at",
            "last_order_at",
            "last_stock_at",
            "is_sandbox",
            "created_at",
            "removed_at",
        )
        read_only_fields = fields


class RunSerializer(serializers.ModelSerializer):
    """One execution of a step. ``counts`` are records read, created, updated, unchanged, sent, refused; what is 0 may be absent."""

    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    integration_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = SyncRun
        fields = (
            "id",
            "integration_id",
            "step",
            "trigger",
            "result",
            "started_at",
            "finished_at",
            "expected",
            "counts",
            "code",
            "sentence",
        )
        read_only_fields = fields


class ReadViewSet(ScopedReadViewSet):
    """All rows of the scope, to be read and never changed."""

    scope_area = "integrations"

    def check_permissions(self, request: Request) -> None:
        """There is no permission to change what can only be read: say so before asking for one."""
        if request.user.is_authenticated and self.action is None:
            raise MethodNotAllowed(request.method)
        super().check_permissions(request)

    def rows(self) -> QuerySet:
        return self.request.scope.rows(self.queryset.model)


class IntegrationViewSet(MappingActions, ReadViewSet):
    """Connections of your company, removed ones too (``removed_at``)."""

    serializer_class = IntegrationSerializer
    queryset = Integration.objects.none()
    filterset_fields = ("kind", "health", "enabled", "supplies", "sells")

    def rows(self) -> QuerySet:
        return with_facts(super().rows())


class RunViewSet(ReadViewSet):
    """What ran, newest first."""

    serializer_class = RunSerializer
    queryset = SyncRun.objects.none()
    filterset_fields = ("integration_id", "step", "result")


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("integrations", IntegrationViewSet, basename="integration")
    router.register("runs", RunViewSet, basename="run")
    problem_api.register(router)
