"""Ways into a company: the live check of a store address, invitation links, a new company, changing company."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.companies import invited, platforms
from portal.companies.forms import NewCompanyForm
from portal.companies.forms.store import judge_address
from portal.companies.middleware import SESSION_KEY
from portal.companies.models import Company
from portal.companies.permissions import Can
from portal.companies.services import (
    accept_invitation,
    create_company,
    find_invitation,
    find_partner_invitation,
)
from portal.companies.services.partnerships import accept_partnership, missing_role
from portal.companies.views.answers import act, logged_in
from portal.lib.errors import DomainError

_LONGEST = 400


@require_GET
def check_address(request: HttpRequest) -> HttpResponse:
    """The address field as it should look for the platform and text typed so far. By form only: nothing is requested anywhere."""
    platform = platforms.find_platform(request.GET.get("platform", ""))
    if platform is None:
        raise Http404
    answer = judge_address(platform, request.GET.get("store_address", "")[:_LONGEST]) if platform.asks_address else None
    return render(request, "companies/store_address.html", {"answer": answer})


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an invitation to work for a company: who invites, and one button to join."""
    try:
        found = find_invitation(token)
    except DomainError as error:
        return _closed(request, error)
    if request.method == "POST" and request.user.is_authenticated:
        return _join(request, found)
    invited.keep_invitation(request, token)
    return render(request, "companies/invitation.html", {"invitation": found, "token": token})


def _join(request: HttpRequest, found) -> HttpResponse:
    try:
        accept_invitation(found, user=request.user)
    except DomainError as error:
        return _closed(request, error)
    invited.forget_invitations(request)
    request.session[SESSION_KEY] = found.company_id
    messages.success(request, f"You work for {found.company} now.")
    return redirect("home")


@never_cache
@require_http_methods(["GET", "POST"])
def partner_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an invitation to trade: who invites, what each side will see, and one button to accept."""
    try:
        found = find_partner_invitation(token)
    except DomainError as error:
        return _closed(request, error)
    if request.method == "POST" and request.user.is_authenticated:
        return _trade(request, found)
    invited.keep_partner_invitation(request, token)
    context = {"partnership": found, "role": missing_role(found), "token": token, "may_accept": _may_accept(request)}
    return render(request, "companies/partner_invitation.html", context)


def _may_accept(request: HttpRequest) -> bool:
    return bool(request.scope) and request.scope.can(Can.PARTNERS)


def _trade(request: HttpRequest, found) -> HttpResponse:
    if not request.scope:
        return redirect("company-create")
    if not _may_accept(request):
        return _closed(
            request, DomainError(f"Your role may not accept partners. Ask an owner of {request.scope.company}.")
        )
    invited.forget_invitations(request)
    return act(
        request,
        lambda: accept_partnership(found, company=request.scope.company, by=request.user),
        done=f"You trade with {found.inviter} now.",
        to="partners",
    )


def _closed(request: HttpRequest, error: DomainError) -> HttpResponse:
    return render(request, "companies/invitation_closed.html", {"sentence": error.sentence}, status=410)


@logged_in
@require_http_methods(["GET", "POST"])
def new_company(request: HttpRequest) -> HttpResponse:
    """A company for a person who has none, or a further one; the person becomes its owner and works for it next."""
    waiting = invited.invited_by(request)
    form = NewCompanyForm(request.POST or None, initial=_initial(waiting))
    if request.method == "POST" and form.is_valid():
        company = _create(request, form)
        request.session[SESSION_KEY] = company.pk
        messages.success(request, f"{company} is ready. Next: connect your store.")
        return redirect("home")
    return render(request, "companies/new_company.html", {"form": form, "invited": waiting, "help_slug": "sign-up"})


def _initial(waiting: invited.Invited) -> dict[str, str]:
    if not waiting.partnership:
        return {}
    return {"company": waiting.partnership.invited_name, "kind": waiting.role_to_take}


def _create(request: HttpRequest, form: NewCompanyForm) -> Company:
    data = form.cleaned_data
    return create_company(
        data["company"],
        kind=data["kind"],
        owner=request.user,
        platform=data["platform"],
        store_address=data["store_address"],
        email=request.user.email,
        time_zone=request.user.time_zone,
    )


@logged_in
@require_POST
def switch_company(request: HttpRequest) -> HttpResponse:
    """Work for another of one's companies from now on; another's company is a 404."""
    company = request.POST.get("company", "")
    membership = get_object_or_404(request.user.memberships, company_id=company if company.isdigit() else 0)
    request.session[SESSION_KEY] = membership.company_id
    target = request.POST.get("next", "")
    return redirect(target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "home")
