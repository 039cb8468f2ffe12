"""What staff do in the admin: each action says what it will touch, needs a reason, calls a service, and leaves an audit row.

::

    class IntegrationAdmin(StaffActionsMixin, LookOnly, ModelAdmin):
        staff_actions = (
            StaffAction("pause", "Pause", run=lambda row, by: disable(row, by=by), consequence="Nothing is sent or pulled until it is enabled."),
        )
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from portal.companies import audit
from portal.companies.models import Company, User
from portal.companies.models.audit import ActorKind
from portal.lib.errors import DomainError

AT_MOST = 500
_SHOWN = 30


def _company_of(row: models.Model) -> Company | None:
    return row if isinstance(row, Company) else getattr(row, "company", None)


@dataclass(frozen=True, slots=True)
class StaffAction:
    """One action. ``run(row, by)`` calls a service; ``company(row)`` says in whose audit log it stands (None: in none's).

    With ``takes_reason`` it is ``run(row, by, reason)``: the service keeps the reason itself, too.
    """

    name: str
    label: str
    run: Callable[..., object]
    consequence: str = ""
    company: Callable[[Any], Company | None] = _company_of
    takes_reason: bool = False


class ReasonForm(forms.Form):
    """Why staff do it; partners can read it in their activity list."""

    reason = forms.CharField(
        label="Reason",
        min_length=5,
        max_length=300,
        widget=forms.TextInput(attrs={"size": 80, "autofocus": True}),
        error_messages={"required": "Say why. The company sees it in its activity list."},
    )


class LookOnly:
    """Rows are looked at, not edited: services write them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StaffActionsMixin:
    """Offers ``staff_actions`` above a list in the admin; stands before ModelAdmin among the bases."""

    opts: Any
    staff_actions: tuple[StaffAction, ...] = ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)  # type: ignore[misc]  # of the ModelAdmin behind it
        if not self._may_act(request):
            return found
        ours = self.staff_actions_for(request)
        return {**found, **{action.name: (_view_of(action), action.name, action.label) for action in ours}}

    def staff_actions_for(self, request: HttpRequest) -> Sequence[StaffAction]:
        """What is offered to whoever asks: a list adds here what depends on more than its rows."""
        return self.staff_actions

    def _may_act(self, request: HttpRequest) -> bool:
        # LookOnly takes the change permission away; acting needs it by the person's own rights.
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")


def _view_of(action: StaffAction) -> Callable[[Any, HttpRequest, QuerySet], HttpResponse | None]:
    def view(model_admin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        if rows.count() > AT_MOST:
            messages.error(request, f"Choose at most {AT_MOST} at a time. Nothing was done.")
            return None
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            return _ask(model_admin, request, rows, action, form)
        _run_all(request, rows, action, form.cleaned_data["reason"])
        return None

    return view


def _ask(
    model_admin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet, action: StaffAction, form: ReasonForm
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": action.label,
        "opts": model_admin.opts,
        "action": action,
        "form": form,
        "rows": rows[:_SHOWN],
        "count": rows.count(),
        "chosen": [str(pk) for pk in rows.values_list("pk", flat=True)],
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "companies/staff_action.html", context)


def _run_all(request: HttpRequest, rows: QuerySet, action: StaffAction, reason: str) -> None:
    done = 0
    for row in rows:
        try:
            run_for_staff(row, action, by=request.user, reason=reason)
            done += 1
        except DomainError as error:
            messages.error(request, f"{row}: {error.sentence}")
    if done:
        messages.success(request, f"{action.label}: done for {done}.")


@transaction.atomic
def run_for_staff(row: models.Model, action: StaffAction, *, by: User, reason: str) -> None:
    """Run ``action`` on one row and note it with its reason, in one transaction. Raises what the service raises."""
    company, name = action.company(row), str(row)
    action.run(row, by, reason) if action.takes_reason else action.run(row, by)
    audit.record(
        company,
        f"staff.{action.name}",
        target=row,
        user=by,
        actor_kind=ActorKind.STAFF,
        reason=reason,
        sentence=f"Tradelane staff: {action.label.lower()}, {name}.",
    )
