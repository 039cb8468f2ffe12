"""SKU health for programs: what was found, look again, settle."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import SkuFinding
from catalog.sku_health import services
from portal.companies.api_rows import ScopedViewSet


class SkuFindingSerializer(serializers.ModelSerializer):
    """One SKU and what was found. ``sku`` is yours, ``other_sku`` what it was compared with, ``partner_id`` whose that is (null: your own)."""

    variant_id = serializers.IntegerField(read_only=True, allow_null=True)
    other_variant_id = serializers.IntegerField(source="other_id", read_only=True, allow_null=True)
    partner_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = SkuFinding
        fields = ("id", "kind", "sku", "other_sku", "variant_id", "other_variant_id", "partner_id", "place", "detail")
        read_only_fields = fields


class SkuCheckSerializer(serializers.Serializer):
    """When the SKUs were looked at last, and whether a look is going on."""

    checked_at = serializers.DateTimeField(allow_null=True)
    is_running = serializers.BooleanField()
    looked_at = serializers.IntegerField()


class SkuFindingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The findings of the last look."""

    scope_area = "products"
    serializer_class = SkuFindingSerializer
    queryset = SkuFinding.objects.none()
    filterset_fields = ("kind", "partner_id", "sku")

    def rows(self) -> QuerySet[SkuFinding]:
        company = self.request.scope.company
        return (
            self.request.scope.rows(SkuFinding).filter(round=services.check_of(company).round).select_related("other")
        )

    @extend_schema(request=None, responses={202: SkuCheckSerializer})
    @action(detail=False, methods=("post",))
    def look(self, request: Request) -> Response:
        """Look at all SKUs now; large catalogues take some minutes. Asking twice is asking once."""
        check = services.ask(request.scope.company)
        return Response(SkuCheckSerializer(check).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=SkuFindingSerializer)
    @action(detail=True, methods=("post",))
    def same(self, request: Request, pk: str | None = None) -> Response:
        """Both SKUs are the same goods: remember it for orders."""
        finding = self.get_object()
        services.settle_same(request.scope.company, [finding])
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=SkuFindingSerializer)
    @action(detail=True, methods=("post",))
    def different(self, request: Request, pk: str | None = None) -> Response:
        """They only look alike: the own SKU stays the company's own goods."""
        finding = self.get_object()
        services.settle_different(request.scope.company, [finding])
        return Response(self.get_serializer(self.get_object()).data)
