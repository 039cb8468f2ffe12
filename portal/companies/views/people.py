"""Settings › People: who works here, as what, and who is invited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.companies import selectors
from portal.companies.forms import InvitePersonForm, RoleForm
from portal.companies.guard import requires
from portal.companies.models import Invitation, Membership, Role
from portal.companies.permissions import Can
from portal.companies.services import change_role, invite_person, remove_member, withdraw_invitation
from portal.companies.views.answers import act, saved


@requires(Can.COMPANY)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The list with the form to invite somebody."""
    company = request.scope.company
    form = InvitePersonForm(request.POST or None)
    if saved(request, form, lambda: invite_person(company, by=request.user, **form.cleaned_data)):
        messages.success(request, f"Invited. {form.cleaned_data['email']} has two weeks to follow the link.")
        return redirect("people")
    context = {
        "title": "Settings",
        "help_slug": "company",
        "tab": "people",
        "form": form,
        "people": selectors.people_of(company),
        "invitations": selectors.open_invitations(company),
        "roles": Role.choices,
    }
    return render(request, "companies/people.html", context)


@requires(Can.COMPANY)
@require_POST
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody another role."""
    membership = get_object_or_404(request.scope.rows(Membership).select_related("user", "company"), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "We do not know that role. Choose one of the list.")
        return redirect("people")
    role = Role(form.cleaned_data["role"])
    return act(
        request,
        lambda: change_role(membership, role, by=request.user),
        done=f"{membership.user} is {role.label.lower()} now.",
        to="people",
    )


@requires(Can.COMPANY)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's access."""
    membership = get_object_or_404(request.scope.rows(Membership).select_related("user", "company"), pk=pk)
    return act(
        request,
        lambda: remove_member(membership, by=request.user),
        done=f"{membership.user} can no longer open {membership.company}.",
        to="home" if membership.user_id == request.user.pk else "people",
    )


@requires(Can.COMPANY)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation's link useless."""
    invitation = get_object_or_404(request.scope.rows(Invitation), pk=pk)
    return act(
        request,
        lambda: withdraw_invitation(invitation, by=request.user),
        done=f"The link sent to {invitation.email} no longer works.",
        to="people",
    )
