"""Buttons that make trouble on purpose, each with the sentence that says what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from channels.connectors.bigcommerce.simulator.catalog_write import delete_product
from channels.connectors.bigcommerce.simulator.state import Shop, accounts_of, save_account, set_revoked
from channels.connectors.bigcommerce.simulator.stock import set_stock


@dataclass(frozen=True, slots=True)
class Trouble:
    """A button and what it does; `make` answers the sentence."""

    label: str
    make: Callable[[Shop], str]


def _down(shop: Shop) -> str:
    shop.change_profile(down="503")
    return "The store is down: every call is answered with 503."


def _up(shop: Shop) -> str:
    shop.change_profile(down="up")
    return "The store is up again."


def _revoke(shop: Shop) -> str:
    set_revoked(shop, revoked=True)
    return "All tokens of the store are revoked, and their webhooks are gone."


def _restore(shop: Shop) -> str:
    set_revoked(shop, revoked=False)
    return "The tokens of the store work again. Their webhooks have to be registered anew."


def _remove_scope(shop: Shop) -> str:
    for account in accounts_of(shop):
        kept = [scope for scope in account["scopes"] if not scope.startswith("store_v2_orders")]
        save_account(shop.parts, {**account, "scopes": kept})
    return "The Orders permission was taken from all tokens: order calls are answered with 403."


def _give_scope(shop: Shop) -> str:
    for account in accounts_of(shop):
        save_account(shop.parts, {**account, "scopes": [*account["scopes"], "store_v2_orders"]})
    return "All tokens have the Orders permission again."


def _drop_hook(shop: Shop) -> str:
    shop.parts.switches.update({"hooks_drop_next": int(shop.parts.switches.number("hooks_drop_next")) + 1})
    return "The next webhook will be lost."


def _limit(shop: Shop) -> str:
    shop.parts.faults.arm({"name": "rate_limited", "store": shop.hash, "times": 5})
    return "The next five calls are answered with 429."


def _zero(shop: Shop) -> str:
    items = shop.find("items")
    for item in items:
        set_stock(shop, item, 0)
    return f"The stock of {len(items)} SKUs is now 0."


def _delete(shop: Shop) -> str:
    newest = shop.find("products", (), [("id", "desc")], limit=1)
    if not newest:
        return "There is no product to delete."
    delete_product(shop, newest[0])
    return f"The product {newest[0]['name']} ({newest[0]['sku'] or 'no SKU'}) was deleted."


TROUBLES = {
    "down": Trouble("Take store down", _down),
    "up": Trouble("Bring store up", _up),
    "revoke": Trouble("Revoke token", _revoke),
    "restore": Trouble("Restore token", _restore),
    "unscope": Trouble("Remove a scope", _remove_scope),
    "scope": Trouble("Give it back", _give_scope),
    "drop": Trouble("Drop next webhook", _drop_hook),
    "limit": Trouble("Limit next 5 calls", _limit),
    "zero": Trouble("Zero the catalogue", _zero),
    "delete": Trouble("Delete newest product", _delete),
}
