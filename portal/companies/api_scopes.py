"""What an API key may do: one table of areas, read by the keys page and by the API's permission class.

A key's scopes are "area:read" and "area:write"; writing includes reading. A person's session needs the permission named here for writing.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.companies.permissions import Can


@dataclass(frozen=True, slots=True)
class Area:
    """One noun of the API; ``writes`` is the permission that a person's role needs to change it, None where it can only be read."""

    name: str
    label: str
    writes: Can | None


AREAS = (
    Area("products", "Products and stock", Can.PRODUCTS),
    Area("listings", "Listings", Can.PRODUCTS),
    Area("prices", "Price lists", Can.PRICES),
    # Apart from price lists: a program that changes prices must not lift the check on them.
    Area("price-approval", "Price approval", Can.COMPANY),
    Area("orders", "Orders", Can.ORDERS),
    Area("shipments", "Shipments", Can.ORDERS),
    Area("partners", "Partners", Can.PARTNERS),
    Area("integrations", "Integrations", Can.INTEGRATIONS),
    Area("alerts", "Alerts and their rules", Can.INTEGRATIONS),
    Area("webhooks", "Webhooks", Can.COMPANY),
    Area("problems", "Problems", Can.ORDERS),
)
AREA = {area.name: area for area in AREAS}


def read_scope(area: str) -> str:
    return f"{area}:read"


def write_scope(area: str) -> str:
    return f"{area}:write"


def scope_choices() -> list[tuple[str, str]]:
    """(scope, label) of everything a key can be given."""
    reads = [(read_scope(area.name), f"{area.label}: read") for area in AREAS]
    writes = [(write_scope(area.name), f"{area.label}: read and change") for area in AREAS if area.writes]
    return sorted(reads + writes, key=lambda choice: [area.name for area in AREAS].index(choice[0].split(":")[0]))


ALL_SCOPES = frozenset(scope for scope, _ in scope_choices())


def permissions_of_scopes(scopes: list[str]) -> frozenset[str]:
    """The permissions that a key with ``scopes`` has: it may always see, and may change what a write scope names."""
    writes = {AREA[name].writes for name in _written(scopes)}
    return frozenset({Can.VIEW.value} | {permission.value for permission in writes if permission})


def _written(scopes: list[str]) -> set[str]:
    areas = {scope.split(":")[0] for scope in scopes if scope.endswith(":write")}
    return areas & AREA.keys()
