"""The books for staff: looked at, never edited."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from channels.admin_base import ChannelAdmin
from channels.models import Difference, Reconciliation
from channels.models.reconcile import DifferenceState, ReconciliationResult
from channels.reconcile.differences import kind_of

RESULT_TONES = {
    ReconciliationResult.AGREES.value: "success",
    ReconciliationResult.RUNNING.value: "info",
    ReconciliationResult.UNFINISHED.value: "warning",
    ReconciliationResult.DIFFERS.value: "danger",
}
STATE_TONES = {
    DifferenceState.OPEN.value: "danger",
    DifferenceState.CHOSEN.value: "info",
    DifferenceState.GONE.value: "success",
}


@admin.register(Reconciliation)
class ReconciliationAdmin(ChannelAdmin):
    """What the nights found, connection by connection."""

    list_display = (
        *("started_at", "integration", "trigger", "result_label", "compared", "differences", "on_the_way"),
        *("finished_at", "sentence"),
    )
    list_filter = ("result", "trigger", "started_at")
    list_select_related = ("integration__company",)
    search_fields = ("integration__name", "integration__company__name")

    @display(description="Result", label=RESULT_TONES, ordering="result")
    def result_label(self, row: Reconciliation) -> tuple[str, str]:
        return row.result, row.get_result_display()


@admin.register(Difference)
class DifferenceAdmin(ChannelAdmin):
    """What differs, whose it is to choose, and what was chosen."""

    list_display = (
        *("name", "integration", "book", "what", "ours", "theirs", "state_label", "choice", "chosen_by"),
        *("first_seen_at", "last_seen_at"),
    )
    list_filter = ("state", "book", "kind", "choice", "last_seen_at")
    list_select_related = ("integration__company", "chosen_by")
    search_fields = ("name", "=remote_id", "integration__name", "integration__company__name")

    @display(description="What happened")
    def what(self, row: Difference) -> str:
        return kind_of(row.kind).title

    @display(description="State", label=STATE_TONES, ordering="state")
    def state_label(self, row: Difference) -> tuple[str, str]:
        return row.state, row.get_state_display()
