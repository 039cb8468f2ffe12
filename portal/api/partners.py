"""Who the caller works for, and with whom it trades."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.views import APIView

from portal.companies.models import Company, Partnership


class CompanySerializer(serializers.ModelSerializer):
    class Meta:
        model = Company
        fields = ("id", "name", "kind", "country", "currency", "time_zone", "is_sandbox")
        read_only_fields = fields


class PartnerCompanySerializer(serializers.ModelSerializer):
    class Meta:
        model = Company
        fields = ("id", "name")
        read_only_fields = fields


class PartnershipSerializer(serializers.ModelSerializer):
    """A partnership as the caller's company sees it."""

    partner = serializers.SerializerMethodField()
    we_supply = serializers.SerializerMethodField()

    class Meta:
        model = Partnership
        fields = (
            "id",
            "partner",
            "we_supply",
            "state",
            "needs_acceptance",
            "ship_within_days",
            "created_at",
            "accepted_at",
            "ended_at",
        )
        read_only_fields = fields

    @extend_schema_field(PartnerCompanySerializer(allow_null=True))
    def get_partner(self, row: Partnership) -> Any:
        other = row.other_side(self._company)
        return PartnerCompanySerializer(other).data if other else None

    def get_we_supply(self, row: Partnership) -> bool:
        return row.supplier_id == self._company.pk

    @property
    def _company(self) -> Company:
        return self.context["request"].scope.company


class PartnershipViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Partnerships of your company, ended ones included."""

    scope_area = "partners"
    serializer_class = PartnershipSerializer
    queryset = Partnership.objects.none()
    filterset_fields = ("state",)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self.request.scope.rows(Partnership).select_related("supplier", "retailer")


class CompanyView(APIView):
    """The company that the key or the session belongs to."""

    scope_area = "partners"

    @extend_schema(responses=CompanySerializer, operation_id="company")
    def get(self, request: Any) -> Response:
        return Response(CompanySerializer(request.scope.company).data)


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("partners", PartnershipViewSet, basename="partner")
