"""Own products, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from catalog.api.stock_age import StockAged, StockReadAtField
from catalog.api.tags import TagActions
from catalog.models import Product, ProductTag, Variant, sku_key
from catalog.numbers import with_units
from catalog.search import find, in_order
from catalog.services.rows import VARIANT_FACTS
from portal.companies.api_rows import Endpoint, ScopedViewSet


class VariantSerializer(serializers.ModelSerializer):
    """A variant with its stock; ``available`` is null where the source gives no figure, ``stock_read_at`` says how old it is."""

    available = serializers.IntegerField(source="units", allow_null=True, read_only=True)
    stock_read_at = StockReadAtField()
    options = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Variant
        fields = ("id", *VARIANT_FACTS, "currency", "available", "stock_read_at")
        read_only_fields = fields


class ProductSerializer(serializers.ModelSerializer):
    """A product of the caller's company with all its variants. ``tags`` are your own words on it, which price rules can ask for."""

    tags: serializers.Field = serializers.SlugRelatedField("name", many=True, read_only=True)
    variants = VariantSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = (
            "id",
            "name",
            "description",
            "brand",
            "category",
            "image_url",
            "is_active",
            "tags",
            "created_at",
            "updated_at",
            "variants",
        )
        read_only_fields = fields


class ProductFilter(django_filters.FilterSet):
    """``sku`` and ``tag`` match whole, ignoring case."""

    sku = django_filters.CharFilter(method="by_sku")
    tag = django_filters.CharFilter(method="by_tag")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Product
        fields = ("is_active", "brand", "category")

    def by_sku(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Exists(Variant.objects.filter(product=OuterRef("pk"), sku_key=sku_key(value))))

    def by_tag(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Exists(ProductTag.objects.filter(product=OuterRef("pk"), key=value.strip().casefold())))


class Searched(Endpoint):
    """``?search=`` finds by words, SKU or barcode, forgives typos, and puts the best matches first (500 at most)."""

    product_key = "pk"

    def sellers(self) -> Sequence[int]:
        raise NotImplementedError

    def products(self) -> QuerySet[Product]:
        """The products that may be found."""
        raise NotImplementedError

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        rows = super().filter_queryset(rows)
        text = self.request.query_params.get("search", "").strip() if self.action == "list" else ""
        if not text:
            return rows
        self.ordering = "found_at"
        return in_order(rows, find(self.products(), text, company_ids=self.sellers()), key=self.product_key)


SEARCH = OpenApiParameter(
    "search",
    str,
    description="Words, a SKU or a barcode; typos are forgiven. Best matches first, 500 products at most.",
)
searchable = extend_schema_view(list=extend_schema(parameters=[SEARCH]))


@searchable
class ProductViewSet(TagActions, Searched, StockAged, mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Products of your company, as its store has them."""

    scope_area = "products"
    serializer_class = ProductSerializer
    queryset = Product.objects.none()
    filterset_class = ProductFilter

    def rows(self) -> QuerySet:
        variants = with_units(Variant.objects.order_by("position", "pk"), by="variant")
        return self.products().prefetch_related(Prefetch("variants", variants), "tags")

    def put_age(self, row: Product, read_at: datetime | None) -> None:
        for variant in row.variants.all():
            super().put_age(variant, read_at)

    def products(self) -> QuerySet[Product]:
        return self.request.scope.rows(Product)

    def sellers(self) -> Sequence[int]:
        return [self.request.scope.company.pk]
