"""How a partnership begins, pauses and ends, and the page of one. The list of partners is in ``portal.web``, which has the list machinery."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from portal.companies import selectors
from portal.companies.forms import InvitePartnerForm, ReasonForm, TermsForm
from portal.companies.guard import requires
from portal.companies.models import Partnership
from portal.companies.permissions import Can
from portal.companies.services import (
    accept_partnership,
    change_terms,
    end_partnership,
    invite_partner,
    pause_partnership,
    resume_partnership,
)
from portal.companies.views.answers import act, saved


@requires(Can.PARTNERS)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """The form that offers a partnership by e-mail."""
    company = request.scope.company
    form = InvitePartnerForm(request.POST or None, company=company)
    if saved(request, form, lambda: invite_partner(company, by=request.user, **form.cleaned_data)):
        messages.success(request, f"Invited. Nothing is shared until {form.cleaned_data['email']} accepts.")
        return redirect("partners")
    return render(
        request, "companies/partner_invite.html", {"title": "Invite a partner", "form": form, "help_slug": "partners"}
    )


@requires(Can.VIEW)
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """One partnership: state, terms, what each side sees, what is missing, history."""
    row = _find(request, pk)
    view = selectors.partner_views(request.scope.company, [row])[0]
    context = {
        "title": view.name,
        "help_slug": "partners",
        "partner": view,
        "partnership": row,
        "terms": TermsForm(
            initial={"ship_within_days": row.ship_within_days, "needs_acceptance": row.needs_acceptance}
        ),
        "history": selectors.history_of(request.scope.company, row),
        "may_change": request.scope.can(Can.PARTNERS),
    }
    return render(request, "companies/partner.html", context)


@requires(Can.PARTNERS)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an invitation that names this company."""
    return _do(request, pk, accept_partnership, "You trade with each other now.")


@requires(Can.PARTNERS)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop trading for a while."""
    done = "Paused. Listings show no stock and new orders wait, until one of you resumes."
    return _do(request, pk, pause_partnership, done, reason=_reason(request))


@requires(Can.PARTNERS)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Trade again."""
    return _do(request, pk, resume_partnership, "You trade with each other again.")


@requires(Can.PARTNERS)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End, withdraw or decline."""
    return _do(request, pk, end_partnership, "Ended. Orders and reports stay.", reason=_reason(request))


@requires(Can.PARTNERS)
@require_POST
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was agreed on."""
    row = _find(request, pk)
    form = TermsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The days must be a number from 0 to 90. Nothing was changed.")
        return redirect("partner", pk)
    return act(
        request,
        lambda: change_terms(row, by=request.user, **form.cleaned_data),
        done="Terms saved. Your partner sees them, too.",
        to=reverse("partner", args=[pk]),
    )


def _find(request: HttpRequest, pk: int) -> Partnership:
    rows = request.scope.rows(Partnership).select_related("supplier", "retailer", "inviter", "invited_by")
    return get_object_or_404(rows, pk=pk)


def _do(request: HttpRequest, pk: int, action: Callable[..., object], done: str, **extra: str) -> HttpResponse:
    row = _find(request, pk)
    return act(
        request,
        lambda: action(row, company=request.scope.company, by=request.user, **extra),
        done=done,
        to=reverse("partner", args=[pk]),
    )


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""
