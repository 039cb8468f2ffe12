"""Companies, partnerships, keys, invitations and the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from portal.companies.models import (
    ApiKey,
    AuditEvent,
    Company,
    Feedback,
    Installation,
    Invitation,
    Membership,
    Partnership,
    SavedView,
    SignUp,
    User,
)
from portal.companies.services import end_partnership, pause_partnership, revoke_api_key, withdraw_invitation
from portal.companies.staff_actions import LookOnly, StaffAction, StaffActionsMixin


class MembershipInline(LookOnly, TabularInline):
    model = Membership
    fields = ("user", "role", "created_at")
    extra = 0


@admin.register(Company)
class CompanyAdmin(LookOnly, ModelAdmin):
    """Tenants: who they are, how many people and partners."""

    list_display = ("name", "kind", "platform", "people", "trading", "country", "currency", "is_sandbox", "created_at")
    list_filter = ("kind", "platform", "is_sandbox", "country")
    search_fields = ("name", "email", "store_address")
    ordering = ("-pk",)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        accepted = Q(as_supplier__state="accepted"), Q(as_retailer__state="accepted")
        return (
            super()
            .get_queryset(request)
            .annotate(
                people_count=Count("memberships", distinct=True),
                trading_count=Count("as_supplier", filter=accepted[0], distinct=True)
                + Count("as_retailer", filter=accepted[1], distinct=True),
            )
        )

    @admin.display(description="People", ordering="people_count")
    def people(self, row: Any) -> int:
        return row.people_count

    @admin.display(description="Trading with", ordering="trading_count")
    def trading(self, row: Any) -> int:
        return row.trading_count


def _pause(row: Partnership, by: User) -> None:
    pause_partnership(row, company=None, by=by)


def _end(row: Partnership, by: User) -> None:
    end_partnership(row, company=None, by=by)


@admin.register(Partnership)
class PartnershipAdmin(StaffActionsMixin, LookOnly, ModelAdmin):
    """Who trades with whom."""

    list_display = ("supplier", "retailer", "state", "invited_email", "ship_within_days", "created_at", "accepted_at")
    list_filter = ("state", "needs_acceptance")
    search_fields = ("supplier__name", "retailer__name", "invited_email")
    list_select_related = ("supplier", "retailer")
    exclude = ("token_hash",)
    ordering = ("-pk",)
    staff_actions = (
        StaffAction(
            "pause",
            "Pause partnerships",
            run=_pause,
            consequence="Listings show no stock and new orders wait until one side resumes.",
            company=lambda row: row.inviter,
        ),
        StaffAction(
            "end",
            "End partnerships",
            run=_end,
            consequence="They stop trading for good; orders and reports stay.",
            company=lambda row: row.inviter,
        ),
    )


@admin.register(ApiKey)
class ApiKeyAdmin(StaffActionsMixin, LookOnly, ModelAdmin):
    """Keys of programs; their hashes are not shown."""

    list_display = ("name", "company", "prefix", "scopes", "last_used_at", "created_by", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "prefix", "company__name")
    list_select_related = ("company", "created_by")
    exclude = ("key_hash",)
    ordering = ("-pk",)
    staff_actions = (
        StaffAction(
            "revoke",
            "Revoke keys",
            run=lambda row, by: revoke_api_key(row, by=by),
            consequence="Programs that use them are refused at once.",
        ),
    )


@admin.register(Invitation)
class InvitationAdmin(StaffActionsMixin, LookOnly, ModelAdmin):
    """Invitations to work for a company."""

    list_display = ("email", "company", "role", "invited_by", "created_at", "expires_at", "accepted_at", "withdrawn_at")
    list_filter = ("role",)
    search_fields = ("email", "company__name")
    list_select_related = ("company", "invited_by")
    exclude = ("token_hash",)
    ordering = ("-pk",)
    staff_actions = (
        StaffAction(
            "withdraw",
            "Withdraw invitations",
            run=lambda row, by: withdraw_invitation(row, by=by),
            consequence="Their links stop working.",
        ),
    )


@admin.register(AuditEvent)
class AuditEventAdmin(LookOnly, ModelAdmin):
    """Who did what, when and why."""

    list_display = ("at", "company", "actor_kind", "actor_name", "action", "target_name", "sentence", "reason")
    list_filter = ("actor_kind", "at")
    search_fields = ("action", "target_name", "company__name", "actor_name")
    list_select_related = ("company",)
    show_full_result_count = False


@admin.register(SignUp)
class SignUpAdmin(LookOnly, ModelAdmin):
    """What was asked for at sign-up, and whether it was completed."""

    list_display = ("user", "company_name", "kind", "platform", "store_address", "created_at", "completed_at")
    list_filter = ("kind", "platform", ("completed_at", admin.EmptyFieldListFilter))
    search_fields = ("company_name", "user__email")
    list_select_related = ("user",)
    ordering = ("-pk",)


@admin.register(SavedView)
class SavedViewAdmin(LookOnly, ModelAdmin):
    list_display = ("name", "list_name", "company", "user", "created_at")
    list_filter = ("list_name",)
    list_select_related = ("company", "user")


@admin.register(Feedback)
class FeedbackAdmin(LookOnly, ModelAdmin):
    """What people think of the guides."""

    list_display = ("guide", "is_helpful", "comment", "page", "user", "company", "created_at")
    list_filter = ("is_helpful", "guide")
    list_select_related = ("company", "user")
    ordering = ("-pk",)


@admin.register(Installation)
class InstallationAdmin(LookOnly, ModelAdmin):
    list_display = ("tag", "created_at")
