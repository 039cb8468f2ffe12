"""The two lists of orders: what we ship for others, and what our customers bought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseBase

from orders.data import Actor
from orders.holds import label_of
from orders.looks import ORDER_LOOKS, SUPPLIER_LOOKS, due_of
from orders.models import (
    LineKind,
    Order,
    OrderLine,
    OrderState,
    Shipment,
    SupplierOrder,
    SupplierOrderLine,
    SupplierOrderState,
)
from orders.selectors import Items
from orders.services import accept_supplier_order, release_hold
from portal.companies.guard import requires
from portal.companies.models import Partnership
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty, ListView, PeriodFilter, Tab

S, P = SupplierOrderState, OrderState
OPEN_PARTS = (S.WAITING, S.SENDING, S.SENT, S.PARTLY_SHIPPED)
OPEN_ORDERS = (P.ROUTED, P.PARTLY_SHIPPED)


def items_of(row: Any) -> Items:
    """What a row holds, from its prefetched lines; charges are not goods."""
    lines = [line for line in row.lines.all() if getattr(line, "kind", "") != LineKind.CHARGE]
    first = (lines[0].name or lines[0].sku) if lines else ""
    return Items(first, max(len(lines) - 1, 0), sum(line.quantity for line in lines))


def first_item(row: Any) -> str:
    """For exports: the names of all items in one cell."""
    return "; ".join(f"{line.quantity} × {line.sku or line.name}" for line in row.lines.all())


def supplier_names(row: Order) -> str:
    """Who ships an order, from its prefetched parts."""
    names = {part.supplier.name for part in row.supplier_orders.all() if part.state != S.CANCELLED}
    return ", ".join(sorted(names))


def references(row: Order) -> str:
    return ", ".join(part.reference for part in row.supplier_orders.all() if part.state != S.CANCELLED)


def due_at(row: SupplierOrder) -> datetime | None:
    due = due_of(row)
    return due.at if due else None


def note_of(row: SupplierOrder) -> str:
    """The one thing worth saying of a row, in words, for exports and the note cell."""
    if row.held_code:
        return label_of(row.held_code)
    parcels = list(row.shipments.all())
    if len(parcels) > 1:
        return f"{len(parcels)} parcels"
    return parcels[0].tracking_number if parcels else ""


def partners(view: ListView) -> list[tuple[int, str]]:
    """The retailers that this supplier trades with."""
    rows = Partnership.objects.filter(supplier=view.request.scope.company, retailer__isnull=False)
    return list(rows.order_by("retailer__name").values_list("pk", "retailer__name")[:200])


def suppliers(view: ListView) -> list[tuple[int, str]]:
    """The suppliers of this retailer."""
    rows = Partnership.objects.filter(retailer=view.request.scope.company, supplier__isnull=False)
    return list(rows.order_by("supplier__name").values_list("supplier_id", "supplier__name").distinct()[:200])


def accept_all(view: ListView, rows: QuerySet) -> str:
    """Accept the chosen orders; those accepted already are left as they are."""
    waiting = list(rows.filter(accepted_at=None).exclude(state=S.CANCELLED))
    for row in waiting:
        accept_supplier_order(row, actor=Actor.of(view.request.scope))
    count = len(waiting)
    return f"{count} {'order is' if count == 1 else 'orders are'} accepted and on the way to your store."


def try_again(view: ListView, rows: QuerySet) -> str:
    """Look at the chosen held orders again."""
    freed, left = 0, ""
    for row in rows.filter(held_code__gt=""):
        try:
            release_hold(row, actor=Actor.of(view.request.scope))
            freed += 1
        except DomainError as error:
            left = error.sentence
    if left and not freed:
        raise DomainError(left)
    return f"{freed} {'order goes' if freed == 1 else 'orders go'} on.{' The others still wait.' if left else ''}"


class ToShipList(ListView):
    """Supplier orders, as the supplier sees them."""

    name, title, model = "orders", "Orders", SupplierOrder
    order = "-placed_at"
    help_slug = "orders"
    template = "orders/list.html"
    columns = (
        Column("reference", "Order", kind="code", link=True, place="1l"),
        Column("partner", "Partner", value="retailer.name", cell="orders/cells/partner.html", place="2l"),
        Column("their_number", "Their number", value="order.number", kind="code", hide="lg"),
        Column("outside", "Your store", value="outside_number", kind="code", hide="lg"),
        Column(
            "items",
            "Items",
            value=items_of,
            cell="orders/cells/items.html",
            export=first_item,
            place="3l",
            extra_class="itemcell",
        ),
        Column("units", "Units", value=lambda row: items_of(row).units, kind="number", hide="md"),
        Column("total", "Total", kind="money", place="1r"),
        Column("state", "State", kind="state", looks=SUPPLIER_LOOKS, place="2r"),
        Column(
            "due_at", "Ship by", cell="orders/cells/due.html", value=due_of, export=due_at, sort="due_at", place="3r"
        ),
        Column("note", "Note", value=note_of, cell="orders/cells/note.html", hide="md"),
        Column("placed_at", "Placed", kind="time", sort="placed_at", newest_first=True, shown=False),
        Column("ship_to", "Ship to", value=lambda row: row.ship_to.get("city", ""), shown=False),
    )
    tabs = (
        Tab("open", "Open", Q(state__in=OPEN_PARTS)),
        Tab("accept", "To accept", Q(state=S.WAITING, accepted_at=None), tone="bad"),
        Tab("held", "Held", Q(state=S.HELD), tone="bad"),
        Tab("late", "Late", Q(state__in=OPEN_PARTS, due_at__lt=Now()), tone="bad"),
        Tab("shipped", "Shipped", Q(state=S.SHIPPED), counted=False),
        Tab("all", "All", counted=False),
    )
    search, search_hint = ("reference",), "Number, SKU, tracking"
    filters = (
        ChoiceFilter("partner", "Partner", partners, field="partnership_id"),
        PeriodFilter("placed", "Placed", field="placed_at"),
    )
    actions = (
        BulkAction("accept", "Accept", run=accept_all, permission=Can.ORDERS, icon="check"),
        BulkAction("retry", "Send again", run=try_again, permission=Can.ORDERS, icon="refresh-cw"),
    )
    empty = Empty(
        "shopping-cart",
        "No orders yet",
        "When a partner’s customer buys your goods, the order is here within a minute, priced by your list.",
        "partners",
        "Invite a retailer",
    )

    def rows(self) -> QuerySet:
        rows = self.request.scope.rows(SupplierOrder).filter(supplier=self.request.scope.company)
        return rows.select_related("retailer", "order").prefetch_related("lines", "shipments")

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        lines = SupplierOrderLine.objects.filter(supplier_order=OuterRef("pk"), sku__istartswith=text)
        parcels = Shipment.objects.filter(supplier_order=OuterRef("pk"), tracking_number__istartswith=text)
        numbers = (
            Q(reference__istartswith=text) | Q(outside_number__istartswith=text) | Q(order__number__istartswith=text)
        )
        if text.isdigit():
            numbers |= Q(number=int(text[:18]))
        return rows.filter(numbers | Exists(lines) | Exists(parcels))

    def extra(self) -> dict[str, Any]:
        return {"side": "to-ship", "is_both": self.request.scope.company.is_retailer}


class SupplierChoice(ChoiceFilter):
    """Orders of which a supplier ships a part; a join would show an order twice."""

    def where(self, values: list[str], view: Any) -> Q:
        known = [int(value) for value, _ in self.options(view) if value in values]
        parts = SupplierOrder.objects.filter(order=OuterRef("pk"), supplier_id__in=known)
        return Q(Exists(parts))


class CustomerOrderList(ListView):
    """Customer orders, as the retailer sees them."""

    name, title, model = "customer-orders", "Orders", Order
    order = "-placed_at"
    help_slug = "orders"
    template = "orders/list.html"
    columns = (
        Column("number", "Order", kind="code", link=True, place="1l"),
        Column("customer_name", "Customer", place="2l"),
        Column("suppliers", "Supplier", value=supplier_names, hide="lg"),
        Column(
            "items",
            "Items",
            value=items_of,
            cell="orders/cells/items.html",
            export=first_item,
            place="3l",
            extra_class="itemcell",
        ),
        Column("units", "Units", value=lambda row: items_of(row).units, kind="number", hide="md"),
        Column("total", "Total", kind="money", place="1r"),
        Column("state", "State", kind="state", looks=ORDER_LOOKS, place="2r"),
        Column("placed_at", "Placed", kind="time", sort="placed_at", newest_first=True, place="3r"),
        Column("note", "Note", value=lambda row: label_of(row.held_code), cell="orders/cells/note.html", hide="md"),
        Column("source_name", "From", shown=False),
        Column("references", "Our number", value=references, kind="code", shown=False),
    )
    tabs = (
        Tab("open", "Open", Q(state__in=(*OPEN_ORDERS, P.HELD, P.NEEDS_MATCH))),
        Tab("match", "Needs match", Q(state=P.NEEDS_MATCH), tone="bad"),
        Tab("held", "Held", Q(state=P.HELD), tone="bad"),
        Tab("shipped", "Shipped", Q(state=P.SHIPPED), counted=False),
        Tab("all", "All", counted=False),
    )
    search, search_hint = ("number",), "Number, name, SKU, tracking"
    filters = (
        SupplierChoice("supplier", "Supplier", suppliers),
        ChoiceFilter("state", "State", OrderState.choices),
        PeriodFilter("placed", "Placed", field="placed_at"),
    )
    actions = (BulkAction("retry", "Check again", run=try_again, permission=Can.ORDERS, icon="refresh-cw"),)
    empty = Empty(
        "shopping-cart",
        "No orders yet",
        "Orders from your store are here within a minute of being placed. You can also enter one yourself.",
        "order-enter",
        "Enter an order",
    )

    def rows(self) -> QuerySet:
        return self.request.scope.rows(Order).prefetch_related("lines", "supplier_orders__supplier")

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        lines = OrderLine.objects.filter(order=OuterRef("pk"), sku__istartswith=text)
        parcels = Shipment.objects.filter(supplier_order__order=OuterRef("pk"), tracking_number__istartswith=text)
        parts = SupplierOrder.objects.filter(order=OuterRef("pk"), reference__istartswith=text)
        names = Q(number__istartswith=text) | Q(customer_name__icontains=text)
        return rows.filter(names | Exists(lines) | Exists(parcels) | Exists(parts))

    def extra(self) -> dict[str, Any]:
        return {"side": "customers", "is_both": self.request.scope.company.is_supplier}


@requires(Can.VIEW)
def orders_home(request: HttpRequest) -> HttpResponseBase:
    """The list that fits the company: what it ships for others, or what its customers bought."""
    view = ToShipList if request.scope.company.is_supplier else CustomerOrderList
    return view.as_view()(request)
