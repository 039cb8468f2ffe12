"""Signs of life for staff: who beats, whose clock is off, how the functions are and were."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from channels.admin_base import ChannelAdmin
from channels.models import FunctionStatus, Heartbeat, Level, StatusDay, StoreClock

LEVEL_TONES = {Level.OK.value: "success", Level.SLOW.value: "warning", Level.STOPPED.value: "danger"}


@admin.register(Heartbeat)
class HeartbeatAdmin(ChannelAdmin):
    list_display = ("cluster", "process", "beat_at", "dispatched_at")
    list_filter = ("cluster",)
    search_fields = ("cluster", "process")


@admin.register(StoreClock)
class StoreClockAdmin(ChannelAdmin):
    list_display = ("integration", "offset_seconds", "seen_at", "largest_seconds", "largest_at")
    list_select_related = ("integration",)
    search_fields = ("integration__name", "integration__company__name")


# A word of the admin only, so it needs no migration.
FunctionStatus._meta.verbose_name_plural = "function statuses"


@admin.register(FunctionStatus)
class FunctionStatusAdmin(ChannelAdmin):
    list_display = ("function", "level_label", "since", "checked_at")
    search_fields = ("function",)

    @display(description="Level", label=LEVEL_TONES, ordering="level")
    def level_label(self, row: FunctionStatus) -> tuple[str, str]:
        return row.level, row.get_level_display()


@admin.register(StatusDay)
class StatusDayAdmin(ChannelAdmin):
    list_display = ("day", "function", "slow_seconds", "stopped_seconds")
    list_filter = ("function", "day")
    search_fields = ("function",)
