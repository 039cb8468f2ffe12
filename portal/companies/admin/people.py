"""People: found, locked out, let in again, each time with a reason."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from portal.companies.models import Membership, User
from portal.companies.staff_actions import LookOnly, StaffAction, StaffActionsMixin
from portal.lib.errors import NotAllowed


def _lock_out(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise NotAllowed("You cannot lock yourself out.")
    _set_active(user, False)


def _set_active(user: User, is_active: bool) -> None:
    user.is_active = is_active
    user.save(update_fields=["is_active"])


class WorksForInline(LookOnly, TabularInline):
    model = Membership
    fields = ("company", "role", "created_at")
    extra = 0


@admin.register(User)
class UserAdmin(StaffActionsMixin, LookOnly, ModelAdmin):
    """Logins. Staff rights are given on the command line only (``createsuperuser``)."""

    list_display = ("email", "name", "companies", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("-pk",)
    exclude = ("password", "groups", "user_permissions")
    inlines = (WorksForInline,)
    staff_actions = (
        StaffAction(
            "lock_out",
            "Lock out",
            run=_lock_out,
            consequence="They cannot log in; open sessions end with the next page.",
            company=lambda user: None,
        ),
        StaffAction(
            "let_in",
            "Let in again",
            run=lambda user, by: _set_active(user, True),
            consequence="They can log in again.",
            company=lambda user: None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__company")

    @admin.display(description="Works for")
    def companies(self, user: User) -> str:
        return ", ".join(f"{one.company} ({one.get_role_display().lower()})" for one in user.memberships.all())
