"""The job queue for staff: looked at, with the admin's own look. Only a schedule's next run can be changed."""

from __future__ import annotations

from typing import Any

import django_q.admin as theirs
from django.contrib import admin
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.admin import ModelAdmin

from portal.companies.staff_actions import LookOnly


class _Jobs(ModelAdmin):
    """No count of everything: the tables are long."""

    show_full_result_count = False
    list_per_page = 50
    actions = ()


class SuccessAdmin(_Jobs, LookOnly, theirs.TaskAdmin):
    actions = ()


class FailureAdmin(_Jobs, LookOnly, theirs.FailAdmin):
    actions = ()


class QueuedAdmin(_Jobs, LookOnly, theirs.QueueAdmin):
    # What a job carries are ids; the pickle itself is nobody's reading.
    list_display = ("id", "key", "name", "func", "lock", "task_id")


class ScheduleAdmin(_Jobs, theirs.ScheduleAdmin):
    """``install_schedules`` writes these rows; a malformed one would stop all of them."""

    list_display = ("name", "func", "cluster", "minutes", "next_run", "get_success")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in Schedule._meta.fields if field.name != "next_run"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


for model, look in ((Success, SuccessAdmin), (Failure, FailureAdmin), (OrmQ, QueuedAdmin), (Schedule, ScheduleAdmin)):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    admin.site.register(model, look)
