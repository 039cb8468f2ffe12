"""The door of the admin: staff only, through the portal's own login, with a second factor where the setting wants it, under a policy of its own."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

# The admin's theme runs expressions that stand in attributes; nothing outside /admin/ may.
ADMIN_POLICY = {"script-src": ["'unsafe-inline'", "'unsafe-eval'"], "style-src": ["'unsafe-inline'"]}


class StaffGate:
    """Middleware for every address of the admin, its login page included: that page knows no second factor, so nobody gets there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")):
            return self.get_response(request)
        answer = _refusal(request) or self.get_response(request)
        answer._csp_update = ADMIN_POLICY
        return answer


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated or not request.user.is_staff:
        return redirect_to_login(_wanted(request))
    if not settings.ADMIN_NEEDS_SECOND_FACTOR or has_second_factor(request):
        return None
    if is_mfa_enabled(request.user):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': _wanted(request)})}")
    messages.warning(request, "The admin opens with two factors only. Set up the second one here, then come back.")
    return redirect("mfa_activate_totp")


def _wanted(request: HttpRequest) -> str:
    """Where the person was going; the admin's own login page stands for its front page."""
    is_login = request.path == reverse("admin:login")
    return reverse("admin:index") if is_login else request.get_full_path()


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened or confirmed with a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
