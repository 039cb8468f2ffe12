"""What every list of channels in the admin has in common."""

from __future__ import annotations

from typing import ClassVar

from unfold.admin import ModelAdmin

from portal.companies.staff_actions import LookOnly, StaffActionsMixin


class ChannelAdmin(StaffActionsMixin, LookOnly, ModelAdmin):
    """Large tables: no count of everything, no join for what the row does not show."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
