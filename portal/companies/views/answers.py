"""How pages answer a click: do it, say what happened, go back to where it shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.lib.errors import DomainError


def act(request: HttpRequest, action: Callable[[], object], *, done: str, to: str) -> HttpResponse:
    """Run ``action``; then show ``done``, or the rule's sentence when it said no. Either way the answer is a redirect to ``to``."""
    try:
        action()
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)
    return redirect(to)


def fill(form: forms.BaseForm, action: Callable[[], object]) -> bool:
    """Run ``action`` and answer True; put the sentence of a rule that said no beside the field at fault and answer False."""
    try:
        action()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return False
    return True


def saved(request: HttpRequest, form: forms.BaseForm, action: Callable[[], object]) -> bool:
    """Whether the form was sent, is right, and ``action`` went through; otherwise the form tells why not."""
    return request.method == "POST" and form.is_valid() and fill(form, action)


def logged_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the few pages that need a person but no company."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded
