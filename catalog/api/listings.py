"""Listings for programs: choosing goods, an own shelf price, stopping and resuming."""

from __future__ import annotations

from typing import ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.amounts import AMOUNT
from catalog.api.listing_checks import ListingChecks
from catalog.api.stock_age import StockAged, StockReadAtField
from catalog.models import Listing
from catalog.numbers import with_terms, with_units
from catalog.services import choose, resume, set_retail_price, set_stock_buffer, stop
from portal.companies.api_rows import ScopedViewSet

MOST_IDS = 1_000


class ListingSerializer(serializers.ModelSerializer):
    """A variant that the caller's company sells. ``retail_price`` and ``stock_buffer`` can be changed: null follows the suggested price, and the units that
    the supplier keeps back from you."""

    variant_id = serializers.IntegerField(read_only=True)
    product_id = serializers.IntegerField(read_only=True)
    sku = serializers.CharField(source="variant.sku", read_only=True)
    product = serializers.CharField(source="product.name", read_only=True)
    supplier_id = serializers.IntegerField(source="partnership.supplier_id", read_only=True)
    cost = serializers.DecimalField(source="dropship", **AMOUNT, allow_null=True, read_only=True)
    cost_currency = serializers.CharField(source="currency", allow_null=True, read_only=True)
    shelf_price = serializers.DecimalField(source="shelf", **AMOUNT, allow_null=True, read_only=True)
    shelf_currency = serializers.CharField(allow_null=True, read_only=True)
    available = serializers.IntegerField(source="units", allow_null=True, read_only=True)
    stock_read_at = StockReadAtField()

    class Meta:
        model = Listing
        fields = (
            "id",
            "variant_id",
            "product_id",
            "product",
            "sku",
            "supplier_id",
            "state",
            "is_active",
            "cost",
            "cost_currency",
            "retail_price",
            "shelf_price",
            "shelf_currency",
            "stock_buffer",
            "available",
            "stock_read_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = tuple(name for name in fields if name not in {"retail_price", "stock_buffer"})
        extra_kwargs: ClassVar = {"stock_buffer": {"max_value": 1_000_000}}


class ChooseSerializer(serializers.Serializer):
    """What to list: whole products, single variants, or both; at most 1,000 ids each."""

    product_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=MOST_IDS, default=list
    )
    variant_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=MOST_IDS, default=list
    )


class ChosenSerializer(serializers.Serializer):
    """What came of it: new and resumed listings, how many were chosen already, how many cannot be had."""

    created = serializers.ListField(child=serializers.IntegerField())
    resumed = serializers.ListField(child=serializers.IntegerField())
    already = serializers.IntegerField()
    refused = serializers.IntegerField()


class ListingViewSet(
    ListingChecks,
    StockAged,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.CreateModelMixin,
    ScopedViewSet,
):
    """Your listings: choose goods, set your own shelf price, stop and resume."""

    scope_area = "listings"
    serializer_class = ListingSerializer
    queryset = Listing.objects.none()
    filterset_fields = ("state", "is_active", "product_id", "variant_id")
    http_method_names = ("get", "post", "patch", "head", "options")

    def supplier_of(self, row: Listing) -> int | None:
        return row.partnership.supplier_id

    def rows(self) -> QuerySet:
        company = self.request.scope.company
        own = self.request.scope.rows(Listing).filter(company=company)
        own = own.select_related("variant", "product", "partnership")
        return with_units(with_terms(own), by="variant", outer="variant_id")

    @extend_schema(request=ChooseSerializer, responses={201: ChosenSerializer})
    def create(self, request: Request) -> Response:
        """Choose goods of partners. Choosing twice changes nothing."""
        asked = ChooseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chosen = choose(request.scope.company, **asked.validated_data)
        return Response(ChosenSerializer(chosen).data, status=status.HTTP_201_CREATED)

    def perform_update(self, serializer: serializers.BaseSerializer) -> None:
        listing = cast(Listing, serializer.instance)
        if "retail_price" in serializer.validated_data:
            amount = serializer.validated_data["retail_price"]
            set_retail_price(self.request.scope.company, [listing.pk], amount=amount)
        if "stock_buffer" in serializer.validated_data:
            units = serializer.validated_data["stock_buffer"]
            set_stock_buffer(self.request.scope.company, [listing.pk], units=units)
        serializer.instance = self.get_object()

    @extend_schema(request=None, responses=ListingSerializer)
    @action(detail=True, methods=("post",))
    def stop(self, request: Request, pk: str | None = None) -> Response:
        """Take the listing out of your store: hidden there with stock 0, never deleted."""
        stop(request.scope.company, [self.get_object().pk])
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=ListingSerializer)
    @action(detail=True, methods=("post",))
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Take a stopped listing up again."""
        resume(request.scope.company, [self.get_object().pk])
        return Response(self.get_serializer(self.get_object()).data)
