"""Every refusal has one shape and no trace."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from portal.api.exceptions import handle
from portal.lib.errors import Conflict, DomainError, InvalidMove, NotAllowed


def refuse(error):
    """What the API answers when a view raises ``error``."""
    try:
        raise error
    except type(error) as raised:
        answer = handle(raised, {"request": Request(APIRequestFactory().get("/api/v1/x/")), "view": None})
    return answer.status_code, answer.data


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DomainError("No."), 400, "invalid"),
        (InvalidMove("No."), 409, "invalid_move"),
        (NotAllowed("No."), 403, "not_allowed"),
        (Conflict("No."), 409, "conflict"),
        (Http404(), 404, "not_found"),
        (PermissionDenied("No."), 403, "permission_denied"),
        (exceptions.ParseError(), 400, "parse_error"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
    ],
)
def test_each_kind_of_refusal_has_its_status_and_code(db, error, status, code):
    answered, body = refuse(error)
    assert (answered, body["code"]) == (status, code)
    assert set(body) == {"code", "detail", "field"}
    assert body["detail"]


def test_a_rule_names_the_field_at_fault(db):
    assert refuse(DomainError("Too many.", field="quantity"))[1]["field"] == "quantity"


def test_nested_input_errors_name_the_first_place_and_keep_the_rest(db):
    errors = {"lines": [{}, {"quantity": ["Must be above 0."]}], "carrier": ["Required."]}
    _, body = refuse(exceptions.ValidationError(errors))
    assert (body["field"], body["detail"]) == ("lines.1.quantity", "Must be above 0.")
    assert "carrier" in body["errors"]


def test_a_broken_call_answers_without_a_trace(db):
    status, body = refuse(RuntimeError("secret detail in line 42"))
    assert (status, body["code"]) == (500, "broken")
    assert "secret" not in str(body)
