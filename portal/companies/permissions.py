"""What each role may do: one table, read by menus and by the server alike."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    PRICING = "pricing", "Pricing manager"
    OPERATIONS = "operations", "Operations"
    VIEWER = "viewer", "Viewer"


class Can(TextChoices):
    VIEW = "view", "see the company's records"
    ORDERS = "orders", "work on orders, shipments and problems"
    PRODUCTS = "products", "choose and publish products"
    PRICES = "prices", "change price lists"
    PARTNERS = "partners", "invite, accept and end partnerships"
    INTEGRATIONS = "integrations", "connect, pause and remove integrations"
    COMPANY = "company", "change the company, its people and keys"


_EVERYTHING = frozenset(str(c.value) for c in Can)
_TABLE: dict[str, frozenset[str]] = {
    Role.OWNER: _EVERYTHING,
    Role.ADMIN: _EVERYTHING,
    Role.PRICING: frozenset({Can.VIEW.value, Can.PRICES.value, Can.PRODUCTS.value}),
    Role.OPERATIONS: frozenset({Can.VIEW.value, Can.ORDERS.value, Can.PRODUCTS.value, Can.INTEGRATIONS.value}),
    Role.VIEWER: frozenset({Can.VIEW.value}),
}


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a role; nothing for a role we do not know."""
    return _TABLE.get(role, frozenset())
