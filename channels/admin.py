"""Channels for staff: the health of every integration, what runs, what waits, what is stuck. Looked at, not edited; actions need a reason.

Secrets are never shown: credentials show a fingerprint and dates, webhook addresses and drafts not even that.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.decorators import display

from channels import admin_actions, admin_jobs, admin_problems, admin_status  # noqa: F401 (they register tables of their own)
from channels.admin_base import ChannelAdmin
from channels.alerts import admin as alerts_admin  # noqa: F401 (registers its tables)
from channels.models import (
    ConnectDraft,
    Credential,
    CustomerLink,
    Health,
    Integration,
    ListingLink,
    OrderLink,
    Outbound,
    OutboundState,
    Problem,
    ProblemState,
    ProductLink,
    RateBudget,
    Receipt,
    ReceiptState,
    RunResult,
    ShipmentLink,
    StepState,
    SupplierOrderLink,
    SyncRun,
    ValueMap,
    VariantLink,
)
from channels.models.outbox import LIVE_STATES
from channels.reconcile import admin as admin_books  # noqa: F401 (registers the books)
from channels.shown import counts_in_words
from portal.companies.staff_actions import LookOnly

HEALTH_TONES = {
    Health.HEALTHY.value: "success",
    Health.CONNECTING.value: "info",
    Health.WAITING.value: "warning",
    Health.NEEDS_REAUTHORISATION.value: "danger",
    Health.MISCONFIGURED.value: "danger",
}
RUN_TONES = {
    RunResult.OK.value: "success",
    RunResult.RUNNING.value: "info",
    RunResult.EMPTY.value: "warning",
    RunResult.PARTIAL.value: "warning",
    RunResult.FAILED.value: "danger",
}
SENDING_TONES = {
    OutboundState.WAITING.value: "info",
    OutboundState.SENDING.value: "info",
    OutboundState.CONFIRMED.value: "success",
    OutboundState.UNKNOWN.value: "warning",
    OutboundState.REFUSED.value: "danger",
}
RECEIPT_TONES = {
    ReceiptState.WAITING.value: "info",
    ReceiptState.DONE.value: "success",
    ReceiptState.FAILED.value: "danger",
}


class StepInline(LookOnly, TabularInline):
    model = StepState
    fields = ("step", "next_run_at", "interval", "last_run_at", "last_result", "failures", "lease_owner", "lease_until")
    extra = 0
    max_num = 0
    show_change_link = True


class CredentialInline(LookOnly, TabularInline):
    model = Credential
    fields = ("fingerprint", "stored_at", "used_at", "expires_at", "rejected_at")
    extra = 0
    max_num = 0


@admin.register(Integration)
class IntegrationAdmin(ChannelAdmin):
    """The operator's first page: whose connection is in what health, and what hangs on it."""

    list_display = (
        "name",
        "company",
        "kind",
        "enabled",
        "health_label",
        "health_reason",
        "last_success",
        "last_order_at",
        "last_stock_at",
        "open_problems",
        "changes_waiting",
        "is_sandbox",
    )
    list_filter = ("health", "enabled", "kind", "supplies", "sells", "is_sandbox", "health_code")
    list_select_related = ("company",)
    search_fields = ("name", "store_name", "remote_store_id", "store_address", "company__name")
    exclude = ("hook_key",)
    inlines = (StepInline, CredentialInline)
    staff_actions = admin_actions.INTEGRATION_ACTIONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Integration]:
        good = SyncRun.objects.filter(integration=OuterRef("pk"), result=RunResult.OK).order_by("-started_at")
        problems = Problem.objects.filter(integration=OuterRef("pk"), state=ProblemState.OPEN)
        waiting = Outbound.objects.filter(integration=OuterRef("pk"), state__in=LIVE_STATES)
        return (
            super()
            .get_queryset(request)
            .annotate(
                last_success_at=Subquery(good.values("finished_at")[:1]),
                problem_count=_count(problems),
                waiting_count=_count(waiting),
            )
        )

    @display(description="Health", label=HEALTH_TONES, ordering="health")
    def health_label(self, row: Integration) -> tuple[str, str]:
        return row.health, row.get_health_display()

    @admin.display(description="last success", ordering="last_success_at")
    def last_success(self, row: Any) -> Any:
        return row.last_success_at

    @admin.display(description="open problems", ordering="problem_count")
    def open_problems(self, row: Any) -> int:
        return row.problem_count

    @admin.display(description="waiting to go out", ordering="waiting_count")
    def changes_waiting(self, row: Any) -> int:
        return row.waiting_count


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("integration").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@admin.register(Credential)
class CredentialAdmin(ChannelAdmin):
    """Whether there is a key, since when, and whether it was rejected. Never the key."""

    list_display = ("integration", "fingerprint", "stored_at", "used_at", "expires_at", "rejected_at")
    list_filter = ("rejected_at", "expires_at")
    list_select_related = ("integration",)
    search_fields = ("fingerprint", "integration__name", "integration__company__name")
    exclude = ("secret",)


@admin.register(ConnectDraft)
class ConnectDraftAdmin(ChannelAdmin):
    """Connections that somebody is making now."""

    list_display = ("kind", "name", "company", "user", "created_at", "expires_at")
    list_filter = ("kind",)
    list_select_related = ("company", "user")
    search_fields = ("name", "company__name")
    exclude = ("held", "key", "session")


@admin.register(StepState)
class StepStateAdmin(ChannelAdmin):
    list_display = (
        "integration",
        "step",
        "next_run_at",
        "last_run_at",
        "result",
        "failures",
        "queued_at",
        "lease_owner",
        "lease_until",
    )
    list_filter = ("step", "last_result", "next_run_at")
    list_select_related = ("integration__company",)
    search_fields = ("integration__name", "integration__company__name", "lease_owner")
    staff_actions = admin_actions.STEP_ACTIONS

    @display(description="Last result", label=RUN_TONES)
    def result(self, row: StepState) -> tuple[str, str] | None:
        return (row.last_result, row.get_last_result_display()) if row.last_result else None


@admin.register(SyncRun)
class SyncRunAdmin(ChannelAdmin):
    list_display = (
        "integration",
        "step",
        "outcome",
        "trigger",
        "started_at",
        "finished_at",
        "said",
        "code",
        "sentence",
    )
    list_filter = ("result", "step", "trigger", "started_at")
    list_select_related = ("integration__company",)
    search_fields = ("integration__name", "integration__company__name", "sentence", "code")
    ordering = ("-started_at", "-pk")

    @display(description="Result", label=RUN_TONES)
    def outcome(self, row: SyncRun) -> tuple[str, str]:
        return row.result, row.get_result_display()

    @admin.display(description="counts")
    def said(self, row: SyncRun) -> str:
        return counts_in_words(row)


@admin.register(Outbound)
class OutboundAdmin(ChannelAdmin):
    list_display = (
        "pk",
        "integration",
        "kind",
        "record_id",
        "state_label",
        "attempts",
        "not_before",
        "sending_since",
        "code",
        "last_answer",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "kind", "code", "not_before")
    list_select_related = ("integration__company",)
    search_fields = ("=record_id", "integration__name", "integration__company__name", "last_answer", "order_key")
    staff_actions = admin_actions.OUTBOUND_ACTIONS

    @display(description="State", label=SENDING_TONES, ordering="state")
    def state_label(self, row: Outbound) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(Receipt)
class ReceiptAdmin(ChannelAdmin):
    list_display = (
        "received_at",
        "integration",
        "topic",
        "remote_id",
        "state_label",
        "repeats",
        "attempts",
        "handled_at",
        "sentence",
    )
    list_filter = ("state", "topic", "received_at")
    list_select_related = ("integration__company",)
    search_fields = ("=remote_id", "event_key", "integration__name", "integration__company__name")
    staff_actions = admin_actions.RECEIPT_ACTIONS

    @display(description="State", label=RECEIPT_TONES, ordering="state")
    def state_label(self, row: Receipt) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(ValueMap)
class ValueMapAdmin(ChannelAdmin):
    list_display = ("integration", "area", "theirs", "label", "ours", "seen")
    list_filter = ("area",)
    list_select_related = ("integration",)
    search_fields = ("theirs", "label", "ours", "integration__name")


@admin.register(RateBudget)
class RateBudgetAdmin(ChannelAdmin):
    list_display = ("integration", "left", "quota", "updated_at", "resets_at", "blocked_until")
    list_filter = ("blocked_until",)
    list_select_related = ("integration",)
    search_fields = ("integration__name", "integration__company__name")


class LinkAdmin(ChannelAdmin):
    """Our record beside theirs."""

    ours = ""
    list_filter: ClassVar[tuple[str, ...]] = ("created_at",)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("remote_id", self.ours, "integration", *self.more, "created_at")

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        return ("integration", *self.joins)

    more: ClassVar[tuple[str, ...]] = ()
    joins: ClassVar[tuple[str, ...]] = ()


@admin.register(ProductLink)
class ProductLinkAdmin(LinkAdmin):
    ours, more, joins = "product", ("walk",), ("product",)
    search_fields = ("=remote_id", "product__name", "integration__name")


@admin.register(VariantLink)
class VariantLinkAdmin(LinkAdmin):
    ours, more, joins = "variant", ("remote_product_id",), ("variant__product",)
    search_fields = ("=remote_id", "=remote_product_id", "variant__sku_key", "integration__name")


@admin.register(ListingLink)
class ListingLinkAdmin(LinkAdmin):
    ours, joins = "listing", ("listing__variant__product", "listing__product")
    more = ("remote_product_id", "told_stock", "told_price", "told_at")
    search_fields = ("=remote_id", "=remote_product_id", "listing__variant__sku_key", "integration__name")


@admin.register(OrderLink)
class OrderLinkAdmin(LinkAdmin):
    ours, more, joins = "order", ("number", "remote_modified_at"), ("order",)
    search_fields = ("=remote_id", "=number", "order__number", "integration__name")


@admin.register(SupplierOrderLink)
class SupplierOrderLinkAdmin(LinkAdmin):
    ours, joins = "supplier_order", ("supplier_order",)
    more = ("number", "shipments_checked_at", "is_complete")
    list_filter = ("is_complete", "created_at")
    search_fields = ("=remote_id", "=number", "supplier_order__reference", "integration__name")


@admin.register(ShipmentLink)
class ShipmentLinkAdmin(LinkAdmin):
    ours, joins = "shipment", ("shipment__supplier_order",)
    search_fields = ("=remote_id", "shipment__tracking_number", "integration__name")


@admin.register(CustomerLink)
class CustomerLinkAdmin(LinkAdmin):
    ours, joins = "partnership", ("partnership__supplier", "partnership__retailer")
    search_fields = ("=remote_id", "integration__name")
