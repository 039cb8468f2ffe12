"""What a store's order statuses mean, for programs: read whole, changed in parts, with the rules and the audit of the Mapping page."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from channels import mapping
from channels.contract import SettingField
from channels.forms_mapping import meaning_choices
from channels.mapping import StatusLine, written_choices
from channels.meanings import Meaning
from channels.models import Integration, ValueMap
from channels.statuses import known_statuses
from portal.companies.api_rows import Endpoint
from portal.lib.errors import DomainError

MOST_STATUSES = 500


class StatusSerializer(serializers.Serializer):
    """A status of the store. ``is_fixed``: it cannot be chosen for (a cart that was never ordered); ``is_gone``: the store's list does not have it."""

    id = serializers.CharField(source="row.theirs")
    label = serializers.CharField(source="row.label")  # type: ignore[assignment]  # a field's own label, says the stub
    meaning = serializers.ChoiceField(choices=Meaning.choices)
    usual = serializers.ChoiceField(choices=Meaning.choices)
    is_chosen = serializers.BooleanField()
    is_fixed = serializers.BooleanField()
    is_gone = serializers.BooleanField()


class ChoiceSerializer(serializers.Serializer):
    """A status that a setting may name."""

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label, says the stub


class WrittenSerializer(serializers.Serializer):
    """A status that we set in the store; ``status`` is the id of the one in force."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label, says the stub
    status = serializers.CharField(allow_blank=True)
    choices = ChoiceSerializer(many=True)


class MappingSerializer(serializers.Serializer):
    """The whole mapping. ``read_at`` is when the store told its statuses last, null before the first time."""

    statuses = StatusSerializer(many=True)
    written = WrittenSerializer(many=True)
    read_at = serializers.DateTimeField(allow_null=True)


class MappingChangeSerializer(serializers.Serializer):
    """Only what is to change: ``statuses`` is status id → meaning, ``written`` setting name → status id. Ids are those that reading gives."""

    statuses = serializers.DictField(child=serializers.ChoiceField(choices=Meaning.choices), required=False)
    written = serializers.DictField(child=serializers.CharField(max_length=200), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(map(len, attrs.values())) > MOST_STATUSES:
            raise serializers.ValidationError(f"{MOST_STATUSES} changes at a time are the most.")
        return attrs


class MappingActions(Endpoint):
    """The mapping of a connection, at ``/integrations/{id}/mapping/``."""

    @extend_schema(methods=["get"], responses=MappingSerializer)
    @extend_schema(methods=["patch"], request=MappingChangeSerializer, responses=MappingSerializer)
    @action(detail=True, methods=("get", "patch"), pagination_class=None, filterset_fields=())
    def mapping(self, request: Request, pk: str | None = None) -> Response:
        """What the store's order statuses mean to us, and which ones we set. A change takes effect at once and is in the company's activity."""
        integration: Integration = self.get_object()
        if request.method == "PATCH":
            asked = MappingChangeSerializer(data=request.data)
            asked.is_valid(raise_exception=True)
            _change(integration, asked.validated_data, request)
            integration.refresh_from_db()
        return Response(MappingSerializer(_shown(integration)).data)


def _change(integration: Integration, asked: dict[str, Any], request: Request) -> None:
    """Check ids and meanings as the page's menus do, then choose. Raises DomainError, 404 and 400 in the API."""
    rows = known_statuses(integration)
    lines = {line.row.theirs: line for line in mapping.status_lines(integration, rows)}
    allowed = {value for value, _ in meaning_choices(sells=integration.sells)}
    meanings = {
        _status(lines, theirs).row.pk: _meaning(meaning, allowed)
        for theirs, meaning in asked.get("statuses", {}).items()
    }
    fields = {each.name: each for each in mapping.written_fields(integration)}
    written = {name: _written(fields, name, theirs, rows) for name, theirs in asked.get("written", {}).items()}
    scope = request.scope
    mapping.choose(integration, meanings, written, by=scope.user, key=scope.key.name if scope.key else "")


def _status(lines: dict[str, StatusLine], theirs: str) -> StatusLine:
    line = lines.get(theirs)
    if line is None:
        raise DomainError(f"The store has no status “{theirs}”. Read the mapping for its ids.", field="statuses")
    if line.is_fixed:
        raise DomainError(
            f"Nothing can be chosen for “{line.row.label}”: such orders were never placed.", field="statuses"
        )
    return line


def _meaning(meaning: str, allowed: set[str]) -> str:
    if meaning not in allowed:
        raise DomainError("This connection only supplies, so it takes no orders over.", field="statuses")
    return meaning


def _written(fields: dict[str, SettingField], name: str, theirs: str, rows: list[ValueMap]) -> str:
    if name not in fields:
        raise DomainError(f"This connection sets no status called “{name}”.", field="written")
    if theirs not in dict(written_choices(fields[name], rows)):
        raise DomainError(f"“{theirs}” cannot be set there. Read the mapping for its choices.", field="written")
    return theirs


def _shown(integration: Integration) -> dict[str, Any]:
    rows = known_statuses(integration)
    return {
        "statuses": mapping.status_lines(integration, rows),
        "written": [_shown_written(each, integration, rows) for each in mapping.written_fields(integration)],
        "read_at": max((row.read_at for row in rows if row.read_at), default=None),
    }


def _shown_written(each: SettingField, integration: Integration, rows: list[ValueMap]) -> dict[str, Any]:
    return {
        "name": each.name,
        "label": each.label,
        "status": str(integration.settings.get(each.name) or each.default),
        "choices": [{"id": theirs, "label": label} for theirs, label in written_choices(each, rows)],
    }
