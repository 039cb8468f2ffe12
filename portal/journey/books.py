"""The books of the three systems, compared line by line: what was lost, what was doubled, what differs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from channels.models import OrderLink, SupplierOrderLink
from orders.models import LineKind, Order, OrderState, Shipment, SupplierOrder
from portal.journey.trade_cast import Pair

CENT = Decimal("0.01")


@dataclass
class Book:
    """One system's totals: orders, lines, units, and money in pounds."""

    name: str
    orders: int = 0
    lines: int = 0
    units: int = 0
    money: Decimal = Decimal(0)

    def add(self, lines: list[tuple[int, Decimal]]) -> None:
        self.orders += 1
        self.lines += len(lines)
        self.units += sum(quantity for quantity, _ in lines)
        self.money += sum((quantity * price for quantity, price in lines), Decimal(0))


@dataclass
class Balance:
    """The comparison. It balances when nothing is lost, doubled, different or without a reason."""

    books: list[Book] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    traded_lines: int = 0
    held_lines: int = 0
    read_lines: int = 0
    held_reasons: Counter[str] = field(default_factory=Counter)

    @property
    def balances(self) -> bool:
        return not (self.lost or self.doubled or self.different or self.unexplained) and (
            self.traded_lines + self.held_lines == self.read_lines
        )


def compare(pair: Pair, placed: dict[str, list[tuple[int, Decimal]]]) -> Balance:
    """Compare what customers placed (order id at the store → lines), the retailer's store, the portal and the supplier's store."""
    balance = Balance()
    sold = {str(order["id"]): order for order in pair.retailer.store.orders()}
    bought = pair.supplier.store.orders()
    _sold_side(balance, pair, placed, sold)
    _bought_side(balance, pair, bought)
    _tracking(balance, pair, sold)
    _held(balance, pair)
    return balance


def _sold_side(
    balance: Balance, pair: Pair, placed: dict[str, list[tuple[int, Decimal]]], sold: dict[str, Any]
) -> None:
    """Retailer's store = portal orders, by order and line."""
    store, portal = Book("Retailer's store"), Book("Portal, sold")
    links: dict[str, list[Order]] = defaultdict(list)
    for link in OrderLink.objects.filter(integration=pair.retailer.integration).select_related("order"):
        links[link.remote_id].append(link.order)
    for remote_id in placed:
        theirs = [(int(line["quantity"]), Decimal(line["price"])) for line in sold[remote_id]["lines"]]
        store.add(theirs)
        if Counter(theirs) != Counter(placed[remote_id]):
            balance.different.append(f"order {remote_id}: the store does not hold what was placed")
        ours = links.get(remote_id, [])
        if not ours:
            balance.lost.append(f"order {remote_id} is not in the portal")
            continue
        if len(ours) > 1:
            balance.doubled.append(f"order {remote_id} is {len(ours)} times in the portal")
        lines = [(line.quantity, line.unit_price) for line in ours[0].lines.all() if line.kind != LineKind.CHARGE]
        portal.add(lines)
        if Counter(_cents(lines)) != Counter(_cents(theirs)):
            balance.different.append(f"order {ours[0].number}: lines differ between store and portal")
    extra = Order.objects.filter(company=pair.retailer.company).count() - len(placed)
    if extra > 0:
        balance.doubled.append(f"{extra} orders in the portal that nobody placed")
    balance.books += [store, portal]


def _bought_side(balance: Balance, pair: Pair, bought: list[dict[str, Any]]) -> None:
    """Portal supplier orders = supplier's store, by reference and line."""
    portal, store = Book("Portal, bought"), Book("Supplier's store")
    by_reference: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for order in bought:
        by_reference[order["reference"]].append(order)
    ours = SupplierOrder.objects.filter(supplier=pair.supplier.company).prefetch_related("lines")
    for supplier_order in ours:
        lines = [(line.sku, line.quantity, line.unit_price) for line in supplier_order.lines.all()]
        portal.add([(quantity, price) for _, quantity, price in lines])
        there = by_reference.pop(supplier_order.reference, [])
        if not there:
            balance.lost.append(f"{supplier_order.reference} ({supplier_order.state}) is not in the supplier's store")
        if len(there) > 1:
            balance.doubled.append(f"{supplier_order.reference} is {len(there)} times in the supplier's store")
        for order in there:
            theirs = [(line["sku"], int(line["quantity"]), Decimal(line["price"])) for line in order["lines"]]
            store.add([(quantity, price) for _, quantity, price in theirs])
        if there and Counter((s, q, p.quantize(CENT)) for s, q, p in lines) != Counter(
            (line["sku"], int(line["quantity"]), Decimal(line["price"]).quantize(CENT)) for line in there[0]["lines"]
        ):
            balance.different.append(f"{supplier_order.reference}: lines differ between portal and supplier's store")
    for reference, orders in by_reference.items():
        balance.doubled.append(
            f"{len(orders)} orders in the supplier's store with {reference or 'no'} reference that we did not make"
        )
    balance.books += [portal, store]


def _tracking(balance: Balance, pair: Pair, sold: dict[str, Any]) -> None:
    """Every parcel of the supplier's store is told in the retailer's store, once, and what is complete says Shipped."""
    remote = dict(OrderLink.objects.filter(integration=pair.retailer.integration).values_list("order_id", "remote_id"))
    told: dict[int, list[str]] = defaultdict(list)
    for shipment in Shipment.objects.filter(supplier_order__supplier=pair.supplier.company).select_related(
        "supplier_order"
    ):
        told[shipment.supplier_order.order_id].append(shipment.tracking_number)
    for order_id, numbers in told.items():
        there = _numbers(sold[remote[order_id]])
        for number in numbers:
            if there.count(number) != 1:
                where = balance.lost if number not in there else balance.doubled
                where.append(
                    f"parcel {number} of order {remote[order_id]} stands {there.count(number)} times in the retailer's store"
                )
    unshipped = Order.objects.filter(company=pair.retailer.company, state=OrderState.SHIPPED).values_list(
        "pk", flat=True
    )
    for order_id in unshipped:
        if str(sold[remote[order_id]]["status_name"]).lower() not in {"shipped", "completed"}:
            balance.different.append(
                f"order {remote[order_id]} is shipped and its store says {sold[remote[order_id]]['status_name']}"
            )
    unsent = SupplierOrderLink.objects.filter(integration=pair.supplier.integration, is_complete=False).count()
    if unsent:
        balance.different.append(f"{unsent} supplier orders are not completely shipped in the portal")


def _numbers(order: dict[str, Any]) -> list[str]:
    """All tracking numbers of a store's order; some channels keep them in one field."""
    return [
        number.strip()
        for parcel in order["shipments"]
        for number in str(parcel["tracking"]).replace(";", ",").split(",")
    ]


def _held(balance: Balance, pair: Pair) -> None:
    """traded + held = lines read, and every held order says why."""
    for order in Order.objects.filter(company=pair.retailer.company).prefetch_related("lines__supplier_line"):
        goods = [line for line in order.lines.all() if line.kind != LineKind.CHARGE]
        traded = [line for line in goods if hasattr(line, "supplier_line")]
        balance.read_lines += len(goods)
        balance.traded_lines += len(traded)
        if len(traded) == len(goods):
            continue
        if order.state in {OrderState.HELD, OrderState.NEEDS_MATCH} and order.held_reason:
            balance.held_lines += len(goods) - len(traded)
            balance.held_reasons[order.held_code or order.state] += 1
        else:
            balance.unexplained.append(
                f"order {order.number} ({order.state}) has lines that are neither traded nor held"
            )


def _cents(lines: list[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    return [(quantity, price.quantize(CENT)) for quantity, price in lines]
