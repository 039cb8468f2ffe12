"""What the service answers: arrays of write results, error arrays, empty bodies, and the headers of every response.

Vendor reference, section 6. Views return what the builders here make; `Ending` lets any depth of code end the call.
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree  # nosec B405  # it writes only

from flask import Response, request

from channels.connectors.shift4shop.simulator.world import this_world

CREATED, UPDATED, DELETED = "Created successfully", "updated successfully", "deleted successfully"
PAST_THE_END = "Offset amount exceeds the total number of records"
DENIED = {"Message": "Authorization has been denied for this request."}
INVALID_CREDENTIALS = {"Message": "Invalid API credentials"}
GATEWAY_PAGE = (
    "<html><head><title>502 - Web server received an invalid response</title></head>"
    "<body><h1>Server Error</h1></body></html>"
)

_HEADERS = {
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Expires": "-1",
    "X-AspNet-Version": "4.0.30319",
    "Access-Control-Allow-Origin": "*",
}


class Ending(Exception):  # noqa: N818 - not an error of ours: the call ends with this answer
    """Ends the running call with an answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def answer(body: Any, status: int = 200) -> Response:
    """A body as JSON, or as XML when the caller accepts only that."""
    if _wants_xml():
        return with_headers(Response(as_xml(body), status=status, content_type="application/xml; charset=utf-8"))
    return with_headers(Response(as_json(body), status=status, content_type="application/json; charset=utf-8"))


def nothing(status: int) -> Response:
    """An answer without a body."""
    return with_headers(Response(b"", status=status, content_type="application/json; charset=utf-8"))


def with_headers(response: Response) -> Response:
    """Add the headers that every recorded response had."""
    response.headers.update(_HEADERS)
    return response


def written(key: str, value: object, status: int, message: str) -> dict[str, Any]:
    """One entry of a write result, its capitals and the type of `Status` as the switches say."""
    switches = this_world().switches
    return {
        "Key": key,
        "Value": str(value),
        "Status": status if switches.on("status_as_int") else str(status),
        "Message": _in_capitals(message, switches.text("message_capitals")),
    }


def created(key: str, value: object) -> Response:
    """201 with the id of the new record."""
    return answer([written(key, value, 201, CREATED)], 201)


def updated(entries: list[dict[str, Any]]) -> Response:
    """200, or 206 when entries failed (and the switch is on)."""
    bad = [entry for entry in entries if int(entry["Status"]) >= 400]
    if not bad or not this_world().switches.on("partial_206"):
        return answer(entries, 200)
    return answer(entries, 206)


def error(message: str, status: int = 400, *, key: str = "Error", value: object = "") -> Response:
    """The array form of an error."""
    return answer([written(key, value, status, message)], status)


def end(response: Response) -> None:
    """End the running call with this answer. Always raises Ending."""
    raise Ending(response)


def refuse(message: str, status: int = 400, *, key: str = "Error", value: object = "") -> None:
    """End the running call with an error array. Always raises Ending."""
    raise Ending(error(message, status, key=key, value=value))


def no_match() -> Response:
    """A list that matches nothing, in the shape that the switch names."""
    form = this_world().switches.text("empty_list")
    if form == "200_array":
        return answer([])
    return nothing(404) if form == "404_empty" else error("No records found", 404)


def not_found() -> Response:
    """The record that was asked for by id does not exist; for PUT and DELETE the body is documented as empty."""
    if request.method in {"PUT", "DELETE"} or this_world().switches.text("empty_list") != "404_json":
        return nothing(404)
    return error("No records found", 404)


def unreadable(message: str = "The request is invalid.") -> Response:
    """The body is no JSON, or not JSON for this service."""
    return error(message, 400) if this_world().switches.text("bad_json") == "array" else nothing(400)


def as_json(body: Any) -> bytes:
    """Compact UTF-8 JSON with the keys in their order."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def as_xml(body: Any) -> bytes:
    """A plain rendering as XML; the vendor's own element names were never recorded."""
    root = ElementTree.Element("ArrayOfItem" if isinstance(body, list) else "Item")
    _fill(root, body)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _fill(element: ElementTree.Element, value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _fill(ElementTree.SubElement(element, key), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(ElementTree.SubElement(element, "Item"), inner)
    elif value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)


def _wants_xml() -> bool:
    best = request.accept_mimetypes.best_match(["application/json", "text/json", "application/xml", "text/xml"])
    return best is not None and best.endswith("xml")


def _in_capitals(message: str, style: str) -> str:
    first = {"upper": str.upper, "lower": str.lower}.get(style)
    return first(message[:1]) + message[1:] if first else message
