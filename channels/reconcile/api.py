"""The books for programs: reconciliations with their statements, differences, and choosing a side."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from channels.models import Difference, Reconciliation
from channels.models.reconcile import Side
from channels.reconcile.choose import choice_for, choose
from channels.reconcile.differences import kind_of
from orders.data import Actor
from portal.companies.api_rows import ScopedReadViewSet


class ReconciliationSerializer(serializers.ModelSerializer):
    """One comparison. ``books`` has a statement a book: for both sides (records, sum) of opening, in, out and closing; sums are text."""

    integration_id = serializers.IntegerField(read_only=True)
    books = serializers.DictField(read_only=True)

    class Meta:
        model = Reconciliation
        fields = (
            *("id", "integration_id", "trigger", "result", "started_at", "finished_at"),
            *("compared", "differences", "on_the_way", "sentence", "books"),
        )
        read_only_fields = fields


class DifferenceSerializer(serializers.ModelSerializer):
    """A record on which the sides disagree; ``choices`` are the sides that can be chosen, with what each does."""

    integration_id = serializers.IntegerField(read_only=True)
    title = serializers.SerializerMethodField()
    cause = serializers.SerializerMethodField()
    choices = serializers.SerializerMethodField()

    class Meta:
        model = Difference
        fields = (
            *(
                "id",
                "integration_id",
                "book",
                "kind",
                "title",
                "cause",
                "name",
                "record_type",
                "record_id",
                "remote_id",
            ),
            *("ours", "theirs", "value", "currency", "state", "choice", "answer", "chosen_at", "choices"),
            *("first_seen_at", "last_seen_at", "gone_at"),
        )
        read_only_fields = fields

    def get_title(self, row: Difference) -> str:
        return kind_of(row.kind).title

    def get_cause(self, row: Difference) -> str:
        return kind_of(row.kind).cause

    def get_choices(self, row: Difference) -> dict[str, str]:
        offers = {side.value: choice_for(row, side.value) for side in Side}
        return {side: f"{choice.label}: {choice.consequence}" for side, choice in offers.items() if choice}


class ChoiceSerializer(serializers.Serializer):
    """Whose figure holds."""

    side = serializers.ChoiceField(choices=Side.choices)


class ReconciliationViewSet(ScopedReadViewSet):
    """Comparisons of your connections with their statements, newest first."""

    scope_area = "problems"
    serializer_class = ReconciliationSerializer
    queryset = Reconciliation.objects.none()
    filterset_fields = ("integration_id", "result")

    def rows(self) -> QuerySet[Reconciliation]:
        return self.request.scope.rows(Reconciliation)


class DifferenceViewSet(ScopedReadViewSet):
    """What differs, what was chosen, and what agrees by now."""

    scope_area = "problems"
    serializer_class = DifferenceSerializer
    queryset = Difference.objects.none()
    filterset_fields: ClassVar[tuple[str, ...]] = ("integration_id", "state", "book", "kind")

    def rows(self) -> QuerySet[Difference]:
        return self.request.scope.rows(Difference).select_related("integration")

    @extend_schema(request=ChoiceSerializer, responses=DifferenceSerializer)
    @action(detail=True, methods=("post",))
    def choose(self, request: Request, **kwargs: Any) -> Response:
        """Choose "ours" or "theirs"; ``answer`` says what happens now. 409 or 400 with the reason where it cannot be."""
        difference = self.get_object()
        asked = ChoiceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        choose(difference, asked.validated_data["side"], actor=Actor.of(request.scope), by=request.scope.user)
        difference.refresh_from_db()
        return Response(self.get_serializer(difference).data)


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("reconciliations", ReconciliationViewSet, basename="reconciliation")
    router.register("differences", DifferenceViewSet, basename="difference")
