"""A supplier and several shops on one stock, in this process: the simulators answer without sockets, their webhooks come in through the portal's own door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from catalog import services as catalog
from catalog.models import Product, Variant
from channels import session
from channels.connectors.bigcommerce.simulator import create_app as create_bigcommerce
from channels.connectors.shift4shop.simulator import create_app as create_shift4shop
from channels.models import Integration
from channels.simkit.adapter import WsgiAdapter
from channels.sync.runner import run_step
from portal.companies.models import Company, CompanyKind, User
from portal.companies.services.companies import create_company
from portal.companies.services.partnerships import accept_partnership, invite_partner
from portal.journey.doors import Door, StoreDoor
from portal.journey.trade_cast import ADDRESS, Side, connect

APPS: dict[str, Callable[..., Any]] = {"bigcommerce": create_bigcommerce, "shift4shop": create_shift4shop}
# The portal's own address inside this process.
PORTAL = "http://testserver"
TIME_SCALE = 1000.0
# Partners are invited here to trade with each other, and nobody has to read so.
NO_MAILS = "django.core.mail.backends.dummy.EmailBackend"


@dataclass
class Shop:
    """One retailer: its side and its connected store."""

    side: Side
    sells: Integration

    def shelf(self) -> dict[str, int]:
        """What the store shows, by SKU."""
        return {str(product["sku"]): int(product["stock"]) for product in self.side.store.products()}


@dataclass
class Street:
    """The supplier's store and the shops that sell its goods; ``variants`` are ids by SKU."""

    supplies: Integration
    shops: list[Shop]
    variants: dict[str, int]
    hooks: list[Any]

    def hear(self) -> int:
        """Deliver the webhooks that are due; how many."""
        return sum(queue.deliver_due() for queue in self.hooks)


@contextmanager
def street(*, retailers: int, skus: int, units: int) -> Iterator[Street]:
    """Shops of both channels in turn, each selling ``skus`` goods of which the supplier has ``units`` each. Leaves rows behind: use a database of its own."""
    apps = {kind: make(state=":memory:", time_scale=TIME_SCALE) for kind, make in APPS.items()}
    adapters = {kind: WsgiAdapter(app) for kind, app in apps.items()}
    session.TRANSPORTS.update(adapters)
    try:
        with override_settings(TIME_SCALE=TIME_SCALE, EMAIL_BACKEND=NO_MAILS):
            yield _open(apps, adapters, retailers=retailers, skus=skus, units=units)
    finally:
        session.TRANSPORTS.clear()


def _open(apps: dict[str, Any], adapters: dict[str, WsgiAdapter], *, retailers: int, skus: int, units: int) -> Street:
    hooks = [_led_to_portal(app.parts.hooks) for app in apps.values()]
    supplier = _side("Kingsway", CompanyKind.SUPPLIER, "shift4shop", adapters)
    supplier.store.stock([_goods(n, units) for n in range(skus)])
    supplies = connect(supplier)
    run_step(supplies.pk, "pull_products", trigger="flash sale")
    run_step(supplies.pk, "pull_stock", trigger="flash sale")
    price_list = catalog.create_price_list(supplier.company, name="Trade", percent_off=Decimal(30))
    shops = [_shop(n, supplier, price_list, adapters) for n in range(retailers)]
    variants = dict(Variant.objects.filter(company=supplier.company).values_list("sku", "pk"))
    return Street(supplies, shops, variants, hooks)


def _shop(number: int, supplier: Side, price_list: Any, adapters: dict[str, WsgiAdapter]) -> Shop:
    kind = list(APPS)[number % len(APPS)]
    side = _side(f"Shop{number}", CompanyKind.RETAILER, kind, adapters)
    invited = invite_partner(supplier.company, as_role="supplier", by=supplier.owner, other=side.company)
    partnership = accept_partnership(invited.partnership, company=side.company, by=side.owner)
    catalog.assign_price_list(partnership, price_list)
    sells = connect(side)
    product_ids = Product.objects.filter(company=supplier.company).values_list("pk", flat=True)
    catalog.choose(side.company, product_ids=list(product_ids))
    for step in ("push_listings", "register_hooks"):
        run_step(sells.pk, step, trigger="flash sale")
    return Shop(side, sells)


def _side(name: str, role: CompanyKind, kind: str, adapters: dict[str, WsgiAdapter]) -> Side:
    email = f"{name.lower()}@flash.example.com"
    owner = User.objects.create_user(email, None, name=f"Owner of {name}")
    company: Company = create_company(
        name, kind=role, owner=owner, email=email, currency="GBP", platform=kind, is_sandbox=True, **ADDRESS
    )
    door = Door(kind)
    door.session.mount(door.base, adapters[kind])
    store: StoreDoor = door.make_store(f"flash{name.lower()}", name=name, email=email)
    return Side(company, owner, store)


def _led_to_portal(queue: Any) -> Any:
    """Webhooks to the portal's public address reach this process."""
    host = settings.WEBHOOK_BASE_URL.split("://", 1)[1].split("/")[0].split(":")[0]
    queue.hosts[host] = PORTAL
    session_of_hooks: requests.Session = queue.session
    session_of_hooks.mount(PORTAL, WsgiAdapter(get_wsgi_application()))
    return queue


def _goods(number: int, units: int) -> dict[str, Any]:
    return {"name": f"Flash lamp {number}", "sku": f"FLASH-{number}", "price": "20.00", "stock": units, "visible": True}
