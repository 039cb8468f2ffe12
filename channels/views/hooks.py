"""The door for webhooks: verify, store, answer. The unguessable key in the path names the integration."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels import inbox
from channels.credentials import NoCredentials
from channels.errors import UnexpectedPayload
from channels.models import Integration

LARGEST_BODY = 5 * 1024 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Answer 200 once the webhook is stored; 404 for an unknown address, 401 for a wrong signature, 400 for what cannot be read."""
    integration = Integration.objects.filter(kind=kind, hook_key=key, removed_at=None).first()
    if integration is None:
        return JsonResponse({"detail": "Unknown address."}, status=404)
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        return JsonResponse({"detail": "Too large."}, status=413)
    try:
        new = inbox.receive(integration, body=request.body, headers=request.headers)
    except (inbox.Unproven, NoCredentials):
        return JsonResponse({"detail": "The signature does not fit."}, status=401)
    except UnexpectedPayload as error:
        return JsonResponse({"detail": error.message}, status=400)
    return JsonResponse({"kept": new})
