"""The OAuth code flow: the page where a merchant permits an app, and the exchange of the code (section 1.4)."""

from __future__ import annotations

import secrets
import zlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from channels.connectors.shift4shop.simulator import framing
from channels.connectors.shift4shop.simulator.world import PORTAL, Shop, World, this_world

Answer = Response | BaseResponse | str | tuple[str, int]

routes = Blueprint("oauth", __name__)


def mount(app: Flask) -> None:
    """Put the flow on the application."""
    app.register_blueprint(routes)


@routes.get("/oauth/authorize")
def ask() -> Answer:
    """Ask for the shop, then ask its merchant: Cancel or Authorize."""
    world = this_world()
    complaint = _complaint(world)
    if complaint:
        return render_template("oauth_error.html", complaint=complaint), 400
    shop = world.shop_at(request.args.get("store_url", ""))
    if shop is None:
        return render_template("oauth_shop.html", app=world.app(), query=request.args)
    framing.allow_forms_to(_origin(request.args["redirect_uri"]))
    return Response(
        render_template(
            "oauth_consent.html", app=world.app(), shop=shop, query=request.args, areas=permission_rows(world)
        )
    )


@routes.post("/oauth/authorize")
def decide() -> Answer:
    """Send the browser back to the app with a code, or with the refusal."""
    framing.check_origin()
    world = this_world()
    complaint = _complaint(world)
    shop = world.shop_at(request.values.get("store_url", ""))
    if complaint or shop is None:
        return render_template("oauth_error.html", complaint=complaint or "There is no such shop."), 400
    if request.form.get("decision") != "authorize":
        return _back({"error": "access_denied"})
    return _back({"code": _new_code(world, shop)})


@routes.post("/oauth/token")
def exchange() -> Response:
    """Give an access token for a code, once."""
    world = this_world()
    fields = _fields(world)
    app = world.app()
    if fields.get("grant_type") != "authorization_code":
        return _failure("unsupported_grant_type")
    if fields.get("client_id") != app["public_key"] or fields.get("client_secret") != app["private_key"]:
        return _failure("invalid_client")
    code = world.documents.get(PORTAL, "codes", fields.get("code", "")) or {}
    shop = world.shop(code.get("shop", ""))
    if shop is None or code["used"] or code["expires"] < world.parts.clock.time():
        return _failure("invalid_grant")
    world.documents.put(PORTAL, "codes", code["code"], {**code, "used": True})
    token = world.issue_token(shop, kind="oauth")
    user_id = 1000 + zlib.crc32(shop.id.encode()) % 9000
    return jsonify(access_token=token, user_id=user_id, token_type=world.switches.text("token_type"))


def permission_rows(world: World) -> list[dict[str, Any]]:
    """What the app asks for, as rows for the page."""
    rows = world.app()["permissions"].items()
    return [{"name": area, "actions": actions} for area, actions in rows if actions]


def redirect_uris(app: dict[str, Any]) -> list[str]:
    """The addresses that the app may be sent back to; several are separated by commas."""
    return [address.strip() for address in app["redirect_uri"].split(",") if address.strip()]


def _complaint(world: World) -> str:
    values, app = request.values, world.app()
    checks = (
        (values.get("client_id") != app["public_key"], "There is no app with this client_id."),
        (values.get("response_type", "code") != "code", "response_type must be code."),
        (
            values.get("redirect_uri", "") not in redirect_uris(app),
            "The redirect_uri is not the one that the app registered at the developer portal.",
        ),
    )
    return next((sentence for is_wrong, sentence in checks if is_wrong), "")


def _new_code(world: World, shop: Shop) -> str:
    code = secrets.token_urlsafe(24)
    lifetime = world.parts.clock.scaled(world.switches.number("code_lifetime_seconds"))
    document = {"code": code, "shop": shop.id, "used": False, "expires": world.parts.clock.time() + lifetime}
    world.documents.put(PORTAL, "codes", code, document)
    return code


def _back(fields: dict[str, str]) -> BaseResponse:
    if not this_world().switches.on("oauth_loses_state"):
        fields["state"] = request.values.get("state", "")
    address = request.values["redirect_uri"]
    joint = "&" if urlsplit(address).query else "?"
    return redirect(f"{address}{joint}{urlencode(fields)}", code=303)


def _fields(world: World) -> dict[str, str]:
    query = request.args.items() if world.switches.on("token_query_string") else []
    fields = {name.lower(): value for name, value in [*query, *request.form.items()]}
    if request.authorization and request.authorization.type == "basic":
        fields.setdefault("client_id", request.authorization.username or "")
        fields.setdefault("client_secret", request.authorization.password or "")
    return fields


def _failure(word: str) -> Response:
    response = jsonify(error=word)
    response.status_code = 400
    return response


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
