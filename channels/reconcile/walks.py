"""Which parts of a store are read for which books: each part once, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from channels.contract import Can
from channels.reconcile.bought import Bought
from channels.reconcile.entries import Book, Reading
from channels.reconcile.goods import GoodsPage
from channels.reconcile.orders import Orders, window_of
from channels.reconcile.prices import ListingPrices, SourcePrices
from channels.reconcile.shipments import SourceParcels, StoreParcels
from channels.reconcile.stock import ListingStock, SourceStock


@dataclass(frozen=True, slots=True)
class Walk:
    """One reading of the store. ``pages`` raises ChannelError."""

    pages: Callable[[], Iterator[Any]]
    books: tuple[Book, ...]


def walks_of(reading: Reading) -> list[Walk]:
    """What there is to read for the books of an integration, by what flows through it and what its channel can do."""
    walks = [Walk(_pages(reading, part), tuple(book(reading) for book in books)) for part, books in _parts(reading)]
    return [walk for walk in walks if walk.books]


def _parts(reading: Reading) -> list[tuple[str, list[type[Book]]]]:
    integration, can = reading.integration, reading.connector.can
    sells, supplies = integration.sells, integration.supplies
    goods = [*([ListingStock, ListingPrices] if sells else []), *([SourcePrices] if supplies else [])]
    trade = [
        *([Orders, StoreParcels] if sells and Can.PULL_ORDERS in can else []),
        *([Bought, SourceParcels] if supplies and Can.PUSH_ORDERS in can else []),
    ]
    return [
        ("orders", trade),
        ("products", goods if Can.PULL_PRODUCTS in can else []),
        ("stock", [SourceStock] if supplies and Can.PULL_STOCK in can else []),
    ]


def _pages(reading: Reading, part: str) -> Callable[[], Iterator[Any]]:
    connector = reading.connector
    readers: dict[str, Callable[[], Iterator[Any]]] = {
        "orders": lambda: (
            [reading.statuses.read(order) for order in page]
            for page in connector.changed_orders(modified_since=window_of(reading))
        ),
        "products": lambda: (GoodsPage(reading, page) for page in connector.products()),
        "stock": connector.stock,
    }
    return readers[part]
