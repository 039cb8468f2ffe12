"""Writing to support: the message, with the integration it is about and its last error, and without any key."""

from __future__ import annotations

import re
from smtplib import SMTPException
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from channels.models import Integration, Problem, ProblemState, RunResult, SyncRun
from channels.registry import CONNECTORS
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.companies.scope import Scope

HIDDEN = "[hidden]"
# Long runs of letters and digits, or whatever follows a word for a secret: what a pasted key looks like.
_KEYS = re.compile(
    r"\b(?=\w*\d)(?=\w*[A-Za-z])[\w\-+=]{20,}|"
    r"(?<=token)\s*[:=]\s*\S+|(?<=secret)\s*[:=]\s*\S+|(?<=password)\s*[:=]\s*\S+|(?<=key)\s*[:=]\s*\S+",
    re.IGNORECASE,
)


def without_keys(text: str) -> str:
    """``text`` with everything cut out that looks like a key."""
    return _KEYS.sub(f" {HIDDEN}", text)


class ContactForm(forms.Form):
    """``integration`` is one of the company's own; ``page`` where the person was."""

    integration = forms.ModelChoiceField(
        Integration.objects.none(),
        required=False,
        empty_label="None of them",
        label="Which integration is it about?",
        help_text="We attach its number, its state and its last error. Never its key.",
    )
    message = forms.CharField(
        max_length=4000,
        label="What happened?",
        help_text="What you did, what you saw, and when. Never send a key; what looks like one is cut out.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say in a few words what happened. Nothing was sent."},
    )
    page = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = scope.rows(Integration).filter(company=scope.company).order_by("removed_at", "name")
        self.fields["integration"].queryset = rows


@requires(Can.VIEW)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form; POST sends the mail to support, with the person as the one to answer."""
    first = {"page": request.GET.get("page", "")[:200], "integration": _asked_about(request)}
    form = ContactForm(request.POST or None, scope=request.scope, initial=first)
    if request.method == "POST" and form.is_valid():
        if _send(request, form):
            messages.success(request, "Sent. We answer by e-mail.")
            return redirect("help")
        sorry = f"The message could not be sent just now. Nothing is lost: write to {settings.SUPPORT_EMAIL} instead."
        form.add_error(None, sorry)
    return render(request, "web/help_contact.html", {"form": form, "support": settings.SUPPORT_EMAIL})


def _asked_about(request: HttpRequest) -> str:
    """The integration named in the address, or the one whose page the person comes from."""
    found = re.match(r"/integrations/(\d+)/", request.GET.get("page", ""))
    return request.GET.get("integration", "") or (found.group(1) if found else "")


def _send(request: HttpRequest, form: ContactForm) -> bool:
    integration = form.cleaned_data["integration"]
    subject = f"{request.scope.company}: {integration.name if integration else 'a question'}"
    mail = EmailMessage(" ".join(subject.split())[:150], _text(request, form), to=[settings.SUPPORT_EMAIL])
    mail.reply_to = [request.user.email]
    try:
        return bool(mail.send())
    except (SMTPException, OSError):
        return False


def _text(request: HttpRequest, form: ContactForm) -> str:
    integration = form.cleaned_data["integration"]
    context = {
        "message": without_keys(form.cleaned_data["message"]),
        "page": form.cleaned_data["page"],
        "user": request.user,
        "company": request.scope.company,
        "integration": integration,
        **(_state_of(integration) if integration else {}),
    }
    return render_to_string("emails/help_contact.txt", context)


def _state_of(integration: Integration) -> dict[str, object]:
    """What support looks at first: the channel, the last error, what is stuck."""
    bad = (RunResult.FAILED, RunResult.PARTIAL)
    run = SyncRun.objects.filter(integration=integration, result__in=bad).order_by("-started_at", "-pk").first()
    stuck = Problem.objects.filter(integration=integration, state=ProblemState.OPEN).order_by("-last_seen_at")[:5]
    connector = CONNECTORS.get(integration.kind)
    return {
        "channel": connector.label if connector else integration.kind,
        "reason": without_keys(integration.health_reason),
        "run": run,
        "said": without_keys(run.sentence) if run else "",
        "stuck": [(problem.code, without_keys(problem.sentence)) for problem in stuck],
    }
