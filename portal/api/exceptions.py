"""Every refusal in one shape: ``{"code", "detail", "field"}``, with ``errors`` beside it when several fields are wrong. No trace reaches a caller."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.signals import got_request_exception
from django.db import connection
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from portal.lib.errors import Conflict, DomainError, InvalidMove, NotAllowed

logger = logging.getLogger(__name__)

# The first class that fits decides; anything else in the family is a 400.
STATUS_OF: tuple[tuple[type[DomainError], int], ...] = ((NotAllowed, 403), (InvalidMove, 409), (Conflict, 409))
_SENTENCES: dict[type[Exception], tuple[str, str]] = {
    Http404: ("not_found", "There is no such record in your company."),
    exceptions.NotFound: ("not_found", ""),
    exceptions.NotAuthenticated: (
        "not_authenticated",
        "Send an API key as “Authorization: Bearer tl_…”. You make one under Settings › API keys.",
    ),
}


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler."""
    if isinstance(error, DomainError):
        set_rollback()
        return Response(_body(error.code, error.sentence, error.field), status=_status_of(error))
    answer = exception_handler(error, context)
    if answer is None:
        return _broken(error, context)
    answer.data = _reshape(error, answer.data)
    return answer


def _status_of(error: DomainError) -> int:
    return next((status for kind, status in STATUS_OF if isinstance(error, kind)), 400)


def _reshape(error: Exception, data: Any) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return _invalid(data)
    code, sentence = next((said for kind, said in _SENTENCES.items() if isinstance(error, kind)), ("", ""))
    if isinstance(error, DjangoPermissionDenied):
        return _body("permission_denied", str(error) or "You may not do that.")
    detail = sentence or str(getattr(error, "detail", error))
    return _body(code or getattr(error, "default_code", "invalid"), detail)


def _invalid(data: Any) -> dict[str, Any]:
    errors = {"": data} if isinstance(data, list) else dict(data)
    field, sentence = _first(errors)
    body = _body("invalid", sentence, "" if field == "non_field_errors" else field)
    return {**body, "errors": errors}


def _first(errors: Any, path: str = "") -> tuple[str, str]:
    """Where the first sentence of nested errors is, and what it says."""
    if isinstance(errors, dict) and errors:
        key, value = next(iter(errors.items()))
        return _first(value, f"{path}.{key}" if path and key else str(key or path))
    if isinstance(errors, list) and errors:
        position = next((i for i, item in enumerate(errors) if item), 0)
        deeper = f"{path}.{position}" if isinstance(errors[position], dict) else path
        return _first(errors[position], deeper)
    return path, str(errors)


def _broken(error: Exception, context: dict[str, Any]) -> Response:
    # Tests and error trackers listen to this signal, as they would had the error gone on to Django.
    got_request_exception.send(sender=None, request=context["request"]._request)
    if connection.in_atomic_block:
        connection.set_rollback(True)
    logger.error("API call failed", exc_info=error, extra={"data": {"path": context["request"].path}})
    return Response(_body("broken", "Something broke on our side and we have been told. Try again later."), status=500)


def _body(code: str, detail: str, field: str = "") -> dict[str, str]:
    return {"code": code, "detail": detail, "field": field}
