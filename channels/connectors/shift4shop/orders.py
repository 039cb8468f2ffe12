"""Orders out of a retailer's store and into a supplier's (vendor reference, section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from channels.connectors.shift4shop import building, mapping_orders
from channels.connectors.shift4shop import mapping_shipments as parcels
from channels.connectors.shift4shop.base import Shift4ShopBase
from channels.connectors.shift4shop.records import flag, number, text
from channels.connectors.shift4shop.rows import Row
from channels.connectors.shift4shop.statuses import state_of, status_row
from channels.connectors.shift4shop.times import filter_date, may_be_since, today
from channels.contract import (
    ChannelOrder,
    ChannelShipment,
    CreatedOrder,
    Known,
    OrderRequest,
    RemoteOrderState,
    RemoteOrderStatus,
    Topic,
    readable,
)
from channels.errors import AlreadyThere, ChannelError, Misconfigured, Rejected
from portal.lib import clock
from portal.lib.address import Address

PATH, KEY = "Orders", "OrderID"
# For orders that a supplier ships: the stock is taken, the consumer gets no mail (section 4.3).
SWITCHES = {"bypassorderprocessing": 0, "bypassorderemail": 1}
NO_PAYMENT_METHOD = (
    "No payment method is chosen for your partners' orders. Choose an offline one, such as Purchase Order,"
    " in the integration's settings; the orders wait until then."
)
RECENT = timedelta(days=10)


class Orders(Shift4ShopBase):
    """Reading and creating orders."""

    def orders(self, *, modified_since: datetime, known: Known | None = None) -> Iterator[Sequence[ChannelOrder]]:
        """Pages of at most 300, by order id and not by time: a cursor may move only after the last page. Abandoned carts are left out.

        Every row comes whole, so nothing is saved by ``known``.
        """
        params = {"lastupdatestart": filter_date(modified_since, self.zone)}
        for page in self.client.walk(PATH, params, key=KEY):
            kept = [
                row
                for row in page
                if not _is_abandoned(row) and may_be_since(row.get("LastUpdate"), self.zone, since=modified_since)
            ]
            if kept:
                yield list(readable(self.session.reads, Topic.ORDER, kept, self._order, key=_id))

    def order(self, remote_id: str) -> ChannelOrder:
        """One order. Raises NotFound."""
        return self._order(self.client.one(f"{PATH}/{remote_id}"))

    def order_statuses(self) -> Sequence[RemoteOrderStatus]:
        """The statuses that are shown in the store, up to 19, with the labels that the merchant gave them."""
        return [status_row(row) for row in self.client.rows("OrderStatus") if row.get("Visible") is not False]

    def shipments(self, remote_order_id: str) -> Sequence[ChannelShipment]:
        """The parcels of one order. Raises NotFound."""
        return parcels.shipments(self.client.one(f"{PATH}/{remote_order_id}"), zone=self.zone)

    def setting_choices(self, name: str) -> Sequence[tuple[str, str]]:
        """Payment methods are read off recent orders, since nothing lists them; statuses are the store's own."""
        readers = {
            "payment_method": self._payment_methods,
            "import_status": lambda: [(status.remote_id, status.label) for status in self.order_statuses()],
            "update_texts": lambda: [("no", "No"), ("yes", "Yes")],
        }
        return readers[name]() if name in readers else ()

    def shipping_methods(self) -> Sequence[str]:
        """Names of shipping methods on recent orders, the most frequent first: nothing lists them (section 4.6)."""
        names = [
            text(shipment, "ShipmentMethodName") for row in self._recent() for shipment in row.get("ShipmentList") or []
        ]
        return sorted({name for name in names if name}, key=lambda name: (-names.count(name), name))

    # -- creating --
    def find_order(self, *, reference: str, reference_prefix: str, number: int) -> CreatedOrder | None:
        """The order with our invoice prefix and number: the only fields of ours that can be searched."""
        prefix = building.invoice_prefix(reference_prefix)
        found = self.client.rows(PATH, {"invoiceprefix": prefix, "invoicenumber": number})
        ours = [row for row in found if _is_ours(row, prefix=prefix, number=number)]
        return _created(min(ours, key=lambda row: int(row["OrderID"]))) if ours else None

    def create_order(self, request: OrderRequest) -> CreatedOrder:
        """Create an order with status New. Raises Misconfigured without a payment method, Rejected, UnclearOutcome."""
        payment_method = building.parse_payment_method(self.session.settings)
        if not payment_method:
            raise Misconfigured(NO_PAYMENT_METHOD, area=PATH, code="setting_missing")
        customer_id = request.customer_remote_id or self.ensure_customer(request.bill_to, key=request.reference_prefix)
        body = building.order_body(request, customer_id=customer_id, payment_method=payment_method, zone=self.zone)
        order_id = self._post_order(body, request)
        number = f"{body['InvoiceNumberPrefix']}{body['InvoiceNumber']}"
        return CreatedOrder(order_id, number, self._line_ids(order_id, request))

    def ensure_customer(self, address: Address, *, key: str) -> str:
        """The customer that stands for a partner, found by its e-mail or made. Safe to repeat."""
        email = building.customer_email(address, key=key)
        if found := self._customer_with(email):
            return found
        try:
            return self.client.post("Customers", building.customer_body(address, email=email))
        except AlreadyThere:
            if found := self._customer_with(email):
                return found
            raise

    def _post_order(self, body: dict[str, Any], request: OrderRequest) -> str:
        """Create it; when the store says that the partner's customer record is gone, with a new one."""
        try:
            return self.client.post(PATH, body, SWITCHES)
        except Rejected as error:
            if error.field != "customer":
                raise
        customer_id = self.ensure_customer(request.bill_to, key=request.reference_prefix)
        return self.client.post(PATH, {**body, "CustomerID": int(customer_id)}, SWITCHES)

    def _customer_with(self, email: str) -> str:
        found = self.client.rows("Customers", {"email": email})
        return next((text(row, "CustomerID") for row in found if text(row, "Email").lower() == email.lower()), "")

    def _line_ids(self, order_id: str, request: OrderRequest) -> dict[str, str]:
        """Their line ids, by our mark or by content. The order exists by now: if it cannot be read back, that must not look like a failure."""
        try:
            items = self.client.one(f"{PATH}/{order_id}").get("OrderItemList") or []
        except ChannelError:
            return {}
        return building.line_ids(items) or _matched(items, request)

    def _order(self, row: Row) -> ChannelOrder:
        return mapping_orders.order(row, zone=self.zone, currency=self.currency)

    def _recent(self) -> list[Row]:
        return self.client.rows(PATH, {"datestart": today(clock.now() - RECENT, self.zone)})

    def _payment_methods(self) -> list[tuple[str, str]]:
        """Those of orders that were not paid online: an order of ours can only use an offline one."""
        offline = [row for row in self._recent() if not flag(row, "BillingOnLinePayment")]
        found = {text(row, "BillingPaymentMethodID"): text(row, "BillingPaymentMethod") for row in offline}
        return [
            (f"{id} {name}".strip(), f"{name or 'Payment method'} ({id})")
            for id, name in sorted(found.items())
            if id.isdigit()
        ]


def _id(row: Row) -> object:
    return row.get(KEY, "")


def _is_abandoned(row: Row) -> bool:
    return state_of(text(row, "OrderStatusID")) is RemoteOrderState.INCOMPLETE


def _is_ours(row: Row, *, prefix: str, number: int) -> bool:
    return text(row, "InvoiceNumberPrefix").lower() == prefix.lower() and text(row, "InvoiceNumber") == str(number)


def _created(row: Row) -> CreatedOrder:
    return CreatedOrder(
        text(row, "OrderID"), mapping_orders.number_of(row), building.line_ids(row.get("OrderItemList") or [])
    )


def _matched(items: Sequence[Row], request: OrderRequest) -> dict[str, str]:
    """Their lines for ours by product, variant and quantity, each used once."""
    left = list(items)
    matched: dict[str, str] = {}
    for line in request.lines:
        for item in left:
            same_goods = (text(item, "CatalogID"), mapping_orders.variant_id(item)) == (
                line.remote_product_id,
                line.remote_variant_id,
            )
            if same_goods and number(item, "ItemQuantity") == line.quantity:
                matched[line.line_id] = text(item, "ItemIndexID")
                left.remove(item)
                break
    return matched
