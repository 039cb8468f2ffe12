"""On and off: what a rule and a webhook have in common."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from channels.models import AlertRule, WebhookEndpoint


def switch_over(
    request: HttpRequest,
    row: AlertRule | WebhookEndpoint,
    switch: Callable[..., object],
    *,
    name: str,
    off: str,
    undo: str,
    to: str,
) -> HttpResponse:
    """Turn what is on off and the other way, with a bar that offers to undo it; ``off`` says what being off means."""
    switch(row, enabled=not row.enabled, by=request.scope.user)
    words = f"{name} is on." if row.enabled else f"{name} is off. {off}"
    messages.success(request, words, extra_tags=f"undo:{reverse(undo, args=[row.pk])}")
    return redirect(to)
