"""Alerts for staff: what was told to whom, and what did not arrive. Looked at, not edited; sending again needs a reason. Secrets are never shown."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import TabularInline
from unfold.decorators import display

from channels.admin_base import ChannelAdmin
from channels.alerts import deliveries, endpoints, errands, rules, waking
from channels.models import (
    Alert,
    AlertMail,
    AlertReading,
    AlertRule,
    Delivery,
    DeliveryAttempt,
    ErrandState,
    WebhookEndpoint,
)
from portal.companies.models import User
from portal.companies.staff_actions import LookOnly, StaffAction
from portal.lib.errors import Conflict

ERRAND_TONES = {
    ErrandState.WAITING.value: "info",
    ErrandState.SENDING.value: "info",
    ErrandState.UNKNOWN.value: "warning",
    ErrandState.SENT.value: "success",
    ErrandState.FAILED.value: "danger",
}


def resend_delivery(row: Delivery, by: User) -> None:
    """Send it again under its event id."""
    deliveries.resend(row)


def resend_mail(row: AlertMail, by: User) -> None:
    """Send a mail again. Raises Conflict while it is on its way."""
    if not errands.send_again([row]):
        raise Conflict("It is on its way already.")
    waking.wake_mails()


SEND_AGAIN = "Each is sent once more within a minute, under its id; receivers know what they had."
DELIVERY_ACTIONS = (
    StaffAction(
        "resend", "Send again", run=resend_delivery, company=lambda row: row.endpoint.company, consequence=SEND_AGAIN
    ),
)
MAIL_ACTIONS = (
    StaffAction(
        "resend", "Send again", run=resend_mail, consequence="Each person gets the mail once more within a minute."
    ),
)
RULE_ACTIONS = (
    StaffAction(
        "switch_off",
        "Switch off",
        run=lambda row, by: rules.switch(row, enabled=False, by=by),
        consequence="Nobody is told by these rules any more; their open alerts end without a word.",
    ),
)
ENDPOINT_ACTIONS = (
    StaffAction(
        "switch_off",
        "Switch off",
        run=lambda row, by: endpoints.switch(row, enabled=False, by=by),
        consequence="Nothing is sent to them until their companies switch them on. What waits is kept.",
    ),
)


class _ErrandAdmin(ChannelAdmin):
    @display(description="State", label=ERRAND_TONES, ordering="state")
    def state_label(self, row: AlertMail | Delivery) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(AlertRule)
class AlertRuleAdmin(ChannelAdmin):
    list_display = ("name", "company", "enabled", "standard", "whose", "mail_to", "pace", "digest_due_at", "endpoint")
    list_filter = ("enabled", "standard", "pace", "mail_to")
    list_select_related = ("company", "endpoint")
    search_fields = ("name", "company__name")
    staff_actions = RULE_ACTIONS


@admin.register(Alert)
class AlertAdmin(ChannelAdmin):
    list_display = (
        "title",
        "company",
        "rule",
        "code",
        "count",
        "opened_at",
        "told_at",
        "away_since",
        "returns",
        "cleared_at",
        "caught_up",
    )
    list_filter = (("cleared_at", admin.EmptyFieldListFilter), "code", "opened_at")
    list_select_related = ("company", "rule")
    search_fields = ("title", "cause_key", "company__name")
    ordering = ("-opened_at", "-pk")


@admin.register(AlertMail)
class AlertMailAdmin(_ErrandAdmin):
    list_display = ("subject", "to", "company", "state_label", "attempts", "not_before", "last_answer", "created_at")
    list_filter = ("state", "is_test", "created_at")
    list_select_related = ("company",)
    search_fields = ("to", "subject", "company__name")
    staff_actions = MAIL_ACTIONS


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ChannelAdmin):
    """Where companies want to be told. Never the secret."""

    list_display = ("name", "company", "url", "enabled", "failures", "last_sent_at", "queued_at", "removed_at")
    list_filter = ("enabled", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("company",)
    search_fields = ("name", "url", "company__name")
    exclude = ("secret", "old_secret")
    staff_actions = ENDPOINT_ACTIONS


class TryInline(LookOnly, TabularInline):
    model = DeliveryAttempt
    fields = ("at", "url", "status", "error", "milliseconds", "response_body")
    extra = 0
    max_num = 0


@admin.register(Delivery)
class DeliveryAdmin(_ErrandAdmin):
    list_display = (
        "event",
        "endpoint",
        "event_id",
        "state_label",
        "attempts",
        "not_before",
        "last_answer",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "event", "created_at")
    list_select_related = ("endpoint__company",)
    search_fields = ("=event_id", "endpoint__name", "endpoint__company__name", "last_answer")
    inlines = (TryInline,)
    staff_actions = DELIVERY_ACTIONS


@admin.register(DeliveryAttempt)
class DeliveryAttemptAdmin(ChannelAdmin):
    list_display = ("at", "delivery", "url", "status", "error", "milliseconds")
    list_filter = ("status", "at")
    list_select_related = ("delivery",)
    search_fields = ("=delivery__event_id", "url", "error")


@admin.register(AlertReading)
class AlertReadingAdmin(ChannelAdmin):
    list_display = ("user", "company", "read_until")
    list_select_related = ("user", "company")
    search_fields = ("user__email", "company__name")
