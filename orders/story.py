"""The timeline: every event as a sentence, in the words of whoever reads it. One table, one entry a kind and side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from orders.models import EventKind, Order, OrderEvent, SupplierOrder
from portal.companies.models.audit import ActorKind
from portal.lib.money import display


class Side(StrEnum):
    """Who reads."""

    SUPPLIER = "supplier"
    RETAILER = "retailer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. ``initials`` are a person's, else ``icon`` shows the system; ``link`` is the text of the remote record."""

    at: datetime
    sentence: str
    detail: str
    icon: str
    initials: str = ""
    who: str = ""
    remote: str = ""
    tone: str = ""

    @property
    def is_person(self) -> bool:
        return bool(self.initials)


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence is made of: the event, who reads it, and the names."""

    event: OrderEvent
    side: Side
    order: Order
    supplier_order: SupplierOrder | None

    @property
    def data(self) -> dict[str, Any]:
        return self.event.data

    @property
    def retailer(self) -> str:
        return "you" if self.side == Side.RETAILER else self.order.company.name

    @property
    def retailers(self) -> str:
        """Possessive."""
        return "your" if self.side == Side.RETAILER else f"{self.order.company.name}’s"

    @property
    def supplier(self) -> str:
        if self.supplier_order is None:
            return str(self.data.get("suppliers") or "the supplier")
        return "you" if self.side == Side.SUPPLIER else self.supplier_order.supplier.name

    @property
    def suppliers(self) -> str:
        if self.supplier_order is None:
            return "the supplier’s"
        return "your" if self.side == Side.SUPPLIER else f"{self.supplier_order.supplier.name}’s"

    @property
    def person(self) -> str:
        """Who did it, by first name."""
        user = self.event.actor_user
        return (user.first_name or user.email) if user else (self.event.actor_name or "Somebody")

    def money(self, key: str = "total") -> str:
        return display(Decimal(str(self.data.get(key) or 0)), str(self.data.get("currency") or self.order.currency))


Words = tuple[str, str]


def _units(told: Told) -> str:
    return ", ".join(f"{quantity} × {name}" for quantity, name in told.data.get("lines", []))


def _imported(told: Told) -> Words:
    lag = (told.event.at - told.order.placed_at).total_seconds()
    after = f"{_span(lag)} after it was placed" if 0 <= lag < 86_400 else ""
    if told.side == Side.RETAILER:
        return f"Order {told.order.number} arrived from {told.data.get('source') or 'your store'}", after.capitalize()
    return f"Order {told.order.number} arrived from {told.order.company.name}", after.capitalize()


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def _entered(told: Told) -> Words:
    if told.side == Side.RETAILER:
        return f"{told.person} entered this order", "Without a store: it goes the same way from here"
    return f"{told.order.company.name} entered order {told.order.number}", ""


def _held(told: Told) -> Words:
    more = told.data.get("more") or 0
    detail = str(told.data.get("sentence", ""))
    if more:
        detail += f" {more} more {'reason' if more == 1 else 'reasons'} below."
    return f"Held: {told.data.get('label') or 'needs a look'}", detail


def _matched(told: Told) -> Words:
    sku = told.data.get("sku") or told.data.get("name") or "a line"
    if not told.data.get("to"):
        return f"{told.person} marked {sku} as your own goods", "We remember it for later orders"
    return f"{told.person} matched {sku} to {told.data['to']} of {told.data.get('supplier')}", "We remember it"


def _routed(told: Told) -> Words:
    parts = told.data.get("parts") or 1
    detail = f"Split into {parts} supplier orders, one for each supplier and address" if parts > 1 else ""
    return f"Passed on to {told.data.get('suppliers') or 'the supplier'}", detail


def _priced(told: Told) -> Words:
    lines = told.data.get("lines") or 0
    total = f"{lines} {'line' if lines == 1 else 'lines'}, {told.money()}. Placed orders are never repriced"
    return f"Priced by {told.data.get('price_list')}, version {told.data.get('version')}", total


def _accepted(told: Told) -> Words:
    if told.side == Side.SUPPLIER:
        return f"{told.person} accepted the order", f"{told.order.company.name} was told"
    return f"{told.supplier} accepted the order", ""


def _sent(told: Told) -> Words:
    system = told.data.get("system") or "the store"
    if told.side == Side.RETAILER:
        return f"{told.supplier} has the order in its store", ""
    return f"Created in {system}", f"As order {told.data.get('number')}, with our reference {told.supplier_order}"


def _unclear(told: Told) -> Words:
    return (
        "Your store gave no clear answer",
        "The order may be there. We look our reference up before anything is sent again",
    )


def _refused(told: Told) -> Words:
    if told.side == Side.RETAILER:
        return f"{told.supplier} cannot take the order yet", "Their store refused it; they were told what to do"
    return "Your store refused the order", str(told.data.get("sentence", ""))


def _shipped(told: Told) -> Words:
    carrier = f" with {told.data['carrier']}" if told.data.get("carrier") else ""
    tracking = str(told.data.get("tracking") or "No tracking number")
    if told.data.get("corrected"):
        return f"Tracking changed to {tracking}", f"Carrier: {told.data['carrier']}" if carrier else ""
    who = "" if told.side == Side.SUPPLIER or not told.supplier_order else f" {told.supplier}"
    left = f"Parcel {told.data.get('parcel') or 1} left{who}{carrier}"
    return left, f"{tracking} · {_units(told)}"


def _told(told: Told) -> Words:
    left = told.data.get("open_units") or 0
    detail = f"{left} {'unit is' if left == 1 else 'units are'} still to come" if left else "Nothing is left to ship"
    system = told.data.get("system") if told.side == Side.RETAILER else f"{told.retailers} store"
    return f"Tracking written to {system}", detail


def _changed(told: Told) -> Words:
    what = str(told.data.get("what", ""))
    if told.data.get("followed"):
        return f"Changed in {told.retailers} store before it was sent on", f"Followed: {what}"
    return (
        f"Changed in {told.retailers} store after it was sent on",
        f"Nothing was changed here: {what} Agree on what to ship",
    )


def _cancelled(told: Told) -> Words:
    if told.data.get("replaced"):
        return "Taken back: the order changed before it was sent on", "It comes again under a new reference"
    if told.data.get("at_store"):
        return f"Cancelled in {told.retailers} store", "Nothing had been sent on"
    name = told.person if told.side == Side.RETAILER else told.order.company.name
    return f"{name} cancelled the order", str(told.data.get("reason") or "Nothing had been sent on")


def _let_through(told: Told) -> Words:
    return f"{told.person} let it through", ", ".join(told.data.get("labels", []))


_NOTES: dict[str, Callable[[Told], Words]] = {
    "text": lambda told: (f"{_writer(told)} wrote: {told.data.get('text', '')}", ""),
    "only_own_goods": lambda told: ("Only your own goods: nothing to pass on", "You ship this order yourself"),
    "own_goods_left": lambda told: ("The partners’ part is shipped", "Your own goods in this order are yours to ship"),
    "let_through": _let_through,
    "address_corrected": lambda told: (f"{told.person} corrected the address", str(told.data.get("town", ""))),
    "tried_again": lambda told: (f"{told.person} sent it on again", ""),
    "told_problem": lambda told: (
        f"{told.data.get('system') or 'Your store'} did not take the tracking",
        str(told.data.get("sentence", "")),
    ),
}


def _writer(told: Told) -> str:
    """A person by first name; the other side's also with their company."""
    part = told.supplier_order
    side = Side.SUPPLIER if part and _works_for(told.event, part.supplier_id) else Side.RETAILER
    company = part.supplier if part and side == Side.SUPPLIER else told.order.company
    return told.person if told.side == side else f"{told.person} ({company.name})"


def _works_for(event: OrderEvent, company_id: int) -> bool:
    return event.data.get("company") == company_id


def _note(told: Told) -> Words:
    teller = _NOTES.get(str(told.data.get("what", "")))
    return teller(told) if teller else (str(told.data.get("sentence") or "Noted"), "")


TELLERS: dict[str, Callable[[Told], Words]] = {
    EventKind.IMPORTED: _imported,
    EventKind.ENTERED: _entered,
    EventKind.HELD: _held,
    EventKind.MATCHED: _matched,
    EventKind.ROUTED: _routed,
    EventKind.PRICED: _priced,
    EventKind.ACCEPTED: _accepted,
    EventKind.SENT: _sent,
    EventKind.SEND_UNCLEAR: _unclear,
    EventKind.SEND_REFUSED: _refused,
    EventKind.SHIPPED: _shipped,
    EventKind.TRACKING_TOLD: _told,
    EventKind.CHANGED_AT_STORE: _changed,
    EventKind.CANCELLED: _cancelled,
    EventKind.NOTE: _note,
}
ICONS: dict[str, str] = {
    EventKind.IMPORTED: "zap",
    EventKind.ENTERED: "pencil",
    EventKind.HELD: "circle-pause",
    EventKind.MATCHED: "link",
    EventKind.ROUTED: "split",
    EventKind.PRICED: "tag",
    EventKind.ACCEPTED: "check",
    EventKind.SENT: "store",
    EventKind.SEND_UNCLEAR: "circle-question-mark",
    EventKind.SEND_REFUSED: "circle-alert",
    EventKind.SHIPPED: "truck",
    EventKind.TRACKING_TOLD: "store",
    EventKind.CHANGED_AT_STORE: "triangle-alert",
    EventKind.CANCELLED: "circle-x",
    EventKind.NOTE: "message-square",
}
_WARN = frozenset({EventKind.HELD, EventKind.SEND_REFUSED, EventKind.CHANGED_AT_STORE, EventKind.SEND_UNCLEAR})
_PEOPLE = frozenset({ActorKind.PERSON, ActorKind.STAFF})


def tell(events: Iterable[OrderEvent], *, side: Side) -> list[Entry]:
    """The entries for ``events`` (with order, supplier order and actor loaded) as ``side`` reads them, in the order given."""
    return [_entry(event, side) for event in events]


def _entry(event: OrderEvent, side: Side) -> Entry:
    told = Told(event, side, event.order, event.supplier_order)
    sentence, detail = TELLERS[event.kind](told)
    user = event.actor_user if event.actor_kind in _PEOPLE else None
    return Entry(
        at=event.at,
        sentence=sentence,
        detail=detail,
        icon=ICONS[event.kind],
        initials=user.initials if user else "",
        who=str(user) if user else event.actor_name,
        remote=_remote(event, side),
        tone="warn" if event.kind in _WARN and not event.data.get("followed") else "",
    )


def _remote(event: OrderEvent, side: Side) -> str:
    """The number that the other system knows it by, for the side whose system it is."""
    number = str(event.data.get("number") or "")
    sides: dict[str, Side] = {
        EventKind.SENT: Side.SUPPLIER,
        EventKind.TRACKING_TOLD: Side.RETAILER,
        EventKind.IMPORTED: Side.RETAILER,
    }
    return number if number and sides.get(event.kind) in {side, Side.STAFF} else ""
