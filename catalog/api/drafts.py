"""The draft of a price list for programs: what would change, publishing it, a second person's yes or no, undoing it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.audit import record_of
from catalog.api.price_shapes import (
    DoneSerializer,
    DraftSerializer,
    PriceListSerializer,
    PublishSerializer,
    RevisionSerializer,
    UndoSerializer,
    change_of,
)
from catalog.models import PriceList, PriceRevision, RevisionState
from catalog.pricing.change import Change
from catalog.services import draft_change, drop_draft, open_revision, policy_of, preview_change, undo_publish
from catalog.services.releasing import approve_and_release, reasons_for_approval, release
from catalog.services.revisions import working_list
from portal.companies.api_rows import Endpoint
from portal.lib.errors import Conflict, NotAllowed

HISTORY = 50
_COUNTS = ("up", "down", "same", "added", "gone", "trouble_counts", "violations", "month", "movers", "partners")


class DraftActions(Endpoint):
    """The endpoints of a list's draft, on price lists."""

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
        """Change terms, rules or breaks in the draft; live prices stay as they are. One that waited for approval is a draft again."""
        price_list = self.get_object()
        serializer = PriceListSerializer(price_list, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        change = change_of(serializer.validated_data, working_list(price_list))
        return Response(RevisionSerializer(draft_change(price_list, change, by=request.scope.user)).data)

    @extend_schema(responses={204: None})
    @draft.mapping.delete
    def drop_draft(self, request: Request, pk: str | None = None) -> Response:
        """Throw the draft away. This is also the no to one that waits for approval: live prices stay as they are."""
        price_list = self.get_object()
        drop_draft(_open(price_list))
        record_of(
            request.scope,
            "price_list.draft_dropped",
            target=price_list,
            sentence=f"Dropped the draft of “{price_list}”.",
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=PublishSerializer, responses=RevisionSerializer)
    @action(detail=True, methods=("post",))
    def publish(self, request: Request, pk: str | None = None) -> Response:
        """Publish the draft now or at a time; where a second person must approve it is sent to one (state ``waiting``)."""
        said, revision = read(PublishSerializer, request), _open(self.get_object())
        if said["seen"] is not None and said["seen"] != revision.edits:
            raise Conflict("The draft has changed since you read it. Read it again, then publish.", field="seen")
        release(revision, by=request.scope.user, at=said["at"])
        return _released(request, revision)

    @extend_schema(request=None, responses=RevisionSerializer)
    @action(detail=True, methods=("post",))
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """A second person's yes to a draft that waits; it is published at once, or at its time. For persons only, in a session: a key is nobody, so every
        key gets 403, and so does who began or sent the draft. What a key began or sent, any person who may change price lists may approve. The no is
        DELETE of the draft, for persons and keys."""
        revision = _open(self.get_object())
        if request.scope.user is None:
            raise NotAllowed(
                "A key is no second person and cannot approve. Ask a person who may change price lists to approve it on the list’s page."
            )
        approve_and_release(revision, by=request.scope.user)
        return _released(request, revision)

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
        price_list, said = self.get_object(), read(UndoSerializer, request)
        revision = price_list.revisions.filter(pk=said["revision_id"]).first()
        if revision is None:
            raise Http404
        moved = len(undo_publish(revision, by=request.scope.user))
        sentence = f"Undid on “{price_list}”: {revision.sentence}"
        record_of(request.scope, "price_list.undone", target=price_list, sentence=sentence)
        return Response({"draft": False, "moved": moved, "skipped": 0})


def read(shape: Any, request: Request) -> dict[str, Any]:
    """What was sent, checked by ``shape``."""
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def _open(price_list: PriceList) -> PriceRevision:
    revision = open_revision(price_list)
    if revision is None:
        raise Conflict("This list has no draft. Change it with PATCH first.")
    return revision


def _released(request: Request, revision: PriceRevision) -> Response:
    """Note what the draft came to, and answer with it."""
    price_list, state = revision.price_list, RevisionState(revision.state)
    sentence = f"“{price_list}”: {revision.sentence or 'a draft'}, {state.label.lower()}."
    record_of(request.scope, f"price_list.{state}", target=price_list, sentence=sentence)
    return Response(RevisionSerializer(revision).data)
