"""Webhook endpoints for programs. A secret is in the answer that made it, and in no other."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from channels.alerts import deliveries, endpoints
from channels.alerts.api.deliveries import DeliverySerializer
from channels.models import WebhookEndpoint
from portal.companies.api_rows import ScopedReadViewSet


class EndpointSerializer(serializers.ModelSerializer):
    """Where events are sent. ``failures`` counts deliveries in a row that failed for good."""

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = (
            "id",
            "name",
            "url",
            "enabled",
            "failures",
            "last_sent_at",
            "old_secret_until",
            "created_at",
        )
        read_only_fields = ("failures", "last_sent_at", "old_secret_until", "created_at")


class IssuedSerializer(EndpointSerializer):
    """The same with its secret, shown once. Both the present and the old one sign until ``old_secret_until``."""

    secret = serializers.CharField(read_only=True)

    class Meta(EndpointSerializer.Meta):
        fields = (*EndpointSerializer.Meta.fields, "secret")


class ResendSerializer(serializers.Serializer):
    """Since when, and whether also what arrived."""

    since = serializers.DateTimeField()
    everything = serializers.BooleanField(default=False)


class NumberSerializer(serializers.Serializer):
    """How many are sent again."""

    number = serializers.IntegerField()


class EndpointViewSet(mixins.UpdateModelMixin, mixins.DestroyModelMixin, ScopedReadViewSet):
    """Addresses that hear of your alerts, signed as the Standard Webhooks scheme has it."""

    scope_area = "webhooks"
    serializer_class = EndpointSerializer
    queryset = WebhookEndpoint.objects.none()
    filterset_fields = ("enabled",)
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def rows(self) -> QuerySet:
        return self.request.scope.rows(WebhookEndpoint).filter(removed_at=None).select_related("company")

    @extend_schema(request=EndpointSerializer, responses={201: IssuedSerializer})
    def create(self, request: Request) -> Response:
        """Make an endpoint. The answer holds its secret."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        facts = {name: asked.validated_data[name] for name in ("name", "url")}
        issued = endpoints.create(request.scope.company, by=request.scope.user, **facts)
        if not asked.validated_data.get("enabled", True):
            endpoints.switch(issued.endpoint, enabled=False, by=request.scope.user)
        return Response(_with_secret(issued), status=status.HTTP_201_CREATED)

    def perform_update(self, serializer: Any) -> None:
        data, endpoint, by = serializer.validated_data, serializer.instance, self.request.scope.user
        if "name" in data or "url" in data:
            endpoints.change(endpoint, name=data.get("name", endpoint.name), url=data.get("url", endpoint.url), by=by)
        if "enabled" in data:
            endpoints.switch(endpoint, enabled=data["enabled"], by=by)

    def perform_destroy(self, instance: WebhookEndpoint) -> None:
        endpoints.remove(instance, by=self.request.scope.user)

    @extend_schema(request=None, responses=IssuedSerializer)
    @action(detail=True, methods=("post",))
    def rotate(self, request: Request, pk: str | None = None) -> Response:
        """A new secret; the old one signs beside it for a day."""
        return Response(_with_secret(endpoints.rotate(self.get_object(), by=request.scope.user)))

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=("post",))
    def test(self, request: Request, pk: str | None = None) -> Response:
        """Send a test event; its delivery tells what came of it."""
        return Response(DeliverySerializer(endpoints.send_test(self.get_object())).data)

    @extend_schema(request=ResendSerializer, responses=NumberSerializer)
    @action(detail=True, methods=("post",))
    def resend(self, request: Request, pk: str | None = None) -> Response:
        """Send again what failed since a moment, or everything, under the same event ids."""
        endpoint, asked = self.get_object(), ResendSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        since, everything = asked.validated_data["since"], asked.validated_data["everything"]
        number = deliveries.resend_since(endpoint, since, only_failed=not everything)
        return Response({"number": number})


def _with_secret(issued: endpoints.Issued) -> dict[str, object]:
    return {**EndpointSerializer(issued.endpoint).data, "secret": issued.secret}
