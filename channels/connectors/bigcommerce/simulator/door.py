"""The state door's own part for stores: make them, revoke, restrict, take down. Our tool, not the vendor's API."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify

from channels.connectors.bigcommerce.simulator.state import (
    Shop,
    accounts_of,
    create_shop,
    list_shops,
    save_account,
    set_revoked,
)
from channels.connectors.bigcommerce.simulator.store_info import store_address
from channels.simkit.app import Parts
from channels.simkit.door import guard_local, read_json, refuse
from channels.simkit.store import Document

DOWN_MODES = ("up", "503", "html", "suspended", "timeout")
SETTINGS = frozenset(
    [
        *("name", "quota", "plan_name", "plan_is_trial", "prices_include_tax", "tax_rate", "timezone", "currency"),
        *("update_stock_behavior", "edit_order_stock_adjustment", "refund_order_stock_adjustment", "status"),
    ]
)


def door_of_stores(parts: Parts) -> Blueprint:
    """The blueprint, to be mounted at the door's prefix."""
    door = Blueprint("sim_stores", __name__)
    door.before_request(guard_local)
    _add_stores(door, parts)
    _add_access(door, parts)
    return door


def _add_stores(door: Blueprint, parts: Parts) -> None:
    @door.get("/stores")
    def stores() -> Response:
        return jsonify([describe(shop) for shop in list_shops(parts)])

    @door.post("/stores")
    def make() -> Response:
        values = read_json()
        if "id" in values and not re.fullmatch(r"[a-z0-9]{1,20}", str(values["id"])):
            refuse("A store id has 1 to 20 lower-case letters and digits.")
        return jsonify(describe(create_shop(parts, values)))

    @door.get("/stores/<hash>")
    def one(hash: str) -> Response:
        return jsonify(describe(the_shop(parts, hash)))

    @door.patch("/stores/<hash>")
    def change(hash: str) -> Response:
        values = read_json()
        if unknown := values.keys() - SETTINGS:
            refuse(f"Not a setting of a store: {', '.join(sorted(unknown))}.")
        the_shop(parts, hash).change_profile(**values)
        return jsonify(describe(the_shop(parts, hash)))


def _add_access(door: Blueprint, parts: Parts) -> None:
    @door.post("/stores/<hash>/revoke")
    def revoke(hash: str) -> Response:
        return jsonify(revoked=set_revoked(the_shop(parts, hash), revoked=True))

    @door.post("/stores/<hash>/restore")
    def restore(hash: str) -> Response:
        return jsonify(restored=set_revoked(the_shop(parts, hash), revoked=False))

    @door.post("/stores/<hash>/scopes")
    def scopes(hash: str) -> Response:
        granted = list(read_json().get("granted", []))
        for account in accounts_of(the_shop(parts, hash)):
            save_account(parts, {**account, "scopes": granted})
        return jsonify(granted=granted)

    @door.post("/stores/<hash>/down")
    def down(hash: str) -> Response:
        mode = str(read_json().get("mode", ""))
        if mode not in DOWN_MODES:
            refuse(f"mode is one of {', '.join(DOWN_MODES)}.")
        the_shop(parts, hash).change_profile(down=mode)
        return jsonify(mode=mode)


def the_shop(parts: Parts, hash: str) -> Shop:
    """The store, or 404 with a sentence."""
    shop = Shop(parts, hash)
    if not shop.exists:
        refuse(f"There is no store {hash}.", 404)
    return shop


def describe(shop: Shop) -> Document:
    """A store with what a merchant would type and paste."""
    profile = shop.profile
    names = ("name", "currency", "timezone", "email", "quota", "down", "update_stock_behavior")
    return {
        "store": shop.hash,
        "address": store_address(shop),
        "credentials": credentials(shop),
        **{name: profile[name] for name in names},
    }


def credentials(shop: Shop) -> dict[str, Any]:
    """The first API account of the store, as its one-time pop-up shows it."""
    account = accounts_of(shop, kind="store")[0]
    return {
        "store_hash": shop.hash,
        "api_path": f"https://api.bigcommerce.com/stores/{shop.hash}/v3/",
        "client_id": account["client_id"],
        "client_secret": account["client_secret"],
        "access_token": account["token"],
        "revoked": account["revoked"],
        "scopes": account["scopes"],
    }
