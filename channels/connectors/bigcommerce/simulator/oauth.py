"""The login host: installing an app, exchanging its code, the signed callbacks (vendor reference, section 1.4).

`GET /install/{client_id}` is the consent page; `POST /oauth2/token` takes JSON and form bodies; codes work once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator.errors import json_response
from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.state import PLATFORM, Shop, create_account
from channels.simkit.app import Parts
from channels.simkit.store import Document

CODE_SECONDS = 600
JWT_SECONDS = 86_400
_TOKEN_FIELDS = ("client_id", "client_secret", "code", "scope", "context", "grant_type", "redirect_uri")


def register_app(parts: Parts, values: Mapping[str, Any]) -> Document:
    """An app in the developer portal; the same one, with what is given changed, for a known `client_id`."""
    client_id = str(values.get("client_id") or secrets.token_hex(16)[:31])
    known = find_app(parts, client_id) or {"client_secret": secrets.token_hex(32), "name": "App", "scopes": []}
    names = ("client_secret", "name", "auth_callback", "load_callback", "uninstall_callback", "remove_user_callback")
    given = {name: str(values[name]) for name in names if name in values}
    app: Document = {**known, "id": client_id, "client_id": client_id, **given}
    app["scopes"] = list(values.get("scopes", app["scopes"]))
    parts.documents.put(PLATFORM, "apps", client_id, app)
    return app


def find_app(parts: Parts, client_id: str) -> Document | None:
    """The app or None."""
    return parts.documents.get(PLATFORM, "apps", client_id)


def list_apps(parts: Parts) -> list[Document]:
    """All apps."""
    return parts.documents.find(PLATFORM, "apps")


def installed_apps(shop: Shop) -> list[Document]:
    """The apps of a store: their accounts with `app` beside."""
    where = [("store_hash", "=", shop.hash), ("kind", "=", "app"), ("revoked", "=", 0)]
    accounts = shop.parts.documents.find(PLATFORM, "accounts", where=where)
    return [{**account, "app": find_app(shop.parts, account["client_id"]) or {}} for account in accounts]


def consent(shop: Shop, app: Document) -> str:
    """The merchant consents to all scopes: a one-time code, and the address where the browser goes with it."""
    code = secrets.token_urlsafe(24)
    record = {
        "id": code,
        "client_id": app["client_id"],
        "store_hash": shop.hash,
        "scopes": app["scopes"],
        "created": shop.now,
    }
    shop.parts.documents.put(PLATFORM, "codes", code, record)
    query = {
        "code": code,
        "scope": " ".join(app["scopes"]),
        "context": f"stores/{shop.hash}",
        "account_uuid": _account_uuid(shop),
    }
    return f"{reachable(shop.parts, app['auth_callback'])}?{urlencode(query)}"


def load_address(shop: Shop, app: Document) -> str:
    """Where the browser goes when a user opens the app."""
    signed = urlencode({"signed_payload_jwt": make_jwt(shop, app)})
    return f"{reachable(shop.parts, app['load_callback'])}?{signed}"


def uninstall(shop: Shop, app: Document) -> None:
    """Remove the app: its token and webhooks go, its callback is called from our side."""
    emit(shop, "store/app/uninstalled", {"type": "app", "id": app["client_id"]})
    _drop_tokens(shop, app["client_id"])
    for hook in shop.find("hooks", [("client_id", "=", app["client_id"])]):
        shop.delete("hooks", hook["id"])
    call_back(shop, app, "uninstall_callback")


def call_back(shop: Shop, app: Document, which: str) -> None:
    """Queue a server-to-server GET of the uninstall or remove-user callback with its signed payload."""
    if not app.get(which):
        return
    url = f"{app[which]}?{urlencode({'signed_payload_jwt': make_jwt(shop, app)})}"
    about = {"client_id": app["client_id"]}
    put = shop.parts.hooks.put
    shop.parts.documents.on_commit(lambda: put(store=shop.hash, url=url, label=which, about=about, method="GET"))


def reachable(parts: Parts, url: str) -> str:
    """The address behind a sandbox host name, for the browser of somebody who tries the sandbox."""
    return parts.hooks.resolve(url) or url


def make_jwt(shop: Shop, app: Mapping[str, Any]) -> str:
    """The signed payload of the load, uninstall and remove-user callbacks: HS256 with the client secret."""
    now = int(shop.now)
    person = {"id": 9_000_001, "email": shop.profile["email"]}
    claims = {
        "aud": app["client_id"],
        "iss": "bc",
        "iat": now,
        "nbf": now - 5,
        "exp": now + JWT_SECONDS,
        "jti": str(uuid.uuid4()),
        "sub": f"stores/{shop.hash}",
        "user": {**person, "locale": "en-GB"},
        "owner": person,
        "url": "/",
        "channel_id": None,
    }
    signed = ".".join(_encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    digest = hmac.new(app["client_secret"].encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_encode(digest)}"


def login_host(parts: Parts) -> Blueprint:
    """The blueprint of the token endpoint."""
    login = Blueprint("login", __name__)

    @login.post("/oauth2/token")
    def token() -> Response:
        values = request.get_json(silent=True) if request.is_json else request.form
        return _exchange(parts, values if isinstance(values, Mapping) else {})

    return login


def _exchange(parts: Parts, values: Mapping[str, Any]) -> Response:
    lacking = [name for name in _TOKEN_FIELDS if not values.get(name)]
    if lacking:
        return _refusal(400, "invalid_request", f"missing: {', '.join(lacking)}")
    app = find_app(parts, str(values["client_id"]))
    if app is None or not hmac.compare_digest(app["client_secret"], str(values["client_secret"])):
        return _refusal(401, "invalid_client", "Unknown client or wrong secret.")
    if values["grant_type"] != "authorization_code":
        return _refusal(400, "unsupported_grant_type", "grant_type must be authorization_code.")
    if values["redirect_uri"] != app["auth_callback"]:
        return _refusal(400, "redirect_uri_mismatch", "redirect_uri is not the registered auth callback.")
    code = parts.documents.get(PLATFORM, "codes", str(values["code"]))
    if code is None or not _fits(parts, code, app, values):
        return _refusal(400, "invalid_grant", "The code is unknown, used, too old or another store's.")
    parts.documents.delete(PLATFORM, "codes", code["id"])
    return json_response(_grant(Shop(parts, code["store_hash"]), app, code))


def _fits(parts: Parts, code: Document, app: Document, values: Mapping[str, Any]) -> bool:
    is_fresh = parts.clock.time() - code["created"] <= CODE_SECONDS
    return is_fresh and code["client_id"] == app["client_id"] and values["context"] == f"stores/{code['store_hash']}"


def _grant(shop: Shop, app: Document, code: Document) -> Document:
    """A new token; the one that this app had for the store stops working."""
    _drop_tokens(shop, app["client_id"])
    account = create_account(
        shop.parts,
        shop_hash=shop.hash,
        name=app["name"],
        scopes=code["scopes"],
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        kind="app",
    )
    person = {"id": 9_000_001, "username": shop.profile["email"], "email": shop.profile["email"]}
    return {
        "access_token": account["token"],
        "scope": " ".join(code["scopes"]),
        "user": person,
        "owner": person,
        "context": f"stores/{shop.hash}",
        "account_uuid": _account_uuid(shop),
    }


def _drop_tokens(shop: Shop, client_id: str) -> None:
    where = [("store_hash", "=", shop.hash), ("client_id", "=", client_id), ("kind", "=", "app")]
    for account in shop.parts.documents.find(PLATFORM, "accounts", where=where):
        shop.parts.documents.delete(PLATFORM, "accounts", account["id"])


def _account_uuid(shop: Shop) -> str:
    return f"00000000-0000-4000-8000-{shop.profile['store_id']:012d}"


def _refusal(status: int, error: str, description: str) -> Response:
    return json_response({"error": error, "error_description": description}, status)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
