"""A trading pair for the engine's stories: a supplier's store and a retailer's store in process, goods on the shelf, webhooks through the real door."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.test import Client
from requests.adapters import BaseAdapter

from catalog import services as catalog
from catalog.models import PriceList, Product
from channels.budget.stores import store_for
from channels.models import Integration, Outbound, StepState
from channels.simkit.hooks import HookQueue
from channels.tests.world import SimStore, World, run
from portal.companies.models import Company, Partnership
from portal.companies.tests.factories import MembershipFactory, PartnershipFactory, RetailerFactory, SupplierFactory
from portal.lib import clock

GOODS: tuple[dict[str, Any], ...] = (
    {"name": "Lantern", "sku": "LAN-1", "price": "12.50", "stock": 40, "weight": 0.4, "visible": True},
    {"name": "Teapot", "sku": "TEA-1", "price": "30.00", "stock": 25, "weight": 0.9, "visible": True},
)
DIRECTIONS = (("shift4shop", "bigcommerce"), ("bigcommerce", "shift4shop"))
KINDS = ("bigcommerce", "shift4shop")


@dataclass
class Trade:
    """Both sides of one partnership. ``supplier`` ships what the customers of ``retailer`` buy."""

    supplier: Company
    retailer: Company
    supplier_store: SimStore
    retailer_store: SimStore
    supplies: Integration
    sells: Integration
    partnership: Partnership
    price_list: PriceList

    def buy(self, *lines: dict[str, Any], **more: Any) -> str:
        """A customer buys in the retailer's store (two lanterns unless told otherwise); the order's id there."""
        bought = lines or ({"sku": "LAN-1", "quantity": 2, "price": "12.50"},)
        return str(self.retailer_store.place_order(*bought, **more)["id"])

    def pull_orders(self) -> list[str]:
        return run(self.sells, "pull_orders")

    def push_orders(self) -> list[str]:
        return run(self.supplies, "push_orders")

    def to_supplier(self) -> None:
        """Carry what was bought into the supplier's store."""
        self.pull_orders()
        self.push_orders()

    def ship_everything(self, **body: Any) -> None:
        """The supplier ships each order that we made, whole."""
        for order in self.made():
            self.supplier_store.ship(order["id"], tracking=f"TRK{order['id']}", **body)

    def tracking_back(self) -> None:
        run(self.supplies, "pull_shipments")
        run(self.sells, "push_shipments")

    def made(self) -> list[dict[str, Any]]:
        """The orders that we made in the supplier's store."""
        return [order for order in self.supplier_store.orders() if order["reference"]]


def goods_in_portal(world: World, *, supplier_kind: str, goods: tuple[dict[str, Any], ...] = GOODS) -> Trade:
    """Both stores connected, products and stock pulled, a price list assigned; nothing chosen yet."""
    retailer_kind = next(kind for kind in KINDS if kind != supplier_kind)
    supplier, retailer = SupplierFactory(is_sandbox=True), RetailerFactory(is_sandbox=True)
    for company in (supplier, retailer):
        MembershipFactory(company=company)
    partnership = PartnershipFactory(supplier=supplier, retailer=retailer)
    supplier_store, retailer_store = world.store(supplier_kind, "Kingsway"), world.store(retailer_kind, "Acme")
    supplier_store.on_shelf(*goods)
    supplies = world.connect(supplier, supplier_store, settings=choices(supplier_store))
    sells = world.connect(retailer, retailer_store, settings=choices(retailer_store))
    assert run(supplies, "pull_products", "pull_stock") == ["ok", "ok"]
    price_list = catalog.create_price_list(supplier, name="Trade", percent_off=Decimal(30))
    catalog.assign_price_list(partnership, price_list)
    return Trade(supplier, retailer, supplier_store, retailer_store, supplies, sells, partnership, price_list)


def choices(store: SimStore) -> dict[str, str]:
    """What a merchant chooses in the wizard."""
    method = store.credentials.get("payment_method_id")
    return {"payment_method": str(method)} if method else {}


def choose_everything(trade: Trade) -> None:
    product_ids = list(Product.objects.filter(company=trade.supplier).values_list("pk", flat=True))
    catalog.choose(trade.retailer, partnership=trade.partnership, product_ids=product_ids)


def listed(world: World, *, supplier_kind: str, goods: tuple[dict[str, Any], ...] = GOODS) -> Trade:
    """As ``goods_in_portal``, with everything chosen and published in the retailer's store."""
    trade = goods_in_portal(world, supplier_kind=supplier_kind, goods=goods)
    choose_everything(trade)
    assert run(trade.sells, "push_listings") == ["ok"]
    return trade


def make_due(*integrations: Integration) -> None:
    """Let the waiting time of everything that waits pass."""
    past = clock.now() - timedelta(seconds=1)
    Outbound.objects.filter(integration__in=integrations).update(not_before=past)
    StepState.objects.filter(integration__in=integrations).update(next_run_at=past)
    for integration in integrations:
        lift_block(integration)


def lift_block(integration: Integration) -> None:
    """Let the time pass for which the store wanted to hear nothing."""
    store = store_for(integration.pk)
    if held := store.read():
        store.swap(held, replace(held, left=held.quota, blocked_until=None, resets_at=None))


class PortalDoor(BaseAdapter):
    """Carries a simulator's webhooks to the portal's real view, through the whole of Django, and remembers the answers."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[int] = []

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        body = request.body or b""
        answered = Client().generic(
            str(request.method),
            urlsplit(str(request.url)).path,
            data=body.encode() if isinstance(body, str) else body,
            content_type=request.headers.get("Content-Type", "application/json"),
            headers={name: value for name, value in request.headers.items() if name != "Content-Type"},
        )
        self.answers.append(answered.status_code)
        response = requests.Response()
        response.status_code = answered.status_code
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is held."""


def open_door(world: World, kind: str) -> tuple[HookQueue, PortalDoor]:
    """The webhook queue of a simulator, led to the portal; ``queue.deliver_due()`` sends what is due."""
    queue, door = world.apps[kind].parts.hooks, PortalDoor()
    queue.hosts[str(urlsplit(settings.WEBHOOK_BASE_URL).hostname)] = "http://portal.test"
    queue.session.mount("http://portal.test", door)
    return queue, door
