"""Settings › API keys: made, shown once, revoked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.companies import selectors
from portal.companies.forms import ApiKeyForm
from portal.companies.guard import requires
from portal.companies.models import ApiKey
from portal.companies.permissions import Can
from portal.companies.services import IssuedKey, create_api_key, revoke_api_key
from portal.companies.views.answers import act
from portal.lib.errors import DomainError


@requires(Can.COMPANY)
@never_cache
@require_http_methods(["GET", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """The list with the form to make one. The answer to making one holds the token; no other page ever does."""
    form = ApiKeyForm(request.POST or None)
    issued = _issue(request, form) if request.method == "POST" and form.is_valid() else None
    context = {
        "title": "Settings",
        "tab": "keys",
        "help_slug": "api",
        "form": ApiKeyForm() if issued else form,
        "issued": issued,
        "keys": selectors.keys_of(request.scope.company),
    }
    return render(request, "companies/api_keys.html", context)


def _issue(request: HttpRequest, form: ApiKeyForm) -> IssuedKey | None:
    try:
        return create_api_key(request.scope.company, by=request.user, **form.cleaned_data)
    except DomainError as error:
        form.add_error(error.field or None, error.sentence)
        return None


@requires(Can.COMPANY)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a key from now on."""
    key = get_object_or_404(request.scope.rows(ApiKey).select_related("company"), pk=pk)
    return act(
        request,
        lambda: revoke_api_key(key, by=request.user),
        done=f"{key.name} is refused from now on.",
        to="api-keys",
    )
