"""The merchant API under both versions, from one state: admission, framework errors, and what is not simulated."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from channels.connectors.shift4shop.simulator import (
    answers,
    auth,
    customers_api,
    order_parts_api,
    orders_api,
    products_api,
    settings_api,
    webhooks_api,
)

ROOT = "/3dcartwebapi"
VERSIONS = ("v1", "v2")
NOT_SIMULATED = [
    "admins",
    "cart",
    "categories",
    "crm",
    "customergroups",
    "distributors",
    "frontendscripts",
    "giftregistries",
    "manufacturers",
    "paymenttokens",
    "rma",
]
_MODULES = (products_api, orders_api, order_parts_api, customers_api, settings_api, webhooks_api)


def mount(app: Flask) -> None:
    """Put the API on the application."""
    for version in VERSIONS:
        api = Blueprint(f"api_{version}", __name__)
        api.before_request(auth.admit)
        for module in _MODULES:
            api.register_blueprint(module.routes)
        _add_unsimulated(api)
        app.register_blueprint(api, url_prefix=f"{ROOT}/{version}")
    app.register_error_handler(answers.Ending, _ended)
    app.register_error_handler(NotFound, _unknown_path)
    app.register_error_handler(MethodNotAllowed, _unknown_method)


def is_api(path: str) -> bool:
    """True for a path of the merchant API, in any case."""
    return path.lower().startswith(f"{ROOT}/")


def _add_unsimulated(api: Blueprint) -> None:
    methods = ["GET", "POST", "PUT", "DELETE"]
    for name in NOT_SIMULATED:
        api.add_url_rule(f"/{name}", f"{name}_all", _not_simulated, methods=methods)
        api.add_url_rule(f"/{name}/<path:rest>", f"{name}_part", _not_simulated, methods=methods)
    parts = ", ".join(name for name in products_api.SUB_LISTS if name not in {"categories", "distributors"})
    for rule in (f"/products/<int:id>/<any({parts}):part>", f"/products/<int:id>/<any({parts}):part>/<int:row>"):
        api.add_url_rule(rule, f"part_{rule.count('/')}", _not_simulated, methods=["POST", "PUT"])
    api.add_url_rule("/storesettings", "put_settings", _not_simulated, methods=["PUT"])


def _not_simulated(**_: object) -> Response:
    """501 says plainly that the vendor has this call and this simulator does not."""
    return answers.error("Not simulated here", 501)


def _ended(ending: answers.Ending) -> Response:
    return ending.response


def _unknown_path(error: NotFound) -> Response | NotFound:
    if not is_api(request.path):
        return error
    return answers.answer({"Message": f"No HTTP resource was found that matches the request URI '{request.url}'."}, 404)


def _unknown_method(error: MethodNotAllowed) -> Response | MethodNotAllowed:
    if not is_api(request.path):
        return error
    message = f"The requested resource does not support http method '{request.method}'."
    return answers.answer({"Message": message}, 405)
