"""Records of other packages in the same dress as ours, with what is secret left out.

Their admin modules are imported first, so that each has registered before it is replaced.
"""

from __future__ import annotations

from typing import Any

import allauth.account.admin as account_admin
import allauth.mfa.admin
import allauth.usersessions.admin as sessions_admin
import axes.admin as axes_admin
import django.contrib.auth.admin as auth_admin
import django_q.admin as queue_admin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.admin import ModelAdmin

from portal.companies.staff_actions import LookOnly

__all__ = ["allauth"]

_DRESSED: dict[type, type] = {
    EmailAddress: account_admin.EmailAddressAdmin,
    UserSession: sessions_admin.UserSessionAdmin,
    AccessAttempt: axes_admin.AccessAttemptAdmin,
    AccessLog: axes_admin.AccessLogAdmin,
    AccessFailureLog: axes_admin.AccessFailureLogAdmin,
    Success: queue_admin.TaskAdmin,
    Failure: queue_admin.FailAdmin,
    OrmQ: queue_admin.QueueAdmin,
}


def dress(model: type, base: type) -> None:
    """Register ``model`` with its package's columns and our look, to be looked at only."""
    name = f"{model.__name__}Admin"
    _replace(model, type(name, (LookOnly, base, ModelAdmin), {"actions": None, "readonly_fields": ()}))


def _replace(model: type, new: type) -> None:
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    admin.site.register(model, new)


class AuthenticatorAdmin(LookOnly, ModelAdmin):
    """Second factors: that they exist, never what they are."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email",)
    exclude = ("data",)


class ScheduleAdmin(ModelAdmin):
    """The two schedules. Only the next run can be moved; ``install_schedules`` sets the rest."""

    list_display = ("name", "func", "schedule_type", "minutes", "next_run", "cluster", "last_run", "success")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in Schedule._meta.fields if field.name != "next_run"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GroupAdmin(auth_admin.GroupAdmin, ModelAdmin):
    """Rights of staff."""


for _model, _base in _DRESSED.items():
    dress(_model, _base)
_replace(Authenticator, AuthenticatorAdmin)
_replace(Schedule, ScheduleAdmin)
_replace(Group, GroupAdmin)
