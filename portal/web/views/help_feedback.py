""" "How did we do?": a yes or no about a guide, kept with the page and the person; a comment may follow."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from portal.companies.models import Feedback
from portal.web.guides import find_guide

THANKS = "Thank you. It is stored with this page and your name."


class FeedbackForm(forms.Form):
    """The answer; ``row`` names an earlier answer that a comment belongs to."""

    guide = forms.SlugField(max_length=60)
    page = forms.CharField(max_length=200, required=False)
    helpful = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], required=False)
    comment = forms.CharField(max_length=2000, required=False)
    row = forms.IntegerField(required=False)


@login_required
@require_POST
def feedback(request: HttpRequest) -> HttpResponse:
    """Keep an answer, or add a comment to one's own answer. 404 for no guide of ours or somebody else's answer."""
    form = FeedbackForm(request.POST)
    if not form.is_valid() or find_guide(form.cleaned_data["guide"]) is None:
        raise Http404
    said = form.cleaned_data
    row = _comment(request, said) if said["row"] else _answer(request, said)
    if request.headers.get("HX-Request"):
        return render(request, "web/help_thanks.html", {"row": row, "thanks": THANKS})
    messages.success(request, THANKS)
    return redirect("help-page", row.guide)


def _answer(request: HttpRequest, said: dict) -> Feedback:
    if not said["helpful"]:
        raise Http404
    return Feedback.objects.create(
        company=request.scope.company if request.scope else None,
        user=request.user,
        guide=said["guide"],
        page=said["page"],
        is_helpful=said["helpful"] == "yes",
        comment=said["comment"],
    )


def _comment(request: HttpRequest, said: dict) -> Feedback:
    row = get_object_or_404(Feedback, pk=said["row"], user=request.user)
    row.comment = said["comment"]
    row.save(update_fields=["comment"])
    return row
