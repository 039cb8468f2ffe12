"""Deliveries for programs: what was sent, every try, and sending again."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from channels.alerts import deliveries
from channels.models import Delivery, DeliveryAttempt
from portal.companies.api_rows import ScopedReadViewSet


class TrySerializer(serializers.ModelSerializer):
    """One try. ``status`` is null where no answer came; ``error`` then says why."""

    request_headers = serializers.DictField(child=serializers.CharField(), read_only=True)
    response_headers = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = DeliveryAttempt
        fields = (
            "at",
            "url",
            "request_headers",
            "status",
            "response_headers",
            "response_body",
            "error",
            "milliseconds",
        )
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer):
    """One event for one endpoint. ``event_id`` is the same over all tries; ``not_before`` is the next try while it waits."""

    endpoint_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = (
            "id",
            "endpoint_id",
            "event",
            "event_id",
            "state",
            "attempts",
            "last_answer",
            "not_before",
            "created_at",
            "finished_at",
        )
        read_only_fields = fields


class WholeDeliverySerializer(DeliverySerializer):
    """The same with what was sent and every try, the newest first."""

    body = serializers.DictField(read_only=True)
    tries = TrySerializer(many=True, read_only=True)

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "body", "tries")
        read_only_fields = fields


class DeliveryViewSet(ScopedReadViewSet):
    """What was sent to your webhooks, the newest first, kept for 30 days."""

    scope_area = "webhooks"
    queryset = Delivery.objects.none()
    filterset_fields = ("endpoint_id", "state", "event")

    def get_serializer_class(self) -> type[DeliverySerializer]:
        return WholeDeliverySerializer if self.action == "retrieve" else DeliverySerializer

    def rows(self) -> QuerySet:
        rows = self.request.scope.rows(Delivery).filter(endpoint__removed_at=None).select_related("endpoint__company")
        return rows.prefetch_related("tries") if self.action == "retrieve" else rows

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=("post",))
    def resend(self, request: Request, pk: str | None = None) -> Response:
        """Send it again, under its id."""
        row = self.get_object()
        deliveries.resend(row)
        row.refresh_from_db()
        return Response(DeliverySerializer(row).data)
