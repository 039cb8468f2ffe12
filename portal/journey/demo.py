"""What the sandbox of ``make run`` holds: one connected pair that trades, and one unconnected store a channel to try the wizard with."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.conf import settings

from catalog import services as catalog
from catalog.models import Listing, Variant
from channels.dispatch import wake
from channels.models import Integration, ListingLink
from orders.models import Order
from portal.companies.models import Company, CompanyKind, User
from portal.companies.services.companies import create_company
from portal.companies.services.partnerships import accept_partnership, invite_partner
from portal.journey.doors import Door
from portal.journey.goods import make_trade
from portal.journey.people import order_body
from portal.journey.trade_cast import ADDRESS, Pair, Side, connect, price
from portal.journey.waiting import wait_for
from portal.run.stack import SIMULATED

APP_SCOPES = [
    "store_v2_orders",
    "store_v2_transactions_read_only",
    "store_v2_products",
    "store_v2_information_read_only",
    "store_inventory",
    "store_locations_read_only",
]
SEED = 7
PRODUCTS = 60
PUBLISHED = 24
ORDERS = 8


def prepare(*, password: str, tell: Callable[[str], None]) -> bool:
    """Fill an empty sandbox; False when it is filled already. Safe to repeat after an interruption: each part looks for what is there."""
    for kind in SIMULATED:
        Door(kind).wait_until_up()
    register_app()
    make_staff(password)
    pair = _pair(password)
    make_spare_stores()
    if Order.objects.filter(company=pair.retailer.company).exists():
        return False
    _connect(pair, tell)
    _publish(pair, tell)
    _sell(pair, tell)
    return True


def register_app() -> None:
    """Our application in the simulated developer portal, so that its install flow can be clicked. Said again at each start: the port may be another."""
    app = settings.CHANNEL_APPS["bigcommerce"]["sandbox"]
    base = f"{settings.PORTAL_URL}/apps/bigcommerce"
    Door("bigcommerce").call(
        "POST",
        "/apps",
        {
            **app,
            "name": "Tradelane",
            "scopes": APP_SCOPES,
            "auth_callback": f"{base}/auth",
            "load_callback": f"{base}/load",
            "uninstall_callback": f"{base}/uninstall",
            "remove_user_callback": f"{base}/remove_user",
        },
    )


def make_staff(password: str) -> User:
    """The person of the admin."""
    return _person("staff@tradelane.example", "Sam Field", password, is_staff=True, is_superuser=True)


def make_spare_stores() -> None:
    """A store a channel that nobody has connected, so that the wizard can be tried."""
    for kind in SIMULATED:
        Door(kind).make_store(f"spare{kind[:5]}", name="Harbour Home", email="hello@harbour.example")


def _pair(password: str) -> Pair:
    supplier = _side(
        "Kingsway Giftware", CompanyKind.SUPPLIER, "shift4shop", "Priya Shah", "priya@kingsway.example", password
    )
    retailer = _side(
        "Acme Outdoor", CompanyKind.RETAILER, "bigcommerce", "Hannah Whitlock", "hannah@acme.example", password
    )
    partnership = supplier.company.as_supplier.filter(retailer=retailer.company).first()
    if partnership is None:
        invited = invite_partner(supplier.company, as_role="supplier", by=supplier.owner, other=retailer.company)
        partnership = accept_partnership(invited.partnership, company=retailer.company, by=retailer.owner)
    return Pair(supplier, retailer, partnership)


def _side(name: str, role: CompanyKind, kind: str, person: str, email: str, password: str) -> Side:
    owner = _person(email, person, password)
    store = Door(kind).make_store(name.split()[0].lower(), name=name, email=email)
    company = Company.objects.filter(memberships__user=owner).first() or create_company(
        name, kind=role, owner=owner, email=email, currency="GBP", platform=kind, store_address=store.address, **ADDRESS
    )
    integration = Integration.objects.filter(company=company, removed_at=None).first()
    return Side(company, owner, store, integration) if integration else Side(company, owner, store)


def _person(email: str, name: str, password: str, **flags: bool) -> User:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, password, name=name, **flags)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def _connect(pair: Pair, tell: Callable[[str], None]) -> None:
    trade = make_trade(orders=0, seed=SEED, products=PRODUCTS)
    if not pair.supplier.store.products():
        pair.supplier.store.stock(trade.products)
    for side in (pair.supplier, pair.retailer):
        if side.integration is None:
            connect(side)
    goods = Variant.objects.filter(company=pair.supplier.company, is_active=True)
    wait_for("products", lambda: (goods.count(), len(trade.skus)), tell=tell)


def _publish(pair: Pair, tell: Callable[[str], None]) -> None:
    if not pair.supplier.company.price_lists.exists():
        price(pair)
    product_ids = list(
        pair.supplier.company.products.filter(is_active=True).order_by("pk").values_list("pk", flat=True)[:PUBLISHED]
    )
    catalog.choose(pair.retailer.company, partnership=pair.partnership, product_ids=product_ids)
    chosen = Listing.objects.filter(company=pair.retailer.company)
    listed = ListingLink.objects.filter(integration=pair.retailer.integration)
    wait_for("listings", lambda: (listed.count(), chosen.count()), tell=tell)


def _sell(pair: Pair, tell: Callable[[str], None]) -> None:
    """A few customers, and a few parcels, so that no screen of the demo is empty."""
    skus = set(Listing.objects.filter(company=pair.retailer.company).values_list("variant__sku", flat=True))
    trade = make_trade(orders=ORDERS * 20, seed=SEED, products=PRODUCTS)
    orders = [order for order in trade.orders if all(line.sku in skus for line in order.lines)][:ORDERS]
    pair.retailer.store.place([order_body(order, seed=SEED) for order in orders])
    wake(pair.retailer.integration.pk, "pull_orders", trigger="person")
    placed = Order.objects.filter(company=pair.retailer.company)
    wait_for("orders", lambda: (placed.count(), len(orders)), tell=tell)
    bought = pair.supplier.store.orders
    wait_for(
        "orders in the supplier's store", lambda: (sum(bool(o["reference"]) for o in bought()), len(orders)), tell=tell
    )
    for number, order in enumerate(bought()[: len(orders) // 2]):
        pair.supplier.store.ship(order["id"], tracking=f"RM{SEED}{number:07d}GB", carrier="Royal Mail")
    wake(pair.supplier.integration.pk, "pull_shipments", trigger="person")
