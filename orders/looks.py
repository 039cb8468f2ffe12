"""How order states look, for each side, and the steps of an order as a person follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orders.models import Order, OrderState, Shipment, SupplierOrder, SupplierOrderState
from portal.lib import clock
from portal.ui.looks import FINE, GONE, HELD, IN_STORE, MOVING, ON_ITS_WAY, QUIET, UNMATCHED, Look

SUPPLIER_LOOKS: dict[str, Look] = {
    SupplierOrderState.WAITING: QUIET.named("Waiting"),
    SupplierOrderState.SENDING: MOVING.named("Sending"),
    SupplierOrderState.SENT: IN_STORE.named("In your store"),
    SupplierOrderState.PARTLY_SHIPPED: ON_ITS_WAY,
    SupplierOrderState.SHIPPED: FINE.named("Shipped"),
    SupplierOrderState.HELD: HELD,
    SupplierOrderState.CANCELLED: GONE,
}
PART_LOOKS = SUPPLIER_LOOKS | {SupplierOrderState.SENT: IN_STORE.named("In supplier’s store")}
ORDER_LOOKS: dict[str, Look] = {
    OrderState.IMPORTED: QUIET.named("Your own goods"),
    OrderState.NEEDS_MATCH: UNMATCHED,
    OrderState.HELD: HELD,
    OrderState.ROUTED: MOVING.named("With supplier"),
    OrderState.PARTLY_SHIPPED: ON_ITS_WAY,
    OrderState.SHIPPED: FINE.named("Shipped"),
    OrderState.CANCELLED: GONE,
}
_ICONS = {"done": "check", "now": "truck", "wait": "triangle-alert", "todo": ""}


@dataclass(frozen=True, slots=True)
class Step:
    """A step: ``state`` is done, now, wait (blocked) or todo; ``at`` when, ``where`` in which system, ``due`` a hint for what is to come."""

    label: str
    state: str
    at: datetime | None = None
    where: str = ""
    due: datetime | None = None

    @property
    def icon(self) -> str:
        return _ICONS[self.state]


def supplier_steps(part: SupplierOrder, parcels: list[Shipment]) -> list[Step]:
    """Received → accepted → in the store → shipped → told the customer, as the supplier follows them."""
    is_shipped = part.state == SupplierOrderState.SHIPPED
    shipping = _shipping(part, parcels, is_shipped)
    return [
        Step("Received", "done", part.order.imported_at, f"{part.retailer.name}’s order {part.order.number}"),
        _accepted(part),
        _in_store(part, bool(parcels)),
        *shipping,
        _told(part, parcels, is_shipped),
    ]


def _accepted(part: SupplierOrder) -> Step:
    if part.accepted_at is None:
        return Step("Accepted", "wait" if part.state != SupplierOrderState.CANCELLED else "todo", where="waits for you")
    by_agreement = part.partnership is None or not part.partnership.needs_acceptance
    return Step("Accepted", "done", part.accepted_at, "by agreement" if by_agreement else "by you")


def _in_store(part: SupplierOrder, has_parcels: bool) -> Step:
    if part.sent_at:
        where = f"order {part.outside_number}" if part.outside_number else part.outside_system
        return Step(f"In {part.outside_system or 'your store'}", "done", part.sent_at, where)
    if part.state == SupplierOrderState.HELD:
        return Step("In your store", "wait", where="refused")
    if has_parcels:
        return Step("Worked by hand", "done", where="in the portal")
    if part.state == SupplierOrderState.SENDING:
        return Step("In your store", "now", where="being sent")
    return Step("In your store", "todo", where="or ship it from here")


def _shipping(part: SupplierOrder, parcels: list[Shipment], is_shipped: bool) -> list[Step]:
    first = parcels[0] if parcels else None
    if is_shipped:
        return [Step("Shipped", "done", part.shipped_at, _parcels(parcels))]
    if first:
        return [
            Step("Partly shipped", "now", first.shipped_at, _parcels(parcels)),
            Step("Shipped", "todo", due=part.due_at),
        ]
    return [Step("Shipped", "todo", due=part.due_at if part.state != SupplierOrderState.CANCELLED else None)]


def _parcels(parcels: list[Shipment]) -> str:
    carriers = ", ".join(sorted({parcel.carrier for parcel in parcels if parcel.carrier}))
    count = f"{len(parcels)} parcels" if len(parcels) > 1 else ""
    return " · ".join(word for word in (carriers, count) if word)


def _told(part: SupplierOrder, parcels: list[Shipment], is_shipped: bool) -> Step:
    told = [parcel.told_at for parcel in parcels if parcel.told_at]
    where = f"{part.retailer.name}’s store"
    if is_shipped and len(told) == len(parcels):
        return Step("Customer told", "done", max(told), where)
    return Step("Customer told", "now" if is_shipped else "todo", where=where)


def retailer_steps(order: Order, parts: list[SupplierOrder], parcels: list[Shipment]) -> list[Step]:
    """Arrived → matched → with the supplier → shipped → in your store, as the retailer follows them."""
    names = ", ".join(sorted({part.supplier.name for part in parts}))
    is_held = order.state in {OrderState.HELD, OrderState.NEEDS_MATCH}
    routed = min((part.created_at for part in parts), default=None)
    is_shipped = order.state == OrderState.SHIPPED
    told = [parcel.told_at for parcel in parcels if parcel.told_at]
    all_told = bool(parcels) and len(told) == len(parcels)
    shipping = "done" if is_shipped else "now" if parcels else "todo"
    return [
        Step("Arrived", "done", order.imported_at, order.source_name),
        Step("Checked", "wait" if is_held and not parts else "done" if parts else "todo", routed, _held_word(order)),
        Step("With supplier", "wait" if is_held and parts else "done" if parts else "todo", routed, names),
        Step(
            "Shipped" if is_shipped or not parcels else "Partly shipped",
            shipping,
            parcels[-1].shipped_at if parcels else None,
            _parcels(parcels),
            due=None if parcels else min((part.due_at for part in parts if part.due_at), default=None),
        ),
        Step(
            "Customer told",
            "done" if is_shipped and all_told else "now" if is_shipped else "todo",
            max(told, default=None) if is_shipped else None,
            order.source_name,
        ),
    ]


def _held_word(order: Order) -> str:
    words: dict[str, str] = {OrderState.NEEDS_MATCH: "needs a match", OrderState.HELD: "held"}
    return words.get(order.state, "")


@dataclass(frozen=True, slots=True)
class Due:
    """How the ship-by clock looks: "late", "soon" (under four hours) or quiet."""

    at: datetime
    tone: str
    words: str


def due_of(part: SupplierOrder) -> Due | None:
    """The clock of a supplier order that is still to be shipped; None for the others."""
    if part.due_at is None or part.state in {SupplierOrderState.SHIPPED, SupplierOrderState.CANCELLED}:
        return None
    left = (part.due_at - clock.now()).total_seconds()
    if left < 0:
        return Due(part.due_at, "late", f"{_span(-left)} late")
    return Due(part.due_at, "soon", f"{_span(left)} left") if left < 4 * 3600 else Due(part.due_at, "", "")


def _span(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h {minutes % 60} min" if hours < 24 else f"{hours // 24} d"
