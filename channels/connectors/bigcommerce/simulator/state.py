"""The memory of the simulated platform: stores, API accounts, and one store's records behind `Shop`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.connectors.bigcommerce.simulator.fields import MAX_INTEGER
from channels.simkit.app import Parts
from channels.simkit.store import Document, Id, Order, Where

PLATFORM = ""

INDEXES: dict[str, tuple[str, ...]] = {
    "accounts": ("store_hash", "client_id"),
    "products": ("_sku", "_name", "_modified", "_price", "inventory_level", "is_visible", "name"),
    "variants": ("product_id", "_sku"),
    "options": ("product_id",),
    "images": ("product_id",),
    "items": ("product_id", "variant_id", "_sku"),
    "orders": ("status_id", "_modified", "_created", "external_order_id", "_email"),
    "order_products": ("order_id",),
    "addresses": ("order_id",),
    "shipments": ("order_id",),
    "transactions": ("order_id",),
    "hooks": ("client_id",),
    "categories": ("_name",),
    "price_records": ("price_list_id",),
}

# Each kind of record counts from its own number, so that an id used in the wrong place is not found.
FIRST_NUMBERS = {
    "products": 110,
    "variants": 7000,
    "sku_ids": 550,
    "options": 80,
    "option_values": 300,
    "images": 900,
    "categories": 22,
    "brands": 11,
    "orders": 100,
    "order_products": 6000,
    "addresses": 5000,
    "shipments": 50,
    "transactions": 4000,
    "hooks": 26100,
    "price_lists": 20,
}

ALL_SCOPES = (
    "store_v2_products",
    "store_v2_orders",
    "store_v2_transactions",
    "store_inventory",
    "store_locations",
    "store_v2_information",
    "store_v2_customers",
)


@dataclass(frozen=True, slots=True)
class Shop:
    """One store's records, its clock and switches."""

    parts: Parts
    hash: str

    @property
    def profile(self) -> Document:
        """The store's own document; empty for a store that does not exist."""
        return self.parts.documents.get(PLATFORM, "stores", self.hash) or {}

    @property
    def exists(self) -> bool:
        """True when there is such a store."""
        return bool(self.profile)

    @property
    def now(self) -> float:
        """Seconds since the epoch as the store's wall clock shows them."""
        return self.parts.clock.now().timestamp()

    @property
    def ticks(self) -> float:
        """Seconds that go on evenly, whatever the wall clock shows: for windows and limits."""
        return self.parts.clock.time()

    def change_profile(self, **changes: Any) -> None:
        """Write settings of the store."""
        self.parts.documents.put(PLATFORM, "stores", self.hash, {**self.profile, **changes})

    def on(self, switch: str) -> bool:
        """True when the switch is on."""
        return self.parts.switches.on(switch)

    def number(self, name: str) -> int:
        """The next number of a kind."""
        return self.parts.documents.next_number(self.hash, name)

    def get(self, collection: str, id: Id) -> Document | None:
        """A record or None; no record has a number that the database cannot hold."""
        if isinstance(id, int) and abs(id) > MAX_INTEGER:
            return None
        return self.parts.documents.get(self.hash, collection, id)

    def put(self, collection: str, record: Mapping[str, Any]) -> None:
        """Write a record under its id."""
        self.parts.documents.put(self.hash, collection, record["id"], record)

    def add(self, collection: str, record: Mapping[str, Any]) -> Document:
        """Write a new record under the next number."""
        return self.parts.documents.add(self.hash, collection, record)

    def delete(self, collection: str, id: Id) -> bool:
        """True when there was one."""
        return self.parts.documents.delete(self.hash, collection, id)

    def find(self, collection: str, where: Where = (), order: Order = (("id", "asc"),), **page: int) -> list[Document]:
        """Records that match."""
        return self.parts.documents.find(self.hash, collection, where=where, order=order, **page)

    def first(self, collection: str, where: Where) -> Document | None:
        """The first match or None."""
        return self.parts.documents.first(self.hash, collection, where=where)

    def count(self, collection: str, where: Where = ()) -> int:
        """How many match."""
        return self.parts.documents.count(self.hash, collection, where=where)


def list_shops(parts: Parts) -> list[Shop]:
    """All stores, by name."""
    stores = parts.documents.find(PLATFORM, "stores", order=(("name", "asc"), ("id", "asc")))
    return [Shop(parts, store["id"]) for store in stores]


def create_shop(parts: Parts, values: Mapping[str, Any]) -> Shop:
    """A store with its default location, root category and one store-level API account; the same one for a known id."""
    hash = str(values.get("id") or secrets.token_hex(5))
    shop = Shop(parts, hash)
    if shop.exists:
        return shop
    number = parts.documents.next_number(PLATFORM, "store_numbers", start=1_002_003)
    profile = {
        "id": hash,
        "store_id": number,
        "name": str(values.get("name") or f"Store {number}"),
        "currency": str(values.get("currency") or "GBP"),
        "timezone": str(values.get("timezone") or "Europe/London"),
        "email": str(values.get("email") or f"owner@{hash}.example"),
        "country_code": str(values.get("country") or "GB"),
        "quota": int(values.get("quota", 150)),
        "plan_name": str(values.get("plan_name") or "Standard"),
        "plan_is_trial": bool(values.get("plan_is_trial", False)),
        "prices_include_tax": bool(values.get("prices_include_tax", False)),
        "tax_rate": str(values.get("tax_rate", "0")),
        "update_stock_behavior": str(values.get("update_stock_behavior") or "order_placed"),
        "edit_order_stock_adjustment": True,
        "refund_order_stock_adjustment": True,
        "status": "live",
        "down": "up",
        "first_created": parts.clock.time(),
    }
    parts.documents.put(PLATFORM, "stores", hash, profile)
    for name, last in FIRST_NUMBERS.items():
        parts.documents.set_number(hash, name, last)
    shop.put("locations", default_location(shop))
    shop.add("categories", {"name": "Shop all", "parent_id": 0, "_name": "shop all"})
    create_account(parts, shop_hash=hash, name="API account", scopes=values.get("scopes") or ALL_SCOPES)
    return shop


def default_location(shop: Shop, *, id: int = 1) -> Document:
    """A stock location; id 1 is the default one."""
    return {
        "id": id,
        "code": f"BC-LOCATION-{id}",
        "label": "Default location" if id == 1 else f"Location {id}",
        "description": "",
        "managed_by_external_source": False,
        "type_id": "PHYSICAL",
        "enabled": True,
        "time_zone": str(shop.profile["timezone"]),
        "storefront_visibility": True,
        "address": {"country_code": str(shop.profile["country_code"])},
        "_created": shop.now,
    }


def create_account(
    parts: Parts,
    *,
    shop_hash: str,
    name: str,
    scopes: Any,
    client_id: str | None = None,
    client_secret: str | None = None,
    kind: str = "store",
) -> Document:
    """An API account: store-level, or the token of an installed app. The token has no expiry."""
    account: Document = {
        "token": secrets.token_hex(16)[:31],
        "client_id": client_id or secrets.token_hex(16)[:31],
        "client_secret": client_secret or secrets.token_hex(32),
        "store_hash": shop_hash,
        "name": name,
        "scopes": list(scopes),
        "kind": kind,
        "revoked": False,
        "_number": parts.documents.next_number(PLATFORM, "account_numbers"),
    }
    parts.documents.put(PLATFORM, "accounts", account["token"], {**account, "id": account["token"]})
    return account


def find_account(parts: Parts, token: str) -> Document | None:
    """The account of a token that is not revoked."""
    account = parts.documents.get(PLATFORM, "accounts", token)
    return None if account is None or account["revoked"] else account


def accounts_of(shop: Shop, *, kind: str | None = None) -> list[Document]:
    """The store's API accounts, oldest first, revoked ones too."""
    where = [("store_hash", "=", shop.hash)] + ([("kind", "=", kind)] if kind else [])
    return shop.parts.documents.find(PLATFORM, "accounts", where=where, order=(("_number", "asc"),))


def save_account(parts: Parts, account: Mapping[str, Any]) -> None:
    """Write an account."""
    parts.documents.put(PLATFORM, "accounts", account["id"], account)


def set_revoked(shop: Shop, *, revoked: bool) -> int:
    """Revoke or restore every token of the store; revoking deletes the accounts' webhooks, as deleting an account does.

    Returns how many accounts there are.
    """
    accounts = accounts_of(shop)
    for account in accounts:
        save_account(shop.parts, {**account, "revoked": revoked})
        for hook in shop.find("hooks", [("client_id", "=", account["client_id"])]) if revoked else []:
            shop.delete("hooks", hook["id"])
    return len(accounts)
