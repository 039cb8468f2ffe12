"""The guard of every page: a view says which permission it needs, or it does not exist for anybody.

``@requires(Can.ORDERS)`` on a function, ``Guarded`` on a class. A stranger is sent to the login; somebody without a company to the sign-up's last
step; a role that may not gets a 403 with a sentence; another company's object is a 404 because it is not among ``request.scope.rows(Model)``.
A test walks every URL and fails for a view without ``guard_permission`` that is not listed as public.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views import View as ClassView

from portal.companies.permissions import Can

View = Callable[..., HttpResponseBase]


class GuardedView(Protocol):
    """A view that says which permission it needs."""

    guard_permission: Can

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def marked(view: View, permission: Can) -> GuardedView:
    """``view`` itself, with the permission that it needs written on it."""
    # A function takes attributes, which its type cannot say.
    known = cast(GuardedView, view)
    known.guard_permission = permission
    return known


def requires(permission: Can) -> Callable[[View], GuardedView]:
    """Let only people in whose role in the present company has ``permission``."""

    def guard(view: View) -> GuardedView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return refusal(request, permission) or view(request, *args, **kwargs)

        return marked(guarded, permission)

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


class Guarded(ClassView):
    """Base of class-based views; ``permission`` must be set."""

    permission: Can

    @classmethod
    def as_view(cls, **initkwargs: Any) -> GuardedView:
        return marked(super().as_view(**initkwargs), cls.permission)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return refusal(request, self.permission) or super().dispatch(request, *args, **kwargs)
