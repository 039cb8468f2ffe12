"""The simulated world: shops, their documents, the developer's app, and who may talk to which shop."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from channels.connectors.shift4shop.simulator import times
from channels.connectors.shift4shop.simulator.bucket import Buckets
from channels.simkit.app import Parts
from channels.simkit.store import DocumentStore, Order, Where
from channels.simkit.switches import Switches

Document = dict[str, Any]

WORLD = "3dcart_world"
INDEXES = {
    "shops": ["host"],
    "tokens": ["token", "shop"],
    "products": ["_sku", "_updated"],
    "skus": ["sku", "catalog"],
    "orders": ["_status", "_placed", "_updated", "_number", "_prefix", "_email"],
    "customers": ["_email"],
}
PORTAL = ""  # the part of the memory that belongs to no shop
DOWN_MODES = ("up", "503", "html", "suspended", "timeout")
DEFAULT_PERMISSIONS = {
    "Orders": ["read", "write"],
    "OrderStatus": ["read"],
    "Products": ["read", "write"],
    "Customers": ["read", "write"],
    "StoreSettings": ["read"],
    "Webhooks": ["read", "write"],
}


def demo_key(word: str) -> str:
    """A key of 32 hex characters that is the same on every start."""
    return hashlib.md5(f"sandbox {word}".encode(), usedforsecurity=False).hexdigest()


def normalise_host(secure_url: str) -> str:
    """A Secure URL as the service compares it: lower case, no scheme, no `www.`, no slashes at the end."""
    host = re.sub(r"^[a-z]+://", "", secure_url.strip().lower()).rstrip("/")
    return host.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class World:
    """Everything that exists on this server."""

    parts: Parts
    buckets: Buckets

    @property
    def documents(self) -> DocumentStore:
        """The memory."""
        return self.parts.documents

    @property
    def switches(self) -> Switches:
        """What is doubtful about the vendor."""
        return self.parts.switches

    def shops(self) -> list[Shop]:
        """All shops, in the order of their ids."""
        return [Shop(self, document) for document in self.documents.find(PORTAL, "shops")]

    def shop(self, id: str) -> Shop | None:
        """The shop with this id, or None."""
        document = self.documents.get(PORTAL, "shops", id)
        return Shop(self, document) if document else None

    def shop_at(self, secure_url: str) -> Shop | None:
        """The shop with this Secure URL, however it is written, or None."""
        document = self.documents.first(PORTAL, "shops", where=[("host", "=", normalise_host(secure_url))])
        return Shop(self, document) if document else None

    def app(self) -> Document:
        """The developer's app: public_key, private_key, callback_url, redirect_uri, name, permissions."""
        return self.documents.get(PORTAL, "apps", "app") or {}

    def save_app(self, app: Document) -> None:
        """Write the developer's app."""
        self.documents.put(PORTAL, "apps", "app", app)

    def issue_token(self, shop: Shop, *, kind: str) -> str:
        """A new token of this shop for the app: kind `module` (header `Token`) or `oauth` (bearer)."""
        token = secrets.token_hex(16) if kind == "module" else secrets.token_urlsafe(22) + "=="
        app = self.app()
        document = {
            "token": token,
            "kind": kind,
            "shop": shop.id,
            "public_key": app["public_key"],
            "granted": granted_by(app),
            "revoked": False,
            "issued_at": self.parts.clock.now().isoformat(),
        }
        self.documents.put(PORTAL, "tokens", token, document)
        return token

    def tokens(self, shop: Shop) -> list[Document]:
        """All tokens of a shop, oldest first."""
        found = self.documents.find(PORTAL, "tokens", where=[("shop", "=", shop.id)])
        return sorted(found, key=lambda token: token["issued_at"])

    def update_tokens(self, shop: Shop, **values: Any) -> int:
        """Write the same values to all tokens of a shop; returns how many there are."""
        tokens = self.tokens(shop)
        for token in tokens:
            self.documents.put(PORTAL, "tokens", token["token"], {**token, **values})
        return len(tokens)


def granted_by(app: Document) -> list[str]:
    """The permissions of the app as words such as `Orders:read`."""
    return [f"{area}:{action}" for area, actions in app["permissions"].items() for action in actions]


class Shop:
    """One shop and its part of the memory."""

    def __init__(self, world: World, document: Document) -> None:
        self.world = world
        self.document = document
        self.id: str = document["id"]

    @property
    def name(self) -> str:
        """Name of the shop."""
        return self.document["name"]

    @property
    def currency(self) -> str:
        """ISO 4217 code of the shop's only currency."""
        return self.document["currency"]

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the shop."""
        return ZoneInfo(self.document["timezone"])

    @property
    def host(self) -> str:
        """Host of the Secure URL, normalised."""
        return self.document["host"]

    @property
    def secure_url(self) -> str:
        """Secure URL as the store settings show it."""
        return self.document["secure_url"]

    @property
    def switches(self) -> Switches:
        """The switches of the world."""
        return self.world.switches

    def update(self, **values: Any) -> None:
        """Write settings of the shop."""
        self.document = {**self.document, **values}
        self.world.documents.put(PORTAL, "shops", self.id, self.document)

    def now(self) -> str:
        """The shop's local time as the service writes it."""
        return times.local_text(self.world.parts.clock.now(), self.zone)

    def get(self, collection: str, id: int | str) -> Document | None:
        """A document of this shop, or None."""
        return self.world.documents.get(self.id, collection, id)

    def put(self, collection: str, id: int | str, document: Document) -> None:
        """Write a document of this shop."""
        self.world.documents.put(self.id, collection, id, document)

    def delete(self, collection: str, id: int | str) -> bool:
        """Remove a document; True when there was one."""
        return self.world.documents.delete(self.id, collection, id)

    def find(
        self,
        collection: str,
        *,
        where: Where = (),
        order: Order = (("id", "asc"),),
        limit: int = -1,
        offset: int = 0,
    ) -> list[Document]:
        """Documents of this shop that match, ascending by id unless told otherwise."""
        return self.world.documents.find(self.id, collection, where=where, order=order, limit=limit, offset=offset)

    def first(self, collection: str, *, where: Where = ()) -> Document | None:
        """The first match, or None."""
        return self.world.documents.first(self.id, collection, where=where)

    def count(self, collection: str, *, where: Where = ()) -> int:
        """How many match."""
        return self.world.documents.count(self.id, collection, where=where)

    def next_number(self, name: str, *, start: int = 1) -> int:
        """The next number of a counter of this shop."""
        return self.world.documents.next_number(self.id, name, start=start)


def this_world() -> World:
    """The world of the running request."""
    return current_app.extensions[WORLD]


def open_shop(world: World, values: Document) -> Shop:
    """Open a shop; values: name, and perhaps id, currency, timezone, email, secure_url, invoice_prefix.

    A shop with this id that exists already is given back as it is. Raises ValueError for a zone nobody knows or a
    Secure URL that is taken.
    """
    name = str(values.get("name") or "Sandbox shop")
    id = str(values.get("id") or _free_id(world, name))
    if existing := world.shop(id):
        return existing
    secure_url = str(values.get("secure_url") or f"https://{id}.3dcartstores.com")
    if world.shop_at(secure_url):
        raise ValueError(f"{secure_url} belongs to another shop")
    document = {
        "id": id,
        "name": name,
        "currency": str(values.get("currency") or "GBP"),
        "timezone": _known_zone(str(values.get("timezone") or "Europe/London")),
        "email": str(values.get("email") or f"owner@{id}.example"),
        "secure_url": secure_url,
        "host": normalise_host(secure_url),
        "invoice_prefix": str(values.get("invoice_prefix") or ""),
        "payment_methods": values.get("payment_methods") or {"52": "Purchase Order", "49": "Online Credit Card"},
        "down": "up",
        "module_key": "",
        "order_status_labels": {},
    }
    world.documents.put(PORTAL, "shops", id, document)
    return Shop(world, document)


def _free_id(world: World, name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "shop"
    taken = {shop.id for shop in world.shops()}
    candidates = (slug if n == 1 else f"{slug}-{n}" for n in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error
