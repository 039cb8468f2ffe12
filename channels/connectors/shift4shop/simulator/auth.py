"""Who calls: the header trio or an OAuth bearer, permissions, the state of the shop, and the bucket.

Vendor reference, sections 1.3, 1.4, 2.1 and 6.2. The two ways are not interchangeable: an access token in the header
`Token` is refused, and so is a module token as bearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from werkzeug.datastructures import Headers

from channels.connectors.shift4shop.simulator import answers
from channels.connectors.shift4shop.simulator.world import PORTAL, Shop, World, this_world

TOO_MANY = "Too many requests"


@dataclass(frozen=True, slots=True)
class Caller:
    """An app that may talk to a shop, by one of its tokens."""

    shop: Shop
    token: dict[str, Any]

    @property
    def is_revoked(self) -> bool:
        """True when the merchant took the token away."""
        return bool(self.token["revoked"])


def identify(world: World, headers: Headers) -> Caller | None:
    """The caller behind these headers, or None. A bearer alone names shop and app and wins over the trio."""
    authorization = headers.get("Authorization") or ""
    if authorization.lower().startswith("bearer "):
        return _by_token(world, authorization[7:].strip(), kind="oauth")
    caller = _by_token(world, (headers.get("Token") or "").strip(), kind="module")
    shop = world.shop_at(headers.get("SecureURL") or "")
    if caller is None or shop is None or shop.id != caller.shop.id:
        return None
    return caller if headers.get("PrivateKey", "").strip() == world.app()["private_key"] else None


def admit() -> None:
    """Let the running API call in and put its shop into `g.shop`, or end it with the vendor's refusal."""
    world = this_world()
    caller = identify(world, request.headers)
    if caller is None:
        answers.end(answers.answer(answers.DENIED, 401))
        return
    _check_shop(caller.shop)
    if caller.is_revoked:
        status = int(world.switches.number("revoked_status"))
        answers.end(answers.answer(answers.INVALID_CREDENTIALS if status == 403 else answers.DENIED, status))
    if not world.buckets.pour(world.app()["public_key"], caller.shop.id):
        answers.end(too_many(world))
    _check_permission(caller)
    g.shop = caller.shop


def too_many(world: World, *, bare: bool = False) -> Response:
    """The refusal of a call too many; nothing is recorded of it, so its parts are switches."""
    has_body = world.switches.on("rate_limit_body") and not bare
    response = answers.error(TOO_MANY, 429) if has_body else answers.nothing(429)
    if world.switches.on("rate_limit_retry_after") and not bare:
        response.headers["Retry-After"] = str(world.buckets.retry_after())
    return response


def gateway_page(status: int) -> Response:
    """The HTML page of a server in front of the service."""
    return Response(answers.GATEWAY_PAGE, status=status, content_type="text/html")


def _by_token(world: World, token: str, *, kind: str) -> Caller | None:
    document = world.documents.get(PORTAL, "tokens", token) if token else None
    if document is None or document["kind"] != kind:
        return None
    shop = world.shop(document["shop"])
    return Caller(shop, document) if shop else None


def _check_shop(shop: Shop) -> None:
    down = shop.document["down"]
    if down == "503":
        answers.end(answers.nothing(503))
    if down == "html":
        answers.end(gateway_page(502))
    if down == "suspended":
        answers.refuse("The store is not active", 403)


def _check_permission(caller: Caller) -> None:
    area = request.path.split("/")[3] if request.path.count("/") >= 3 else ""
    needed = f"{area}:{'read' if request.method == 'GET' else 'write'}".lower()
    if needed in {permission.lower() for permission in caller.token["granted"]}:
        return
    form = caller.shop.switches.text("scope_refusal")
    message = f"The application has no permission for {needed.replace(':', ' (')})"
    refusals = {
        "403_message": lambda: answers.answer(answers.DENIED, 403),
        "401_message": lambda: answers.answer(answers.DENIED, 401),
        "404_empty": lambda: answers.nothing(404),
    }
    answers.end(refusals.get(form, lambda: answers.error(message, 403))())
