"""Which partner has which price list, for programs: the usual list, the units kept back, and lists that stand in for a while."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.audit import record_of
from catalog.models import PriceList
from catalog.services import assign_price_list, drop_exception, plan_exception
from portal.companies.api_rows import ScopedReadViewSet
from portal.companies.models import Partnership, PartnershipState
from portal.lib.errors import DomainError

MOST_ID = 2**62


class AssignmentSerializer(serializers.ModelSerializer):
    """``id`` is the partnership's. ``price_list_id`` is what the partner sees and pays now (null: nothing), ``usual_list_id`` what it falls back to when an
    exception ends (null while the list is the usual one), ``exception_list_ids`` the lists planned to stand in, ``stock_buffer`` the units of every SKU
    that are kept back from it."""

    retailer_id = serializers.IntegerField(read_only=True)
    retailer = serializers.CharField(source="retailer.name", read_only=True)
    price_list_id = serializers.IntegerField(
        source="price_assignment.price_list_id", allow_null=True, default=None, read_only=True
    )
    usual_list_id = serializers.IntegerField(
        source="price_assignment.usual_list_id", allow_null=True, default=None, read_only=True
    )
    stock_buffer = serializers.IntegerField(source="price_assignment.stock_buffer", allow_null=True, read_only=True)
    assigned_at = serializers.DateTimeField(
        source="price_assignment.assigned_at", allow_null=True, default=None, read_only=True
    )
    exception_list_ids: serializers.Field = serializers.SlugRelatedField(
        "price_list_id", source="list_exceptions", many=True, read_only=True
    )

    class Meta:
        model = Partnership
        fields = (
            "id",
            "retailer_id",
            "retailer",
            "price_list_id",
            "usual_list_id",
            "exception_list_ids",
            "stock_buffer",
            "assigned_at",
        )
        read_only_fields = fields


class AssignSerializer(serializers.Serializer):
    """``price_list_id`` null takes the list away: the partner then sees nothing. What is left out stays."""

    price_list_id = serializers.IntegerField(min_value=1, max_value=MOST_ID, allow_null=True, required=False)
    stock_buffer = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)


class ExceptionSerializer(serializers.Serializer):
    """A list with a first and a last day."""

    price_list_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)


class AssignmentViewSet(mixins.UpdateModelMixin, ScopedReadViewSet):
    """Your partners as a supplier, each with the price list that it has."""

    scope_area = "prices"
    serializer_class = AssignmentSerializer
    queryset = Partnership.objects.none()
    filterset_fields = ("retailer_id",)
    http_method_names = ("get", "post", "patch", "head", "options")

    def rows(self) -> QuerySet[Partnership]:
        own = self.request.scope.rows(Partnership).filter(supplier=self.request.scope.company, retailer__isnull=False)
        own = own.exclude(state=PartnershipState.ENDED).select_related("retailer", "price_assignment")
        return own.prefetch_related("list_exceptions")

    @extend_schema(request=AssignSerializer, responses=AssignmentSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Give the partner a list, take it away, or change the units kept back. Catalogue and listings follow at once; the same again changes nothing."""
        partnership, said = self.get_object(), _read(AssignSerializer, request)
        held = getattr(partnership, "price_assignment", None)
        if "price_list_id" in said:
            wanted = self._list(said["price_list_id"]) if said["price_list_id"] else None
        else:
            wanted = held.price_list if held else None
        if wanted is None and said.get("stock_buffer"):
            raise DomainError(
                "Units are kept back from a partner that has a list. Give it one first.", field="price_list_id"
            )
        before = held.price_list if held else None
        if wanted != before:
            verb = f"Assigned “{wanted}” to" if wanted else f"Took “{before}” from"
            sentence = f"{verb} {partnership.retailer}."
            record_of(request.scope, "price_list.assigned", target=wanted or before, sentence=sentence)
        if wanted or held:
            assign_price_list(partnership, wanted, stock_buffer=said.get("stock_buffer"))
        return self._shown()

    @extend_schema(request=ExceptionSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=("post",))
    def plan_exception(self, request: Request, pk: str | None = None) -> Response:
        """Let the partner have a list while its period lasts; afterwards it falls back to its usual one by itself. Twice is once."""
        plan_exception(self.get_object(), self._list(_read(ExceptionSerializer, request)["price_list_id"]))
        return self._shown()

    @extend_schema(request=ExceptionSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=("post",))
    def drop_exception(self, request: Request, pk: str | None = None) -> Response:
        """Take an exception back; a partner that has the list now falls back at once."""
        drop_exception(self.get_object(), self._list(_read(ExceptionSerializer, request)["price_list_id"]))
        return self._shown()

    def _list(self, pk: int) -> PriceList:
        found = self.request.scope.rows(PriceList).filter(pk=pk, company=self.request.scope.company).first()
        if found is None:
            raise DomainError("You have no price list with this id.", field="price_list_id")
        return found

    def _shown(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


def _read(shape: type[serializers.Serializer], request: Request) -> dict:
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data
