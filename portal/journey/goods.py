"""What is traded: products and orders, from a real trade file or made up from a seed.

The file is the public *Online Retail* data set (UCI Machine Learning Repository, doi 10.24432/C5BW33): a row a line, with InvoiceNo, StockCode, Description,
Quantity, InvoiceDate, UnitPrice, CustomerID and Country. Codes without a leading digit are postage and fees; a trailing letter marks a variant; an invoice that
begins with C is a cancellation.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

VARIANT = re.compile(r"^(\d+)([A-Za-z])$")
COUNTRIES = {
    "United Kingdom": "GB", "Germany": "DE", "France": "FR", "EIRE": "IE", "Spain": "ES", "Netherlands": "NL", "Switzerland": "CH",
    "Portugal": "PT", "Belgium": "BE", "Cyprus": "CY", "Australia": "AU", "Norway": "NO", "Italy": "IT", "Japan": "JP", "Sweden": "SE",
    "Poland": "PL", "Iceland": "IS", "Hong Kong": "HK", "Channel Islands": "JE", "Singapore": "SG", "Lebanon": "LB", "Denmark": "DK",
    "Finland": "FI", "Lithuania": "LT", "Greece": "GR", "Israel": "IL", "United Arab Emirates": "AE", "Austria": "AT",
    "Czech Republic": "CZ", "Saudi Arabia": "SA", "Bahrain": "BH",
}  # fmt: skip
PLENTY = 100_000


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A goods line of the file: price in pounds a unit, both as they stand there."""

    sku: str
    name: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class SourceOrder:
    """An order to place: ``date`` is the file's own, kept as a comment."""

    number: str
    date: str
    country: str
    customer: str
    lines: tuple[SourceLine, ...]
    postage: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Trade:
    """What one journey trades: products as the state door takes them, and orders."""

    products: tuple[dict[str, Any], ...]
    orders: tuple[SourceOrder, ...]
    skus: frozenset[str] = field(default_factory=frozenset)


def read_trade(path: Path, *, orders: int, seed: int) -> Trade:
    """``orders`` real orders chosen by ``seed``, and the goods that they name."""
    invoices = _read_invoices(path)
    chosen = random.Random(seed).sample(sorted(invoices), min(orders, len(invoices)))  # noqa: S311
    picked = tuple(invoices[number] for number in sorted(chosen))
    return _trade(picked, (line for order in invoices.values() for line in order.lines))


def _trade(orders: tuple[SourceOrder, ...], all_lines: Iterable[SourceLine]) -> Trade:
    wanted = {line.sku for order in orders for line in order.lines}
    products = tuple(_products(line for line in all_lines if line.sku in wanted))
    return Trade(products=products, orders=orders, skus=frozenset(_skus(products)))


def _read_invoices(path: Path) -> dict[str, SourceOrder]:
    """Every non-cancelled invoice with at least one goods line."""
    rows: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["InvoiceNo"].startswith("C"):
                rows[row["InvoiceNo"]].append(row)
    orders = (_order(number, lines) for number, lines in rows.items())
    return {order.number: order for order in orders if order.lines}


def _order(number: str, rows: list[Mapping[str, str]]) -> SourceOrder:
    goods = [row for row in rows if row["StockCode"][:1].isdigit()]
    fees = [row for row in rows if row["StockCode"] in {"POST", "DOT"}]
    return SourceOrder(
        number=number,
        date=rows[0]["InvoiceDate"],
        country=COUNTRIES.get(rows[0]["Country"], "GB"),
        customer=rows[0]["CustomerID"],
        lines=tuple(
            SourceLine(row["StockCode"], row["Description"].strip(), int(row["Quantity"]), Decimal(row["UnitPrice"]))
            for row in goods
        ),
        postage=sum((Decimal(row["UnitPrice"]) for row in fees), Decimal(0)),
    )


def _products(lines: Iterable[SourceLine]) -> Iterable[dict[str, Any]]:
    """Products of the supplier: SKUs that ever had a price; those that differ by one trailing letter are variants of one."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    prices: dict[str, Counter[Decimal]] = defaultdict(Counter)
    for line in lines:
        if line.price > 0:
            prices[line.sku][line.price] += 1
            names[line.sku][line.name or line.sku] += 1
    groups: dict[str, list[str]] = defaultdict(list)
    for sku in sorted(prices):
        match = VARIANT.match(sku)
        groups[match[1] if match else sku].append(sku)
    taken: set[str] = set()
    for base, skus in groups.items():
        facts = {sku: (names[sku].most_common(1)[0][0], prices[sku].most_common(1)[0][0]) for sku in skus}
        yield _product(base, skus, facts, taken)


def _product(base: str, skus: list[str], facts: Mapping[str, tuple[str, Decimal]], taken: set[str]) -> dict[str, Any]:
    name = _free_name(facts[skus[0]][0].title(), base, taken)
    product: dict[str, Any] = {
        "name": name,
        "sku": skus[0] if len(skus) == 1 else base,
        "price": str(facts[skus[0]][1]),
        "stock": PLENTY,
        "description": f"<p>{name}</p>",
        "visible": True,
        "weight": 0.4,
    }
    if len(skus) > 1:
        product["option"] = "Design"
        product["variants"] = [
            {"sku": sku, "value": f"{facts[sku][0].title()} {sku[-1]}", "price": str(facts[sku][1]), "stock": PLENTY}
            for sku in skus
        ]
    return product


def _free_name(name: str, base: str, taken: set[str]) -> str:
    """A name that no other product of the store has, as stores demand."""
    free = name if name.casefold() not in taken else f"{name} {base}"
    taken.add(free.casefold())
    return free


def _skus(products: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for product in products:
        yield from (variant["sku"] for variant in product.get("variants") or [product])


NOUNS = (
    "Lantern",
    "Teapot",
    "Cushion",
    "Clock",
    "Candle",
    "Mug",
    "Basket",
    "Frame",
    "Bowl",
    "Umbrella",
    "Doorstop",
    "Apron",
)
ADJECTIVES = (
    "White Metal",
    "Regency",
    "Vintage",
    "Red Spotty",
    "Ivory Knitted",
    "Glass Star",
    "Cream",
    "Woodland",
    "Retro",
    "Blue Gingham",
)
COLOURS = ("Red", "Blue", "Ivory", "Green")


def make_trade(*, orders: int, seed: int, products: int = 60) -> Trade:
    """A catalogue and orders made up from ``seed``, for a machine without the file."""
    rng = random.Random(seed)  # noqa: S311
    shelf = tuple(_invented(rng, number) for number in range(products))
    goods = {v["sku"]: (p["name"], Decimal(v["price"])) for p in shelf for v in p.get("variants") or [p]}
    return Trade(
        products=shelf,
        orders=tuple(_invented_order(rng, number, goods) for number in range(orders)),
        skus=frozenset(goods),
    )


def _invented(rng: random.Random, number: int) -> dict[str, Any]:
    name = f"{ADJECTIVES[number % len(ADJECTIVES)]} {NOUNS[(number * 7) % len(NOUNS)]} {number // 10 + 1}"
    price = Decimal(rng.randrange(85, 2995)) / 100
    base = f"{20000 + number * 13}"
    product: dict[str, Any] = {
        "name": name, "sku": base, "price": str(price), "stock": rng.randrange(200, 2000), "weight": 0.4,
        "description": f"<p>{name}. Gift-ware of our own design.</p>", "visible": True,
    }  # fmt: skip
    if number % 6 == 0:
        product["option"] = "Colour"
        product["variants"] = [
            {"sku": f"{base}{letter}", "value": colour, "price": str(price), "stock": rng.randrange(100, 900)}
            for letter, colour in zip("ABCD", COLOURS, strict=True)
        ]
    return product


def _invented_order(rng: random.Random, number: int, goods: Mapping[str, tuple[str, Decimal]]) -> SourceOrder:
    """``goods`` is SKU → name and price."""
    chosen = rng.sample(list(goods), rng.randrange(1, 6))
    return SourceOrder(
        number=f"W{10_000 + number}",
        date="",
        country=rng.choice(("GB", "GB", "GB", "IE", "DE", "FR")),
        customer=str(rng.randrange(12_000, 18_000)),
        lines=tuple(SourceLine(sku, goods[sku][0], rng.randrange(1, 7), goods[sku][1]) for sku in chosen),
        postage=Decimal("3.95"),
    )
