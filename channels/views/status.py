"""What machines ask of us: is the web up, does everything work, and the figures for Prometheus."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from channels import metrics, ready


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
