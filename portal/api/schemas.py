"""What the schema says of every endpoint alike: how refusals look."""

from __future__ import annotations

from typing import Any

_REFUSALS = {
    "400": "What was sent is not right; “field” and “errors” say where.",
    "401": "No key, an unknown key or a revoked one.",
    "403": "The key’s scopes or the person’s role do not allow it.",
    "404": "No such record in your company.",
    "409": "The record’s state does not allow it.",
    "429": "Too many calls; “Retry-After” says when to go on.",
}


def add_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook: give every operation its refusals."""
    result["components"].setdefault("schemas", {})["Error"] = {
        "type": "object",
        "required": ["code", "detail", "field"],
        "properties": {
            "code": {"type": "string", "description": "Stable, for programs."},
            "detail": {"type": "string", "description": "A sentence for people: what happened and what to do."},
            "field": {"type": "string", "description": "The input at fault, or empty."},
            "errors": {"type": "object", "additionalProperties": {}, "description": "Every input at fault."},
        },
    }
    for path in result["paths"].values():
        for operation in path.values():
            _add_to(operation)
    return result


def _add_to(operation: dict[str, Any]) -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for status, description in _REFUSALS.items():
        operation["responses"].setdefault(status, {"description": description, "content": content})
