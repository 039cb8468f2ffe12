"""Fields that name another record of the caller's company by its id."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers

LARGEST_ID = 2**62


class OwnIdField(serializers.IntegerField):
    """The id of a row of ``model`` that the caller's company owns; null for none. The value is the row."""

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(allow_null=True, required=False, min_value=1, max_value=LARGEST_ID, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        pk = super().to_internal_value(data)
        found = self.context["request"].scope.rows(self.model).filter(pk=pk, removed_at=None).first()
        if found is None:
            raise serializers.ValidationError("There is no such record in your company.")
        return found

    def run_validators(self, value: Any) -> None:
        """The limits are those of the number, which was read already."""

    def to_representation(self, value: Any) -> int:
        return value.pk
