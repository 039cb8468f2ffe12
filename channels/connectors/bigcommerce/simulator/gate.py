"""Every API call passes here, in BigCommerce's order: route and method, token, store, scope, rate, store down, body.

(Vendor reference, sections 1.5 and 10.) A module lists its calls in a `ROUTES` table; a view takes the `Shop` and
the ids of the path and returns something for JSON, a pair with a status, or a response.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, g, request
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.rates import RateLimits
from channels.connectors.bigcommerce.simulator.state import Shop, find_account
from channels.simkit.app import Parts
from channels.simkit.store import Document

_STORE_PATH = re.compile(r"^/stores/([^/]+)/v[23](/|$)")
_SCOPES = {
    "products": "store_v2_products",
    "orders": "store_v2_orders",
    "transactions": "store_v2_transactions",
    "inventory": "store_inventory",
    "locations": "store_locations",
    "information": "store_v2_information",
}
_DOWN_HTML = "<html><head><title>Down for maintenance</title></head><body><h1>We'll be back soon</h1></body></html>"
STALL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Route:
    """One call: method, path below the store, view, and the area whose scope it needs (None: the default scope)."""

    method: str
    path: str
    view: Callable[..., Any]
    area: str | None = None


def store_of(environ: WSGIEnvironment) -> str | None:
    """The store hash of an API path; None for pages, login host and state door."""
    match = _STORE_PATH.match(environ["PATH_INFO"])
    return match.group(1) if match else None


def register(app: Flask, routes: Iterable[Route], *, parts: Parts, rates: RateLimits) -> None:
    """Add the calls to the application, with the checks before them and the rate headers behind them."""
    for route in routes:
        app.add_url_rule(
            f"/stores/<hash>{route.path}",
            endpoint=f"{route.method} {route.path}",
            view_func=_guarded(route, parts, rates),
            methods=[route.method],
            provide_automatic_options=False,
        )

    @app.errorhandler(404)
    @app.errorhandler(405)
    def no_route(error: Any) -> Any:
        if store_of(request.environ) is None:
            return error
        return _route_error(parts, unknown_method=error.code == 405)

    @app.after_request
    def add_headers(response: Any) -> Any:
        hash = store_of(request.environ)
        if hash is not None and not g.get("refused_for_rate"):
            shop = Shop(parts, hash)
            response.headers.update(rates.headers(shop) if shop.exists else {})
        return response


def body(kind: type | tuple[type, ...] = dict) -> Any:
    """The JSON body; 415 for a body of another type, 400 when there is none, or one that cannot be read."""
    if request.get_data() and not request.is_json:
        raise _either(415, "The request's Content-Type is not supported.")
    value = request.get_json(silent=True) if request.is_json else None
    if not isinstance(value, kind):
        raise _either(400, "Input is invalid.")
    return value


def fault_response(parts: Parts, rates: RateLimits) -> Callable[[str, WSGIEnvironment], Response]:
    """What the vendor answers for a fault that the wire layer plays."""

    def answer(name: str, environ: WSGIEnvironment) -> Response:
        shop = Shop(parts, store_of(environ) or "")
        if name == "rate_limited":
            response = errors.v3_response(429, "Too many requests")
            response.headers.update({**rates.headers(shop), **rates.refusal_headers(shop)})
            return response
        if name == "rate_limited_bare":
            return errors.v3_response(429, "Too many requests")
        if name == "unavailable":
            return errors.v3_response(503, "Service Unavailable")
        response = errors.v3_response(500, "Internal Server Error")
        response.headers.update(rates.headers(shop))
        return response

    return answer


def stall_seconds(parts: Parts) -> Callable[[WSGIEnvironment], float]:
    """How long a store that is down in `timeout` mode keeps its callers."""

    def seconds(environ: WSGIEnvironment) -> float:
        profile = Shop(parts, store_of(environ) or "").profile
        return STALL_SECONDS if profile.get("down") == "timeout" else 0.0

    return seconds


def _guarded(route: Route, parts: Parts, rates: RateLimits) -> Callable[..., Any]:
    def view(hash: str, **ids: Any) -> Response:
        shop = Shop(parts, hash)
        account = _check_token(parts, route)
        _check_store(shop, account)
        _check_scope(shop, account, route)
        _check_rate(shop, rates)
        _check_up(shop)
        _check_accept()
        g.account = account
        return _response(route.view(shop, **ids))

    return view


def _check_token(parts: Parts, route: Route) -> Document:
    token = request.headers.get("X-Auth-Token")
    if token is None:
        raise errors.text(401, "X-Auth-Token header is required")
    if not token.strip():
        raise errors.text(401, "X-Auth-Token header should have correct format")
    account = find_account(parts, token)
    if account is None:
        raise errors.v3(401, errors.HOOK_401 if route.path.startswith("/v3/hooks") else "Unauthorized")
    return account


def _check_store(shop: Shop, account: Document) -> None:
    if account["store_hash"] != shop.hash or not shop.exists:
        says = "The store does not exist or the token is not its own." if shop.on("wrong_store_says_so") else None
        raise errors.v3(403, says or errors.SCOPE_TITLE)


def _check_scope(shop: Shop, account: Document, route: Route) -> None:
    if route.area is None:
        return
    scope = _SCOPES[route.area]
    granted = set(account["scopes"])
    enough = {scope, f"{scope}_read_only"} if route.method == "GET" else {scope}
    if granted & enough:
        return
    if route.path.startswith("/v2/") and shop.on("v2_scope_error_old"):
        raise errors.ApiError(errors.json_response({"error": errors.SCOPE_OLD}, 403))
    raise errors.v3(403, errors.SCOPE_TITLE)


def _check_rate(shop: Shop, rates: RateLimits) -> None:
    if rates.spend(shop):
        return
    g.refused_for_rate = True
    response = errors.v3_response(429, "Too many requests")
    response.headers.update(rates.refusal_headers(shop))
    raise errors.ApiError(response)


def _check_up(shop: Shop) -> None:
    down = shop.profile.get("down", "up")
    if down == "503":
        raise errors.v3(503, "Service Unavailable")
    if down == "suspended":
        raise errors.v3(503, "This store is suspended.")
    if down == "html":
        raise errors.ApiError(Response(_DOWN_HTML, status=503, mimetype="text/html"))


def _check_accept() -> None:
    if request.accept_mimetypes and not request.accept_mimetypes["application/json"]:
        raise _either(406, "The Accept header asks for a type that is not supported.")


def _route_error(parts: Parts, *, unknown_method: bool) -> Response:
    if request.method == "PATCH":
        return errors.v3_response(501, "Not implemented")
    if unknown_method and parts.switches.on("method_unknown_405"):
        more = {"status": 405, "title": "Method not allowed", "type": errors.TYPE, "detail": request.method}
        return errors.json_response(more, 405)
    return Response(errors.ROUTE_TEXT, status=404, mimetype="text/plain")


def _either(status: int, sentence: str) -> errors.ApiError:
    """An error in the family of the path called."""
    return errors.v2(status, sentence) if "/v2/" in request.path else errors.v3(status, sentence)


def _response(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    value, status = answer if isinstance(answer, tuple) else (answer, 200)
    return Response(status=status) if value is None else errors.json_response(value, status)
