"""Parcels: read by both sides, recorded by the one that ships."""

from __future__ import annotations

import uuid

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.limits import LARGEST_ID, MOST_LINES
from orders.api.supplier_orders import part_of_caller
from orders.carriers import tracking_address
from orders.data import Actor, ShipmentData
from orders.models import Shipment, ShipmentLine, ShipmentSource
from orders.services import record_shipment
from portal.companies.api_rows import ScopedReadViewSet
from portal.lib import clock


class ShipmentLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = ShipmentLine
        fields = ("line_id", "quantity")
        read_only_fields = fields


class ShipmentSerializer(serializers.ModelSerializer):
    """A parcel with its lines."""

    supplier_order = serializers.CharField(source="supplier_order.reference", read_only=True)
    lines = ShipmentLineSerializer(many=True, read_only=True)

    class Meta:
        model = Shipment
        fields = (
            "id",
            "supplier_order",
            "source",
            "carrier",
            "service",
            "tracking_number",
            "tracking_url",
            "shipped_at",
            "recorded_at",
            "told_at",
            "lines",
        )
        read_only_fields = fields


class ParcelLineSerializer(serializers.Serializer):
    line_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    quantity = serializers.IntegerField(min_value=1, max_value=99_999)


class ParcelSerializer(serializers.Serializer):
    """A parcel to record. Without ``lines`` everything still open is in it. The same ``token`` again records nothing new."""

    supplier_order = serializers.CharField(max_length=40, help_text="The reference of an order that you ship.")
    token = serializers.CharField(max_length=60, required=False, help_text="Yours; makes a repeated call safe.")
    carrier = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    service = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    tracking_number = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    shipped_at = serializers.DateTimeField(required=False)
    lines = ParcelLineSerializer(many=True, required=False, default=list, max_length=MOST_LINES)  # type: ignore[call-arg]  # a list's, says the stub

    def parcel(self) -> ShipmentData:
        """The parcel as the services take it."""
        data = self.validated_data
        return ShipmentData(
            source_key=f"api:{data.get('token') or uuid.uuid4().hex}",
            source=ShipmentSource.API,
            carrier=data["carrier"],
            service=data["service"],
            tracking_number=data["tracking_number"],
            tracking_url=tracking_address(data["carrier"], data["tracking_number"]),
            shipped_at=data.get("shipped_at") or clock.now(),
            lines=tuple((line["line_id"], line["quantity"]) for line in data["lines"]),
        )


class ShipmentFilter(django_filters.FilterSet):
    supplier_order = django_filters.CharFilter(field_name="supplier_order__reference")
    shipped_since = django_filters.IsoDateTimeFilter(field_name="shipped_at", lookup_expr="gte")

    class Meta:
        model = Shipment
        fields = ("tracking_number",)


class ShipmentViewSet(ScopedReadViewSet):
    """Parcels of the orders that you ship or that are shipped for you."""

    scope_area = "shipments"
    serializer_class = ShipmentSerializer
    queryset = Shipment.objects.none()
    filterset_class = ShipmentFilter

    def rows(self) -> QuerySet:
        return self.request.scope.rows(Shipment).select_related("supplier_order").prefetch_related("lines")

    @extend_schema(request=ParcelSerializer, responses={200: ShipmentSerializer, 201: ShipmentSerializer})
    def create(self, request: Request) -> Response:
        """Record a parcel of an order that you ship; its retailer's store gets the tracking at once."""
        asked = ParcelSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        part = part_of_caller(request, asked.validated_data["supplier_order"])
        shipment, is_new = record_shipment(part, asked.parcel(), Actor.of(request.scope))
        made = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(self.get_serializer(self.rows().get(pk=shipment.pk)).data, status=made)
