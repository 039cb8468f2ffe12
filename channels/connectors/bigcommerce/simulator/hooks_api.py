"""`/v3/hooks`: registration with its limits, visible to the API account that made them (section 6.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import g

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.fields import find_errors
from channels.connectors.bigcommerce.simulator.filters import Filter, boolean, read_filters
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.paging import page_v3
from channels.connectors.bigcommerce.simulator.shapes import HOOK_SHAPE
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document, shown

PER_SCOPE = 10
MAX_HEADERS, MAX_HEADER_NAME, MAX_HEADER_VALUE = 64, 64, 8192
SILENT_DAYS = 90
_SCOPE = re.compile(
    r"^store/(order|product|sku|shipment|category|customer|cart|channel|inventory|priceList|information|app|"
    r"subscriber|script|metafield)/[A-Za-z0-9_/*-]+$"
)
_FILTERS = {
    "scope": Filter("scope"),
    "destination": Filter("destination"),
    "is_active": Filter("is_active", "=", boolean),
}


def list_hooks(shop: Shop) -> Any:
    """The account's own hooks."""
    _switch_off_silent(shop)
    where = [*_own(), *read_filters(shop, _FILTERS)]
    return page_v3(shop, "hooks", render=lambda found: [shown(hook) for hook in found], where=where)


def get_hook(shop: Shop, hook_id: int) -> Any:
    """One hook."""
    return _envelope(shop, _the_hook(shop, hook_id))


def post_hook(shop: Shop) -> Any:
    """Register: one per scope and destination, ten per scope."""
    values = body()
    _check(values, required=True)
    siblings = shop.find("hooks", [*_own(), ("scope", "=", values["scope"])])
    if values["destination"] in {hook["destination"] for hook in siblings}:
        status = int(shop.parts.switches.text("hook_duplicate_status"))
        sentence = "A webhook with this scope and destination exists already."
        raise errors.v3(status, sentence, {"destination": sentence})
    if len(siblings) >= PER_SCOPE:
        raise errors.v3(422, f"The limit of {PER_SCOPE} webhooks for this scope is reached.")
    moment = int(shop.now)
    hook = {
        "client_id": g.account["client_id"],
        "store_hash": shop.hash,
        "scope": values["scope"],
        "destination": values["destination"],
        "headers": values.get("headers"),
        "is_active": bool(values.get("is_active", True)),
        "created_at": moment,
        "updated_at": moment,
        "_last_event": shop.now,
    }
    return _envelope(shop, shop.add("hooks", hook))


def put_hook(shop: Shop, hook_id: int) -> Any:
    """Change at least one field; activating starts anew, missed events are not sent."""
    hook, values = _the_hook(shop, hook_id), body()
    if not values:
        raise errors.v3(422, "JSON data is missing or invalid")
    _check(values, required=False)
    allowed = {key: values[key] for key in ("scope", "destination", "is_active", "headers") if key in values}
    hook = {**hook, **allowed, "updated_at": int(shop.now), "_last_event": shop.now}
    if allowed.get("is_active"):
        hook.pop("_deactivated", None)
    shop.put("hooks", hook)
    return _envelope(shop, hook)


def delete_hook(shop: Shop, hook_id: int) -> Any:
    """Remove; answers the removed hook."""
    hook = _the_hook(shop, hook_id)
    shop.delete("hooks", hook_id)
    return _envelope(shop, hook)


def get_admin(shop: Shop) -> Any:
    """Hooks with their state, and the e-mails told about deactivation."""
    hooks = [{**shown(hook), "status": _status(hook)} for hook in shop.find("hooks", _own())]
    return {"hooks_list": hooks, "emails": shop.profile.get("hook_emails", []), "blocked_domains": []}


def put_admin(shop: Shop) -> Any:
    """Set the e-mails."""
    shop.change_profile(hook_emails=list(body().get("emails", [])))
    return None, 204


def _status(hook: Document) -> str:
    if hook["is_active"]:
        return "active"
    return "deactivated" if hook.get("_deactivated") else "inactive"


def _switch_off_silent(shop: Shop) -> None:
    limit = shop.now - shop.parts.clock.scaled(SILENT_DAYS * 86_400)
    for hook in shop.find("hooks", [*_own(), ("is_active", "=", 1), ("_last_event", "<", limit)]):
        shop.put("hooks", {**hook, "is_active": False, "_deactivated": True})


def _own() -> list[tuple[str, str, Any]]:
    return [("client_id", "=", g.account["client_id"])]


def _the_hook(shop: Shop, hook_id: int) -> Document:
    hook = shop.get("hooks", hook_id)
    if hook is None or hook["client_id"] != g.account["client_id"]:
        raise errors.v3(404, f"Webhook with id [{hook_id}] not found")
    return hook


def _envelope(shop: Shop, hook: Document) -> Any:
    return {"data": shown(hook), "meta": {}} if shop.on("hook_envelope") else shown(hook)


def _check(values: Mapping[str, Any], *, required: bool) -> None:
    found = find_errors(values, HOOK_SHAPE)
    if (required or "scope" in values) and not _SCOPE.match(str(values.get("scope", ""))):
        found["scope"] = "Please provide a valid scope."
    if (required or "destination" in values) and not _is_address(str(values.get("destination", ""))):
        found["destination"] = "Destination must be an https URL on port 443."
    if not _are_headers(values.get("headers")):
        found["headers"] = "headers must be an object of texts within the limits."
    if found:
        raise errors.invalid(found)


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname) and parts.netloc.partition(":")[2] in {"", "443"}


def _are_headers(headers: Any) -> bool:
    if headers is None:
        return True
    if not isinstance(headers, dict) or len(headers) > MAX_HEADERS:
        return False
    return all(
        isinstance(value, str) and len(value) <= MAX_HEADER_VALUE and len(name.encode()) <= MAX_HEADER_NAME
        for name, value in headers.items()
    )


ROUTES = (
    Route("GET", "/v3/hooks", list_hooks),
    Route("POST", "/v3/hooks", post_hook),
    Route("GET", "/v3/hooks/admin", get_admin),
    Route("PUT", "/v3/hooks/admin", put_admin),
    Route("GET", "/v3/hooks/<int:hook_id>", get_hook),
    Route("PUT", "/v3/hooks/<int:hook_id>", put_hook),
    Route("DELETE", "/v3/hooks/<int:hook_id>", delete_hook),
)
