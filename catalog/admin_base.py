"""How staff look at the catalogue: they do not edit it."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class LookOnly:
    """No adding, changing or deleting by hand: set-based services write these rows."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class CatalogueAdmin(LookOnly, ModelAdmin):
    """Large tables: no count of everything, no date drill-down, raw ids."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
