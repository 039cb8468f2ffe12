"""The guard of every page: a view says which permission it needs, or it does not exist for anybody.

``@requires(Can.ORDERS)`` on a function, ``Guarded`` on a class. A stranger is sent to the login; somebody without a company to the sign-up's last
step; a role that may not gets a 403 with a sentence; another company's object is a 404 because it is not among ``request.scope.rows(Model)``.
A test walks every URL and fails for a view without ``guard_permission`` that is not listed as public.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.companies.permissions import Can

View = Callable[..., HttpResponse]


def requires(permission: Can) -> Callable[[View], View]:
    """Let only people in whose role in the present company has ``permission``."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return refusal(request, permission) or view(request, *args, **kwargs)

        guarded.guard_permission = permission
        return guarded

    return guard


def refusal(request: HttpRequest, permission: Can) -> HttpResponse | None:
    """Why ``request`` may not pass, as an answer; None when it may. Raises PermissionDenied for a role that may not."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.scope:
        return redirect("company-create")
    if not request.scope.can(permission):
        raise PermissionDenied(
            f"Your role may not {permission.label}. Ask an owner or admin of {request.scope.company}."
        )
    return None


class Guarded:
    """Mixin for class-based views; ``permission`` must be set."""

    permission: Can

    @classmethod
    def as_view(cls, **initkwargs: Any) -> View:
        view = super().as_view(**initkwargs)
        view.guard_permission = cls.permission
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return refusal(request, self.permission) or super().dispatch(request, *args, **kwargs)
