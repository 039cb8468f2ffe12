"""What partners offer, for programs: long lists are read in one statement and written without a serializer's work for each field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.amounts import AMOUNT
from catalog.api.offer_rows import FIELDS, OfferPages
from catalog.api.products import SEARCH, Searched, searchable
from catalog.api.stock_age import StockAged, StockReadAtField
from catalog.facets import count_facets
from catalog.models import Product, Variant, sku_key
from catalog.numbers import offered_variants, with_units
from catalog.offers import Walk
from catalog.search import find
from catalog.visibility import offered_products, sellers_to, visible_to
from portal.companies.api_rows import ScopedViewSet


class OfferSerializer(serializers.ModelSerializer):
    """A partner's variant with the price that the caller's company gets. It tells nothing of the supplier's own cost."""

    product_id = serializers.IntegerField(read_only=True)
    product = serializers.CharField(source="product.name", read_only=True)
    brand = serializers.CharField(source="product.brand", read_only=True)
    category = serializers.CharField(source="product.category", read_only=True)
    supplier_id = serializers.IntegerField(source="company_id", read_only=True)
    supplier = serializers.CharField(source="company.name", read_only=True)
    options = serializers.DictField(child=serializers.CharField(), read_only=True)
    price = serializers.DecimalField(source="dropship", **AMOUNT, read_only=True)
    breaks = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), read_only=True)
    currency = serializers.CharField(source="its_currency", read_only=True)
    suggested_price = serializers.DecimalField(source="suggested", **AMOUNT, read_only=True)
    suggested_currency = serializers.CharField(source="its_shelf_currency", read_only=True)
    available = serializers.IntegerField(source="units", allow_null=True, read_only=True)
    stock_read_at = StockReadAtField()

    class Meta:
        model = Variant
        fields = (*FIELDS, "stock_read_at")
        read_only_fields = fields


class OfferFilter(django_filters.FilterSet):
    sku = django_filters.CharFilter(method="by_sku")
    supplier_id = django_filters.NumberFilter(field_name="company_id")

    class Meta:
        model = Variant
        fields = ("product_id",)

    def by_sku(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(sku_key=sku_key(value))


class FacetValueSerializer(serializers.Serializer):
    """A value with how many products have it."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label, says the stub
    count = serializers.IntegerField()


class FacetSerializer(serializers.Serializer):
    """A way to narrow; where ``is_capped``, counts are "at least"."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label, says the stub
    values = FacetValueSerializer(many=True)
    is_capped = serializers.BooleanField()


NARROWED = {"search", "sku", "supplier_id", "product_id"}


@searchable
class OfferViewSet(Searched, StockAged, mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Variants that your partners offer to you, with your price, what is available and when that was read."""

    scope_area = "products"
    serializer_class = OfferSerializer
    queryset = Variant.objects.none()
    filterset_class = OfferFilter
    product_key = "product_id"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All offers are walked; what is searched or filtered is asked for as any list."""
        walk = None if NARROWED & request.query_params.keys() else Walk.of(request.scope.company)
        if walk is None or not walk.is_possible:
            return super().list(request, *args, **kwargs)
        self.ordering = "-id"
        return self.get_paginated_response(self.paginate_queryset(OfferPages(walk)))

    def supplier_of(self, row: dict[str, Any] | Variant) -> int:
        return row["supplier_id"] if isinstance(row, dict) else row.company_id

    def put_age(self, row: dict[str, Any] | Variant, read_at: datetime | None) -> None:
        if isinstance(row, dict):
            row["stock_read_at"] = read_at
        else:
            super().put_age(row, read_at)

    def rows(self) -> QuerySet:
        offered = offered_variants(self.request.scope.company)
        return with_units(offered, by="variant").select_related("product", "company")

    def products(self) -> QuerySet[Product]:
        return offered_products(self.request.scope.company)

    def sellers(self) -> Sequence[int]:
        return sellers_to(self.request.scope.company)

    @extend_schema(responses=FacetSerializer(many=True), parameters=[SEARCH], filters=True)
    @action(detail=False, methods=("get",), pagination_class=None)
    def facets(self, request: Request) -> Response:
        """How many products fall under each supplier, brand, category, price band, stock and state, under the same search and filters."""
        offered = OfferFilter(request.query_params, queryset=visible_to(request.scope.company), request=request).qs
        products = self.products().filter(Exists(offered.filter(product=OuterRef("pk"))))
        if text := request.query_params.get("search", "").strip():
            products = products.filter(pk__in=find(products, text, company_ids=self.sellers()).ids)
        return Response(FacetSerializer(count_facets(request.scope.company, products), many=True).data)
