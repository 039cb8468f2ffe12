"""Orders for programs: customer orders (retailer), supplier orders (both sides) and parcels.

Amounts are texts with their currency beside them. A supplier never reads what the customer paid. Lists are newest first, read by cursor.
"""

from __future__ import annotations

import uuid

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from orders.carriers import tracking_address
from orders.data import Actor, EnteredLine, EnteredOrder, ShipmentData
from orders.models import Order, OrderLine, Shipment, ShipmentLine, ShipmentSource, SupplierOrder, SupplierOrderLine
from orders.services import accept_supplier_order, enter_order, record_shipment
from portal.lib import clock
from portal.lib.address import Address

MOST_LINES = 500
LARGEST_ID = 2**62


class AddressSerializer(serializers.Serializer):
    """Who and where; ``country`` is ISO 3166 alpha-2."""

    first_name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    last_name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    company = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    address1 = serializers.CharField(max_length=200)
    address2 = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    city = serializers.CharField(max_length=100)
    state = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    postcode = serializers.CharField(max_length=20)
    country = serializers.RegexField(r"^[A-Z]{2}$", max_length=2)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    email = serializers.EmailField(required=False, allow_blank=True, default="")


class ShownAddressSerializer(serializers.Serializer):
    """An address as it came with the order."""

    first_name = serializers.CharField(default="")
    last_name = serializers.CharField(default="")
    company = serializers.CharField(default="")
    address1 = serializers.CharField(default="")
    address2 = serializers.CharField(default="")
    city = serializers.CharField(default="")
    state = serializers.CharField(default="")
    postcode = serializers.CharField(default="")
    country = serializers.CharField(default="")
    phone = serializers.CharField(default="")
    email = serializers.CharField(default="")


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
    lines = EnteredLineSerializer(many=True, allow_empty=False, max_length=MOST_LINES)
    ship_to = AddressSerializer()
    number = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    shipping_method = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    def entered(self) -> EnteredOrder:
        """The order as the services take it."""
        data = self.validated_data
        lines = tuple(EnteredLine(**line) for line in data["lines"])
        return EnteredOrder(**{**data, "lines": lines, "ship_to": Address(**data["ship_to"])})


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
    lines = ParcelLineSerializer(many=True, required=False, default=list, max_length=MOST_LINES)

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


class OrderFilter(django_filters.FilterSet):
    placed_since = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Order
        fields = ("state", "number", "source_id")


class SupplierOrderFilter(django_filters.FilterSet):
    placed_since = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")
    we_supply = django_filters.BooleanFilter(method="by_side")

    class Meta:
        model = SupplierOrder
        fields = ("state", "reference")

    def by_side(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        side = "supplier" if value else "retailer"
        return rows.filter(**{side: self.request.scope.company})


class ShipmentFilter(django_filters.FilterSet):
    supplier_order = django_filters.CharFilter(field_name="supplier_order__reference")
    shipped_since = django_filters.IsoDateTimeFilter(field_name="shipped_at", lookup_expr="gte")

    class Meta:
        model = Shipment
        fields = ("tracking_number",)


class ScopedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Reads start at ``rows``; while the schema is drawn there is nobody to ask for."""

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        return self.queryset if getattr(self, "swagger_fake_view", False) else self.rows()


class OrderViewSet(ScopedViewSet):
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


class SupplierOrderViewSet(ScopedViewSet):
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
        part = _shipped_by_caller(self.get_object(), request)
        accept_supplier_order(part, actor=Actor.of(request.scope))
        return Response(self.get_serializer(self.get_object()).data)


class ShipmentViewSet(ScopedViewSet):
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
        part = _part_of_caller(request, asked.validated_data["supplier_order"])
        shipment, is_new = record_shipment(part, asked.parcel(), Actor.of(request.scope))
        made = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(self.get_serializer(self.rows().get(pk=shipment.pk)).data, status=made)


def _shipped_by_caller(part: SupplierOrder, request: Request) -> SupplierOrder:
    """``part`` if the caller's company ships it. Raises a validation error otherwise: the caller may read it, but not work on it."""
    if part.supplier_id != request.scope.company.pk:
        raise serializers.ValidationError(
            f"{part.reference} is shipped by {part.supplier.name}; only they can do that."
        )
    return part


def _part_of_caller(request: Request, reference: str) -> SupplierOrder:
    rows = request.scope.rows(SupplierOrder).select_related("supplier")
    part = rows.filter(reference=reference).first()
    if part is None:
        raise serializers.ValidationError({"supplier_order": [f"You have no order {reference}."]})
    return _shipped_by_caller(part, request)


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("orders", OrderViewSet, basename="order")
    router.register("supplier-orders", SupplierOrderViewSet, basename="supplier-order")
    router.register("shipments", ShipmentViewSet, basename="shipment")
