"""The state door's part for apps: register one, install, open, uninstall, remove a user."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from channels.connectors.bigcommerce.simulator.door import the_shop
from channels.connectors.bigcommerce.simulator.oauth import (
    call_back,
    consent,
    find_app,
    list_apps,
    load_address,
    register_app,
    uninstall,
)
from channels.simkit.app import Parts
from channels.simkit.door import guard_local, read_json, refuse
from channels.simkit.store import Document


def door_of_apps(parts: Parts) -> Blueprint:
    """The blueprint, to be mounted at the door's prefix."""
    door = Blueprint("sim_apps", __name__)
    door.before_request(guard_local)

    def the_app(client_id: str) -> Document:
        app = find_app(parts, client_id)
        if app is None:
            refuse(f"There is no app {client_id}.", 404)
        return app or {}

    @door.get("/apps")
    def apps() -> Response:
        return jsonify(list_apps(parts))

    @door.post("/apps")
    def register() -> Response:
        return jsonify(register_app(parts, read_json()))

    @door.post("/stores/<hash>/apps/<client_id>/install")
    def install(hash: str, client_id: str) -> Response:
        return jsonify(redirect=consent(the_shop(parts, hash), the_app(client_id)))

    @door.post("/stores/<hash>/apps/<client_id>/load")
    def load(hash: str, client_id: str) -> Response:
        return jsonify(redirect=load_address(the_shop(parts, hash), the_app(client_id)))

    @door.post("/stores/<hash>/apps/<client_id>/uninstall")
    def remove(hash: str, client_id: str) -> Response:
        uninstall(the_shop(parts, hash), the_app(client_id))
        return jsonify(uninstalled=client_id)

    @door.post("/stores/<hash>/apps/<client_id>/remove_user")
    def remove_user(hash: str, client_id: str) -> Response:
        call_back(the_shop(parts, hash), the_app(client_id), "remove_user_callback")
        return jsonify(removed=True)

    return door
