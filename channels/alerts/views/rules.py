"""Making, changing, switching, trying and removing a rule, with a preview of what it would have done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from channels.alerts import preview, rules
from channels.alerts.forms import RuleForm
from channels.alerts.views.switching import switch_over
from channels.models import AlertRule
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.companies.views.answers import act, saved
from portal.lib.errors import DomainError


@requires(Can.INTEGRATIONS)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new rule."""
    return _form(request, AlertRule(company=request.scope.company), "New alert rule", "Make the rule")


@requires(Can.INTEGRATIONS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a rule."""
    rule = _of(request, pk)
    return _form(request, rule, f"Alert rule: {rule.name}", "Save the rule")


def _form(request: HttpRequest, rule: AlertRule, title: str, button: str) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=rule, company=request.scope.company)
    if saved(
        request, form, lambda: rules.save(form.instance, people=form.cleaned_data["members"], by=request.scope.user)
    ):
        messages.success(request, f"“{form.instance}” is saved. It is looked at every minute.")
        return redirect("alert-rules")
    context = {
        "form": form,
        "title": title,
        "button": button,
        "rule": rule,
        "help_slug": "alerts",
        "address": reverse("alert-rule", args=[rule.pk]) if rule.pk else reverse("alert-rule-new"),
    }
    is_drawer = request.method == "GET" and request.headers.get("HX-Request")
    return render(request, f"channels/alerts/rule_{'drawer' if is_drawer else 'page'}.html", context)


@require_POST
@requires(Can.INTEGRATIONS)
def show_preview(request: HttpRequest) -> HttpResponse:
    """How often the rule, as it is typed now, would have alerted in the last days."""
    form = RuleForm(request.POST, instance=AlertRule(company=request.scope.company), company=request.scope.company)
    wrong = not form.is_valid() and set(form.errors) & {"codes", "integration", "whose", "at_least", "older", "unit"}
    found = None if wrong else preview.forecast(request.scope.company, form.terms)
    return render(request, "channels/alerts/preview.html", {"forecast": found})


@require_POST
@requires(Can.INTEGRATIONS)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On becomes off and the other way; the bar offers to undo it."""
    rule = _of(request, pk)
    words = {"name": f"“{rule}”", "off": "Nobody is told by it."}
    return switch_over(request, rule, rules.switch, **words, undo="alert-rule-switch", to="alert-rules")


@require_POST
@requires(Can.INTEGRATIONS)
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test to everybody whom the rule tells."""
    rule = _of(request, pk)
    try:
        messages.success(request, rules.send_test(rule).sentence)
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("alert-rules")


@require_POST
@requires(Can.INTEGRATIONS)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule that the company made."""
    rule = _of(request, pk)
    name = rule.name
    return act(
        request, lambda: rules.remove(rule, by=request.scope.user), done=f"“{name}” is removed.", to="alert-rules"
    )


def _of(request: HttpRequest, pk: int) -> AlertRule:
    return get_object_or_404(request.scope.rows(AlertRule).select_related("company", "endpoint", "integration"), pk=pk)
