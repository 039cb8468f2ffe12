"""A person's own page: name, time zone, colours, and the way to password, second factor and sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.web.forms import ProfileForm

THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}
_YEAR = 365 * 24 * 3600


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Shows and saves the profile."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile was saved.")
        return redirect("profile")
    theme = request.COOKIES.get("theme", "system")
    return render(request, "web/profile.html", {"form": form, "themes": THEMES, "theme": theme, "help_slug": "profile"})


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keeps the choice of colours in a cookie, for people without scripts."""
    response = redirect("profile")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=_YEAR, samesite="Lax")
    return response
