"""How staff look at the catalogue: they do not edit it."""

from __future__ import annotations

from typing import ClassVar

from unfold.admin import ModelAdmin

from portal.companies.staff_actions import LookOnly


class CatalogueAdmin(LookOnly, ModelAdmin):
    """Large tables: no count of everything, no date drill-down, raw ids. Set-based services write these rows."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
