"""Customers of the replay: invented names and addresses, among them the awkward ones that real shops see."""

from __future__ import annotations

import random
from typing import Any

from portal.journey.goods import SourceOrder

FIRST = ("Hannah", "Oliver", "Amelia", "Zoë", "Björn", "Siobhán", "Mateo", "Anaïs", "Priya", "Tom")
LAST = ("Whitlock", "O’Neill", "García", "Müller", "Nguyen", "Smith", "Ångström", "Fernández-López", "Lee", "Moss")
STREETS = ("Mill Lane", "Königstraße", "Rue de l’Église", "High Street", "Harbour View 🏠", "Elm Street")
CITIES = {
    "GB": ("Stockport", "SK6 6AP"),
    "DE": ("München", "80331"),
    "FR": ("Lyon", "69001"),
    "IE": ("Dublin", "D02 XY45"),
}


def order_body(order: SourceOrder, *, seed: int) -> dict[str, Any]:
    """The order as the state door takes it, with today's date and the file's own in the comment."""
    rng = random.Random(f"{seed}:{order.number}")  # noqa: S311
    return {
        "lines": [
            {"sku": line.sku, "name": line.name or line.sku, "quantity": line.quantity, "price": str(line.price)}
            for line in order.lines
        ],
        "customer": _customer(rng, order),
        "shipping_cost": str(order.postage),
        "shipping_method": "Royal Mail Tracked" if order.country == "GB" else "International",
        "comment": f"Replay of {order.number}" + (f" of {order.date}" if order.date else ""),
    }


def _customer(rng: random.Random, order: SourceOrder) -> dict[str, str]:
    city, postcode = CITIES.get(order.country, ("Port Town", "10001"))
    first, last = rng.choice(FIRST), rng.choice(LAST)
    if rng.random() < 0.01:
        first = "Maximiliana " * 16
    return {
        "first_name": first.strip(),
        "last_name": last,
        "company": "",
        "email": "" if rng.random() < 0.02 else f"customer{order.customer or order.number}@example.com",
        "phone": f"0161 496 {rng.randrange(1000, 9999)}",
        "address1": f"{rng.randrange(1, 200)} {rng.choice(STREETS)}",
        "address2": "",
        "city": city,
        "state": "",
        "postcode": postcode,
        "country": order.country,
    }
