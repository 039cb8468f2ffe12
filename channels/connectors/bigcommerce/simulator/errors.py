"""The error families of BigCommerce: V3 objects, V2 arrays, plain text (vendor reference, section 1.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.wrappers import Response

TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"
SCOPE_TITLE = "You don't have a required scope to access the endpoint"
SCOPE_OLD = "You are authorized but your scope does not include this resource."
ROUTE_TEXT = "The route is not found, check the URL"
HOOK_401 = "Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store."


class ApiError(Exception):
    """Ends a request with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def json_response(body: Any, status: int = 200) -> Response:
    """A JSON answer; an amount never gets more digits than a float shows."""
    return Response(json.dumps(body), status=status, mimetype="application/json")


def v3_response(status: int, title: str, errors: Mapping[str, Any] | None = None, **more: Any) -> Response:
    """The V3 object."""
    return json_response({"status": status, "title": title, "type": TYPE, "errors": dict(errors or {}), **more}, status)


def v3(status: int, title: str, errors: Mapping[str, Any] | None = None, **more: Any) -> ApiError:
    """A V3 error to raise."""
    return ApiError(v3_response(status, title, errors, **more))


def v2_response(status: int, message: str, details: Mapping[str, Any] | None = None) -> Response:
    """The V2 array."""
    error: dict[str, Any] = {"status": status, "message": message}
    if details:
        error["details"] = dict(details)
    return json_response([error], status)


def v2(status: int, message: str, details: Mapping[str, Any] | None = None) -> ApiError:
    """A V2 error to raise."""
    return ApiError(v2_response(status, message, details))


def text(status: int, sentence: str) -> ApiError:
    """A plain-text error to raise."""
    return ApiError(Response(sentence, status=status, mimetype="text/plain"))


def missing(errors: Mapping[str, str]) -> ApiError:
    """422 for required fields that are not there."""
    return v3(422, "Missing Required Fields", errors)


def invalid(errors: Mapping[str, str]) -> ApiError:
    """422 for fields with wrong values."""
    return v3(422, "JSON data is missing or invalid", errors)


def duplicate(field: str) -> ApiError:
    """409 for a name or SKU that another product has."""
    sentence = f"The product {field} is a duplicate"
    return v3(409, sentence, {field: sentence})


def too_large(allowed: int) -> ApiError:
    """413 for a batch array that is too long."""
    return v3(413, f"The request payload is too large. The maximum items allowed in the array is {allowed}.")


def not_found(path: str) -> ApiError:
    """404 for an object, in the family of the path."""
    sentence = "The requested resource was not found."
    return v2(404, sentence) if "/v2/" in path else v3(404, sentence)


def register(app: Flask) -> None:
    """Turn raised errors into their responses."""

    @app.errorhandler(ApiError)
    def answer(error: ApiError) -> Response:
        return error.response
