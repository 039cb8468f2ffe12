"""The catalogue for programs: own products, what partners offer, listings and price lists.

Amounts are texts with their currency beside them. Lists are newest first, read by cursor; each costs the same at any depth.
"""

from __future__ import annotations

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from catalog.models import EffectivePrice, Listing, PriceList, Product, Variant, sku_key
from catalog.numbers import shown, with_terms, with_units
from catalog.services import choose, resume, set_retail_price, stop
from catalog.visibility import visible_to

AMOUNT = {"max_digits": 14, "decimal_places": 4}
MOST_IDS = 1_000


class VariantSerializer(serializers.ModelSerializer):
    """A variant with its stock; ``available`` is null where the source gives no figure."""

    available = serializers.IntegerField(source="units", allow_null=True, read_only=True)
    options = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Variant
        fields = (
            "id",
            "sku",
            "name",
            "options",
            "barcode",
            "currency",
            "price",
            "cost",
            "msrp",
            "map_price",
            "weight",
            "image_url",
            "tracks_stock",
            "is_active",
            "available",
        )
        read_only_fields = fields


class ProductSerializer(serializers.ModelSerializer):
    """A product of the caller's company with all its variants."""

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
            "created_at",
            "updated_at",
            "variants",
        )
        read_only_fields = fields


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
    currency = serializers.CharField(source="its_currency", read_only=True)
    suggested_price = serializers.DecimalField(source="suggested", **AMOUNT, read_only=True)
    suggested_currency = serializers.CharField(source="its_shelf_currency", read_only=True)
    available = serializers.IntegerField(source="units", allow_null=True, read_only=True)

    class Meta:
        model = Variant
        fields = (
            "id",
            "product_id",
            "product",
            "brand",
            "category",
            "supplier_id",
            "supplier",
            "sku",
            "name",
            "options",
            "barcode",
            "price",
            "currency",
            "suggested_price",
            "suggested_currency",
            "image_url",
            "tracks_stock",
            "available",
        )
        read_only_fields = fields


class ListingSerializer(serializers.ModelSerializer):
    """A variant that the caller's company sells. Only ``retail_price`` can be changed; null follows the suggested price."""

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
            "available",
            "created_at",
            "updated_at",
        )
        read_only_fields = tuple(name for name in fields if name != "retail_price")


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


class PriceListSerializer(serializers.ModelSerializer):
    class Meta:
        model = PriceList
        fields = (
            "id",
            "name",
            "currency",
            "percent_off",
            "rounding_ending",
            "rounding_direction",
            "retail_currency",
            "retail_rate",
            "state",
            "is_default",
            "version",
            "updated_at",
        )
        read_only_fields = fields


class PriceSerializer(serializers.ModelSerializer):
    """A price in force with the sum that made it."""

    variant_id = serializers.IntegerField(read_only=True)
    sku = serializers.CharField(source="variant.sku", read_only=True)
    suggested_price = serializers.DecimalField(source="retail_amount", **AMOUNT, read_only=True)
    explanation = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = EffectivePrice
        fields = (
            "id",
            "variant_id",
            "sku",
            "amount",
            "suggested_price",
            "rule",
            "explanation",
            "list_version",
            "valid_from",
        )
        read_only_fields = fields


class ProductFilter(django_filters.FilterSet):
    """``sku`` matches whole, ignoring case."""

    sku = django_filters.CharFilter(method="by_sku")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Product
        fields = ("is_active", "brand", "category")

    def by_sku(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Exists(Variant.objects.filter(product=OuterRef("pk"), sku_key=sku_key(value))))


class OfferFilter(django_filters.FilterSet):
    sku = django_filters.CharFilter(method="by_sku")
    supplier_id = django_filters.NumberFilter(field_name="company_id")

    class Meta:
        model = Variant
        fields = ("product_id",)

    def by_sku(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(sku_key=sku_key(value))


class ScopedViewSet(viewsets.GenericViewSet):
    """Reads start at ``rows``; while the schema is drawn there is nobody to ask for."""

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        return self.queryset if getattr(self, "swagger_fake_view", False) else self.rows()


class ProductViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Products of your company, as its store has them."""

    scope_area = "products"
    serializer_class = ProductSerializer
    queryset = Product.objects.none()
    filterset_class = ProductFilter

    def rows(self) -> QuerySet:
        variants = with_units(Variant.objects.order_by("position", "pk"), by="variant")
        return self.request.scope.rows(Product).prefetch_related(Prefetch("variants", variants))


class OfferViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Variants that your partners offer to you, with your price."""

    scope_area = "products"
    serializer_class = OfferSerializer
    queryset = Variant.objects.none()
    filterset_class = OfferFilter

    def rows(self) -> QuerySet:
        offered = shown(visible_to(self.request.scope.company))
        return with_units(offered, by="variant").select_related("product", "company")


class ListingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, mixins.CreateModelMixin, ScopedViewSet
):
    """Your listings: choose goods, set your own shelf price, stop and resume."""

    scope_area = "listings"
    serializer_class = ListingSerializer
    queryset = Listing.objects.none()
    filterset_fields = ("state", "is_active", "product_id", "variant_id")
    http_method_names = ("get", "post", "patch", "head", "options")

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

    def perform_update(self, serializer: ListingSerializer) -> None:
        if "retail_price" in serializer.validated_data:
            amount = serializer.validated_data["retail_price"]
            set_retail_price(self.request.scope.company, [serializer.instance.pk], amount=amount)
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


class PriceListViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Price lists of your company."""

    scope_area = "prices"
    serializer_class = PriceListSerializer
    queryset = PriceList.objects.none()
    filterset_fields = ("state", "is_default")

    def rows(self) -> QuerySet:
        return self.request.scope.rows(PriceList)


class PriceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Prices in force on the lists of your company."""

    scope_area = "prices"
    serializer_class = PriceSerializer
    queryset = EffectivePrice.objects.none()
    filterset_fields = ("price_list_id", "variant_id")

    def rows(self) -> QuerySet:
        return self.request.scope.rows(EffectivePrice).filter(valid_until__isnull=True).select_related("variant")


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("products", ProductViewSet, basename="product")
    router.register("offers", OfferViewSet, basename="offer")
    router.register("listings", ListingViewSet, basename="listing")
    router.register("price-lists", PriceListViewSet, basename="price-list")
    router.register("prices", PriceViewSet, basename="price")
