"""What is asked of us: machines whether the web is up and everything works, Prometheus the figures, people how each function is."""

from __future__ import annotations

import hmac
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from channels import metrics, ready, status_history
from channels.models import Level
from portal.lib import clock
from portal.ui.looks import FINE, SLOW, Look

# Anybody may ask as often as they like; the page is made anew so often at most.
STATUS_SECONDS = 10
LOOKS = {
    Level.OK: FINE.named("Works"),
    Level.SLOW: SLOW.named("Behind"),
    Level.STOPPED: Look("circle-x", "bad", "Stopped"),
}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while this web process answers and reaches its database, else 503: what decides whether to restart it."""
    return _answer(ready.web_parts())


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 while the job clusters and the dispatcher work too, else 503 with the part that is late."""
    return _answer(ready.all_parts())


def _answer(parts: list[ready.Part]) -> JsonResponse:
    is_well = all(part.is_well for part in parts)
    body = {"status": "ok" if is_well else "late", "parts": {part.name: part.fault or "ok" for part in parts}}
    return JsonResponse(body, status=200 if is_well else 503)


@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """The gauges, for whoever has the token of the setting METRICS_TOKEN; without that setting there is no such page."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    return HttpResponse(generate_latest(metrics.registry()), content_type=CONTENT_TYPE_LATEST)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """How each function is now and was on the last thirty days: for anybody, without any company's data."""
    # What the cache gives back is what the function gave it.
    shown = cast(list[status_history.Shown], cache.get_or_set("public-status", status_history.shown, STATUS_SECONDS))
    worst = max((list(Level).index(one.reading.level) for one in shown), default=0)
    rows = [(one, LOOKS[one.reading.level]) for one in shown]
    context = {"rows": rows, "worst": list(Level)[worst], "days": status_history.DAYS, "now": clock.now()}
    answer = render(request, "channels/status.html", context)
    answer["Cache-Control"] = f"public, max-age={STATUS_SECONDS}"
    return answer
