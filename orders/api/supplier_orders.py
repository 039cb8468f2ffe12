"""Supplier orders: the part of an order that one company ships, at the frozen price."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.addresses import ShownAddressSerializer
from orders.data import Actor
from orders.models import SupplierOrder, SupplierOrderLine
from orders.services import accept_supplier_order
from portal.companies.api_rows import ScopedReadViewSet


class SupplierOrderLineSerializer(serializers.ModelSerializer):
    """A line at the frozen price."""

    quantity_open = serializers.IntegerField(read_only=True)

    class Meta:
        model = SupplierOrderLine
        fields = (
            "id",
            "variant_id",
            "sku",
            "name",
            "quantity",
            "quantity_shipped",
            "quantity_cancelled",
            "quantity_open",
            "unit_price",
        )
        read_only_fields = fields


class SupplierOrderSerializer(serializers.ModelSerializer):
    """The part of an order that one company ships."""

    lines = SupplierOrderLineSerializer(many=True, read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True)
    supplier = serializers.CharField(source="supplier.name", read_only=True)
    retailer = serializers.CharField(source="retailer.name", read_only=True)
    we_supply = serializers.SerializerMethodField()
    ship_to = ShownAddressSerializer(read_only=True)

    class Meta:
        model = SupplierOrder
        fields = (
            "id",
            "reference",
            "order_number",
            "supplier_id",
            "supplier",
            "retailer_id",
            "retailer",
            "we_supply",
            "state",
            "held_code",
            "held_reason",
            "placed_at",
            "accepted_at",
            "sent_at",
            "shipped_at",
            "due_at",
            "currency",
            "total",
            "outside_number",
            "ship_to",
            "shipping_method",
            "lines",
        )
        read_only_fields = fields

    def get_we_supply(self, row: SupplierOrder) -> bool:
        return row.supplier_id == self.context["request"].scope.company.pk


class SupplierOrderFilter(django_filters.FilterSet):
    placed_since = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")
    we_supply = django_filters.BooleanFilter(method="by_side")

    class Meta:
        model = SupplierOrder
        fields = ("state", "reference")

    def by_side(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        side = "supplier" if value else "retailer"
        return rows.filter(**{side: self.request.scope.company})


class SupplierOrderViewSet(ScopedReadViewSet):
    """Supplier orders that you ship or that are shipped for you."""

    scope_area = "orders"
    serializer_class = SupplierOrderSerializer
    queryset = SupplierOrder.objects.none()
    filterset_class = SupplierOrderFilter

    def rows(self) -> QuerySet:
        rows = self.request.scope.rows(SupplierOrder).select_related("order", "supplier", "retailer")
        return rows.prefetch_related("lines")

    @extend_schema(request=None, responses=SupplierOrderSerializer)
    @action(detail=True, methods=("post",))
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Accept an order that you ship. Accepting twice changes nothing."""
        part = shipped_by_caller(self.get_object(), request)
        accept_supplier_order(part, actor=Actor.of(request.scope))
        return Response(self.get_serializer(self.get_object()).data)


def shipped_by_caller(part: SupplierOrder, request: Request) -> SupplierOrder:
    """``part`` if the caller's company ships it. Raises a validation error otherwise: the caller may read it, but not work on it."""
    if part.supplier_id != request.scope.company.pk:
        raise serializers.ValidationError(
            f"{part.reference} is shipped by {part.supplier.name}; only they can do that."
        )
    return part


def part_of_caller(request: Request, reference: str) -> SupplierOrder:
    """The supplier order of that reference, if the caller ships it. Raises a validation error that says why not."""
    rows = request.scope.rows(SupplierOrder).select_related("supplier")
    part = rows.filter(reference=reference).first()
    if part is None:
        raise serializers.ValidationError({"supplier_order": [f"You have no order {reference}."]})
    return shipped_by_caller(part, request)
