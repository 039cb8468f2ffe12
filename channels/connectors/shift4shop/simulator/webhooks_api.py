"""/Webhooks and /Webhooks/Events (section 5)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, g

from channels.connectors.shift4shop.simulator import answers, events, lists, payloads, shapes
from channels.connectors.shift4shop.simulator.shapes import Record

DEFAULT, GREATEST = 10, 500

routes = Blueprint("webhooks", __name__)


@routes.get("/webhooks/events")
def list_events() -> Response:
    """The events by number; ten unless a limit is given."""
    rows: list[Record] = [
        {"EventType": number, "EventName": name} for number, name in events.event_numbers(g.shop).items()
    ]
    wanted = lists.arguments().get("name", "").lower()
    return lists.list_rows([row for row in rows if wanted in row["EventName"].lower()], default=DEFAULT)


@routes.get("/webhooks")
def list_webhooks() -> Response:
    """The webhooks of the shop."""
    return lists.list_collection("webhooks", filters={}, default=DEFAULT, greatest=GREATEST)


@routes.post("/webhooks")
def post_webhook() -> Response:
    """Register one webhook for one event."""
    values = _cleaned(payloads.read_object())
    number = g.shop.next_number("webhooks")
    now = g.shop.now()
    defaults = {"Format": "JSON", "Enabled": True}
    own = {"Id": number, "DateCreated": now, "DateUpdated": now}
    hook = shapes.arranged(shapes.WEBHOOK, {**defaults, **values, **own})
    complaint = _complaint(hook)
    if complaint:
        return answers.error(complaint, key="Id")
    g.shop.put("webhooks", number, hook)
    return answers.created("Id", number)


@routes.get("/webhooks/<int:hook_id>")
def get_webhook(hook_id: int) -> Response:
    """One webhook, in an array."""
    return answers.answer([_hook_or_end(hook_id)])


@routes.put("/webhooks/<int:hook_id>")
def put_webhook(hook_id: int) -> Response:
    """Change name, address, format or state; the event cannot be changed."""
    hook = _hook_or_end(hook_id)
    values = _cleaned(payloads.read_object())
    values.pop("EventType", None)
    changed = hook | values | {"DateUpdated": g.shop.now()}
    complaint = _complaint(changed)
    if complaint:
        return answers.error(complaint, key="Id", value=hook_id)
    g.shop.put("webhooks", hook_id, changed)
    return answers.updated([answers.written("Id", hook_id, 200, answers.UPDATED)])


@routes.delete("/webhooks/<int:hook_id>")
def delete_webhook(hook_id: int) -> Response:
    """Remove one webhook."""
    _hook_or_end(hook_id)
    g.shop.delete("webhooks", hook_id)
    return answers.answer([answers.written("Id", hook_id, 200, answers.DELETED)])


def _hook_or_end(hook_id: int) -> Record:
    hook = g.shop.get("webhooks", hook_id)
    if hook is None:
        answers.end(answers.not_found())
    return hook


def _cleaned(body: Record) -> Record:
    try:
        values = payloads.clean(g.shop, shapes.WEBHOOK, body)
    except shapes.Unfit as error:
        answers.refuse(str(error), key="Id")
        raise
    for name in ("Id", "DateCreated", "DateUpdated"):
        values.pop(name, None)
    return values


def _complaint(hook: Record) -> str:
    address = urlsplit(hook["Url"])
    checks = (
        (not hook["Name"], "Name is required"),
        (address.scheme not in {"http", "https"} or not address.hostname, "Url is not valid"),
        (hook["EventType"] not in events.event_numbers(g.shop), "EventType is not valid"),
        (hook["Format"].upper() not in {"JSON", "XML"}, "Format is not valid"),
    )
    return next((sentence for is_wrong, sentence in checks if is_wrong), "")
