"""A trading pair with goods and prices, and orders as a store tells them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalog.models import PriceList, Variant
from catalog.services import assign_price_list, choose, create_price_list
from catalog.tests.factories import VariantFactory
from orders.data import Actor, Imported, OrderData, OrderLineData
from orders.models import Order, SupplierOrder
from orders.services import import_order
from portal.companies.models import Company, Partnership
from portal.companies.tests.factories import PartnershipFactory
from portal.lib import clock
from portal.lib.address import Address

STORE = Actor(kind="store", name="Acme Outdoor store")
HANNAH = Address(
    first_name="Hannah",
    last_name="Whitlock",
    address1="14 Mill Lane",
    city="Stockport",
    postcode="SK6 6AP",
    country="GB",
    email="hannah@example.com",
)


@dataclass
class Trade:
    """Supplier and retailer who trade: goods by SKU at £10.00 retail, 20 % off on the list, all listed."""

    partnership: Partnership
    price_list: PriceList
    goods: dict[str, Variant]

    @property
    def supplier(self) -> Company:
        return self.partnership.supplier

    @property
    def retailer(self) -> Company:
        return self.partnership.retailer

    def place(self, *lines: OrderLineData, **fields: object) -> Imported:
        """Import an order of the retailer's store."""
        return import_order(
            self.retailer, order_data(*lines, **fields), source_key="store-1", source_name="Acme store", actor=STORE
        )

    def order(self, *skus: str, quantity: int = 2, **fields: object) -> Order:
        """A routed order for some of the goods (all when none is named)."""
        lines = [line(sku, quantity=quantity, variant=self.goods[sku]) for sku in skus or self.goods]
        return self.place(*lines, **fields).order

    def supplier_order(self, *skus: str, quantity: int = 2, **fields: object) -> SupplierOrder:
        return self.order(*skus, quantity=quantity, **fields).supplier_orders.get()


def trade(*skus: str, supplier: Company | None = None, retailer: Company | None = None, **terms: object) -> Trade:
    """A pair that trades in ``skus``."""
    parties = {k: v for k, v in {"supplier": supplier, "retailer": retailer}.items() if v}
    partnership = PartnershipFactory(**parties, **terms)
    skus = skus or ("85123A",)
    goods = {sku: VariantFactory(product__company=partnership.supplier, sku=sku, price=Decimal(10)) for sku in skus}
    price_list = create_price_list(partnership.supplier, name="Trade autumn", percent_off=Decimal(20))
    assign_price_list(partnership, price_list)
    choose(partnership.retailer, partnership=partnership, variant_ids=[one.pk for one in goods.values()])
    return Trade(partnership, price_list, goods)


def line(sku: str = "85123A", *, quantity: object = 2, price: object = "12.75", **fields: object) -> OrderLineData:
    """An order line whose own sum is right; ``variant`` links it to goods as a store's listing does."""
    quantity, price, variant = Decimal(str(quantity)), Decimal(str(price)), fields.pop("variant", None)
    values = {
        "source_line_id": f"line-{sku}-{fields.get('name', '')}",
        "name": f"Item {sku}",
        "total": quantity * price,
    }
    if variant is not None:
        values["variant_id"] = variant.pk
    return OrderLineData(**{"sku": sku, "quantity": quantity, "unit_price": price, **values, **fields})


def order_data(*lines: OrderLineData, **fields: object) -> OrderData:
    """An order whose own sum is right."""
    total = sum((one.total for one in lines), Decimal(0)) + Decimal(str(fields.get("shipping", 0)))
    values = {"number": "AC-20931", "source_id": "20931", "placed_at": clock.now(), "currency": "GBP", "total": total}
    return OrderData(**{**values, "lines": lines, "ship_to": HANNAH, "customer_name": "Hannah Whitlock", **fields})
