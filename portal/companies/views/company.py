"""Settings › Company: what it says of itself, its platform and store address, its postal address."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.companies.forms import CompanyAddressForm, CompanyForm
from portal.companies.guard import requires
from portal.companies.models import Company
from portal.companies.permissions import Can
from portal.companies.services import update_company
from portal.companies.views.answers import saved


@requires(Can.COMPANY)
@require_http_methods(["GET", "POST"])
def company_settings(request: HttpRequest) -> HttpResponse:
    """Show and save the upper part; a changed platform leads to connecting it."""
    company = _fresh(request)
    form = CompanyForm(request.POST or None, initial=CompanyForm.initial_of(company))
    if saved(request, form, lambda: update_company(company, by=request.user, **form.changes())):
        messages.success(request, "Saved.")
        return redirect("company-settings")
    return _page(request, company, form, CompanyAddressForm(instance=_fresh(request)))


@requires(Can.COMPANY)
@require_POST
def company_address(request: HttpRequest) -> HttpResponse:
    """Save the postal address."""
    company = _fresh(request)
    form = CompanyAddressForm(request.POST, instance=_fresh(request))
    if form.is_valid():
        update_company(company, by=request.user, **form.cleaned_data)
        messages.success(request, "Address saved.")
        return redirect("company-settings")
    return _page(request, company, CompanyForm(initial=CompanyForm.initial_of(company)), form)


def _fresh(request: HttpRequest) -> Company:
    # Forms change the instance they are given; the page's frame must go on showing the saved company.
    return Company.objects.get(pk=request.scope.company.pk)


def _page(request: HttpRequest, company: Company, form: CompanyForm, address: CompanyAddressForm) -> HttpResponse:
    context = {"title": "Settings", "company": company, "form": form, "address_form": address, "tab": "company"}
    context["help_slug"] = "company"
    return render(request, "companies/company.html", context)
