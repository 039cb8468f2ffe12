"""Price lists and their prices, for programs: everything that the Prices page does."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.price_shapes import (
    DoneSerializer,
    DraftSerializer,
    OverridesSerializer,
    PriceListSerializer,
    PriceSerializer,
    PublishSerializer,
    RevisionSerializer,
    UndoSerializer,
    change_of,
)
from catalog.models import EffectivePrice, PriceList, PriceRevision, RevisionState
from catalog.moments import list_at
from catalog.pricing.change import Change, Fixed
from catalog.services import (
    create_price_list,
    draft_change,
    drop_draft,
    locked_among,
    open_revision,
    policy_of,
    preview_change,
    undo_publish,
)
from catalog.services.publishing import publish_change
from catalog.services.releasing import approve_and_release, put, reasons_for_approval, release
from catalog.services.revisions import working_list
from portal.companies.api_rows import ScopedReadViewSet
from portal.companies.models import Partnership
from portal.lib import clock
from portal.lib.errors import Conflict, NotAllowed

HISTORY = 50


class PriceListViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, ScopedReadViewSet):
    """Price lists of your company. A change is in force at once, unless the list has a draft or your company asks for approval: then it waits there."""

    scope_area = "prices"
    serializer_class = PriceListSerializer
    queryset = PriceList.objects.none()
    filterset_fields = ("state", "is_default")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def rows(self) -> QuerySet:
        return self.request.scope.rows(PriceList)

    def perform_create(self, serializer: PriceListSerializer) -> None:
        said = dict(serializer.validated_data)
        sets = {name: said.pop(name) for name in ("rules", "breaks") if name in said}
        made = create_price_list(self.request.scope.company, name=said.pop("name"), **said)
        publish_change(made, change_of(sets, made), by=self.request.scope.user)
        serializer.instance = made

    def perform_update(self, serializer: PriceListSerializer) -> None:
        change = change_of(serializer.validated_data, working_list(serializer.instance))
        if change:
            put(serializer.instance, change, by=self.request.scope.user)
        serializer.instance = self.get_object()

    @extend_schema(request=OverridesSerializer, responses=DoneSerializer)
    @action(detail=True, methods=("post",))
    def overrides(self, request: Request, pk: str | None = None) -> Response:
        """Fix prices of single variants, or give them back to the rules. Locked ones stay unless you say ``is_locked`` again."""
        price_list, said = self.get_object(), _read(OverridesSerializer, request)
        rows = {row["variant_id"]: Fixed(row["amount"], row["is_locked"]) for row in said["prices"]}
        skipped = {pk for pk in locked_among(price_list, rows) if not rows[pk].is_locked}
        change = Change(overrides={pk: one for pk, one in rows.items() if pk not in skipped})
        keep = draft_change if said["draft"] else put
        done = keep(price_list, change, by=request.scope.user) if change else []
        is_draft = isinstance(done, PriceRevision)
        return Response({"draft": is_draft, "moved": 0 if is_draft else len(done), "skipped": len(skipped)})

    @extend_schema(responses=DraftSerializer)
    @action(detail=True, methods=("get",))
    def draft(self, request: Request, pk: str | None = None) -> Response:
        """What waits to be published, and what it would do."""
        price_list = self.get_object()
        revision = _open(price_list)
        preview = preview_change(price_list, Change.from_json(revision.change))
        reasons = reasons_for_approval(policy_of(price_list.company_id), preview)
        shown = {name: getattr(preview, name) for name in _COUNTS} | {"revision": revision, "needs_approval": reasons}
        return Response(DraftSerializer(shown).data)

    @extend_schema(request=PriceListSerializer, responses=RevisionSerializer)
    @draft.mapping.patch
    def change_draft(self, request: Request, pk: str | None = None) -> Response:
        """Change terms, rules or breaks in the draft; live prices stay as they are."""
        price_list = self.get_object()
        serializer = PriceListSerializer(price_list, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        change = change_of(serializer.validated_data, working_list(price_list))
        return Response(RevisionSerializer(draft_change(price_list, change, by=request.scope.user)).data)

    @extend_schema(responses={204: None})
    @draft.mapping.delete
    def drop_draft(self, request: Request, pk: str | None = None) -> Response:
        """Throw the draft away."""
        drop_draft(_open(self.get_object()))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=PublishSerializer, responses=RevisionSerializer)
    @action(detail=True, methods=("post",))
    def publish(self, request: Request, pk: str | None = None) -> Response:
        """Publish the draft now or at a time; where a second person must approve it is sent to one (state ``waiting``)."""
        said, revision = _read(PublishSerializer, request), _open(self.get_object())
        if said["seen"] is not None and said["seen"] != revision.edits:
            raise Conflict("The draft has changed since you read it. Read it again, then publish.", field="seen")
        release(revision, by=request.scope.user, at=said["at"])
        return Response(RevisionSerializer(revision).data)

    @extend_schema(request=None, responses=RevisionSerializer)
    @action(detail=True, methods=("post",))
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """A second person's yes to a draft that waits."""
        revision = _open(self.get_object())
        if request.scope.user is None:
            raise NotAllowed("A key cannot approve. Ask a person who may change price lists.")
        approve_and_release(revision, by=request.scope.user)
        return Response(RevisionSerializer(revision).data)

    @extend_schema(responses=RevisionSerializer(many=True))
    @action(detail=True, methods=("get",), pagination_class=None, filterset_fields=())
    def history(self, request: Request, pk: str | None = None) -> Response:
        """The last changes that were published, newest first."""
        rows = self.get_object().revisions.filter(state=RevisionState.PUBLISHED)[:HISTORY]
        return Response(RevisionSerializer(rows, many=True).data)

    @extend_schema(request=UndoSerializer, responses=DoneSerializer)
    @action(detail=True, methods=("post",))
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Take a published change back, as a new version."""
        price_list, said = self.get_object(), _read(UndoSerializer, request)
        revision = price_list.revisions.filter(pk=said["revision_id"]).first()
        if revision is None:
            raise Http404
        return Response({"draft": False, "moved": len(undo_publish(revision, by=request.scope.user)), "skipped": 0})


_COUNTS = ("up", "down", "same", "added", "gone", "trouble_counts", "violations", "month", "movers", "partners")


def _open(price_list: PriceList) -> PriceRevision:
    revision = open_revision(price_list)
    if revision is None:
        raise Conflict("This list has no draft. Change it with PATCH first.")
    return revision


def _read(shape: Any, request: Request) -> dict[str, Any]:
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


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
