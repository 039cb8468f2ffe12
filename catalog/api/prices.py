"""Price lists and their prices, for programs: everything that the Prices page does."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.api.audit import record_of
from catalog.api.drafts import DraftActions, read
from catalog.api.price_shapes import (
    DoneSerializer,
    OverridesSerializer,
    PriceListSerializer,
    PriceSerializer,
    change_of,
)
from catalog.models import EffectivePrice, PriceList, PriceRevision
from catalog.moments import list_at
from catalog.pricing.change import Change, Fixed
from catalog.services import create_price_list, draft_change, locked_among
from catalog.services.publishing import publish_change
from catalog.services.releasing import put
from catalog.services.revisions import working_list
from portal.companies.api_rows import ScopedReadViewSet
from portal.companies.models import Partnership
from portal.lib import clock


class PriceListViewSet(DraftActions, mixins.CreateModelMixin, mixins.UpdateModelMixin, ScopedReadViewSet):
    """Price lists of your company. A change is in force at once, unless the list has a draft or your company asks for approval: then it waits there."""

    scope_area = "prices"
    serializer_class = PriceListSerializer
    queryset = PriceList.objects.none()
    filterset_fields = ("state", "is_default")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def rows(self) -> QuerySet:
        return self.request.scope.rows(PriceList)

    def perform_create(self, serializer: BaseSerializer) -> None:
        said = dict(serializer.validated_data)
        sets = {name: said.pop(name) for name in ("rules", "breaks") if name in said}
        made = create_price_list(self.request.scope.company, name=said.pop("name"), **said)
        publish_change(made, change_of(sets, made), by=self.request.scope.user)
        self._note("created", made, f"Made the price list “{made}”.")
        serializer.instance = made

    def perform_update(self, serializer: BaseSerializer) -> None:
        price_list = cast(PriceList, serializer.instance)
        change = change_of(serializer.validated_data, working_list(price_list))
        if change:
            self._note_moved(price_list, put(price_list, change, by=self.request.scope.user))
        serializer.instance = self.get_object()

    @extend_schema(request=OverridesSerializer, responses=DoneSerializer)
    @action(detail=True, methods=("post",))
    def overrides(self, request: Request, pk: str | None = None) -> Response:
        """Fix prices of single variants, or give them back to the rules. Locked ones stay unless you say ``is_locked`` again."""
        price_list, said = self.get_object(), read(OverridesSerializer, request)
        rows = {row["variant_id"]: Fixed(row["amount"], row["is_locked"]) for row in said["prices"]}
        skipped = {pk for pk in locked_among(price_list, rows) if not rows[pk].is_locked}
        change = Change(overrides={pk: one for pk, one in rows.items() if pk not in skipped})
        keep = draft_change if said["draft"] else put
        done = keep(price_list, change, by=request.scope.user) if change else []
        self._note_moved(price_list, done)
        moved = 0 if isinstance(done, PriceRevision) else len(done)
        return Response({"draft": isinstance(done, PriceRevision), "moved": moved, "skipped": len(skipped)})

    def _note_moved(self, price_list: PriceList, done: PriceRevision | list[int]) -> None:
        """What is in force at once is noted; a draft is when it is published."""
        if not isinstance(done, PriceRevision):
            self._note("changed", price_list, f"Changed “{price_list}”: {len(done):,} prices moved.")

    def _note(self, what: str, price_list: PriceList, sentence: str) -> None:
        record_of(self.request.scope, f"price_list.{what}", target=price_list, sentence=sentence)


class PriceFilter(django_filters.FilterSet):
    """``at`` asks for a past moment; without it the prices in force now are listed. ``partnership_id`` asks for the list that this partner had then."""

    price_list_id = django_filters.NumberFilter(field_name="price_list_id")
    variant_id = django_filters.NumberFilter(field_name="variant_id")
    partnership_id = django_filters.NumberFilter(method="of_partner")
    at = django_filters.IsoDateTimeFilter(method="in_force_at")

    class Meta:
        model = EffectivePrice
        fields = ("price_list_id", "variant_id", "partnership_id", "at")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("at") else rows.filter(valid_until__isnull=True)

    def of_partner(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        asked = self.request.scope.rows(Partnership).filter(supplier=self.request.scope.company, pk=value).first()
        then = self.form.cleaned_data.get("at") or clock.now()
        return rows.filter(price_list_id=list_at(asked, then)) if asked else rows.none()

    def in_force_at(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows.filter(Q(valid_until__gt=value) | Q(valid_until__isnull=True), valid_from__lte=value)


class PriceViewSet(ScopedReadViewSet):
    """Prices on the lists of your company, in force now or at a past moment (``?at=``), each with the sum that made it."""

    scope_area = "prices"
    serializer_class = PriceSerializer
    queryset = EffectivePrice.objects.none()
    filterset_class = PriceFilter

    def rows(self) -> QuerySet:
        return self.request.scope.rows(EffectivePrice).select_related("variant")
