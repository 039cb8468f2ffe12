"""What customers bought at the caller's: read, and entered where no store of the caller knows the order."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.addresses import AddressSerializer, ShownAddressSerializer
from orders.api.limits import LARGEST_ID, MOST_LINES
from orders.data import Actor, EnteredLine, EnteredOrder
from orders.models import Order, OrderLine
from orders.services import enter_order
from portal.companies.api_rows import ScopedReadViewSet
from portal.lib.address import Address


class OrderLineSerializer(serializers.ModelSerializer):
    """A line as the store told it; ``supplier_order`` names who ships it, null while nobody does."""

    supplier_order = serializers.SerializerMethodField()

    class Meta:
        model = OrderLine
        fields = (
            "id",
            "source_line_id",
            "kind",
            "sku",
            "name",
            "quantity",
            "unit_price",
            "discount",
            "tax",
            "total",
            "variant_id",
            "held_code",
            "held_reason",
            "supplier_order",
        )
        read_only_fields = fields

    def get_supplier_order(self, row: OrderLine) -> str | None:
        line = getattr(row, "supplier_line", None)
        return line.supplier_order.reference if line else None


class OrderSerializer(serializers.ModelSerializer):
    """An order of the caller's customers, with the store's own amounts."""

    lines = OrderLineSerializer(many=True, read_only=True)
    ship_to = ShownAddressSerializer(read_only=True)

    class Meta:
        model = Order
        fields = (
            "id",
            "number",
            "state",
            "held_code",
            "held_reason",
            "source",
            "source_name",
            "source_id",
            "placed_at",
            "imported_at",
            "currency",
            "subtotal",
            "discount",
            "tax",
            "shipping",
            "total",
            "prices_include_tax",
            "customer_name",
            "customer_email",
            "ship_to",
            "shipping_method",
            "comment",
            "lines",
        )
        read_only_fields = fields


class EnteredLineSerializer(serializers.Serializer):
    variant_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    quantity = serializers.IntegerField(min_value=1, max_value=99_999)


class EnteredOrderSerializer(serializers.Serializer):
    """An order to enter. The same ``token`` again returns the order that it made, so that a call can be repeated safely."""

    token = serializers.CharField(max_length=40)
    lines = EnteredLineSerializer(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # a list's, says the stub
    ship_to = AddressSerializer()
    number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    shipping_method = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    def entered(self) -> EnteredOrder:
        """The order as the services take it."""
        data = self.validated_data
        lines = tuple(EnteredLine(**line) for line in data["lines"])
        return EnteredOrder(**{**data, "lines": lines, "ship_to": Address(**data["ship_to"])})


class OrderFilter(django_filters.FilterSet):
    placed_since = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Order
        fields = ("state", "number", "source_id")


class OrderViewSet(ScopedReadViewSet):
    """Orders of your customers; enter one that no store of yours knows."""

    scope_area = "orders"
    serializer_class = OrderSerializer
    queryset = Order.objects.none()
    filterset_class = OrderFilter

    def rows(self) -> QuerySet:
        return self.request.scope.rows(Order).prefetch_related("lines__supplier_line__supplier_order")

    @extend_schema(request=EnteredOrderSerializer, responses={200: OrderSerializer, 201: OrderSerializer})
    def create(self, request: Request) -> Response:
        """Enter an order for goods of your partners; it goes the same way as one of your store."""
        asked = EnteredOrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        imported = enter_order(request.scope.company, asked.entered(), actor=Actor.of(request.scope))
        order = self.rows().get(pk=imported.order.pk)
        made = status.HTTP_201_CREATED if imported.created else status.HTTP_200_OK
        return Response(self.get_serializer(order).data, status=made)
