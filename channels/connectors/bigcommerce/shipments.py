"""Parcels: reading them, telling them once, and the order's status after them (vendor reference, section 5.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from channels.connectors.bigcommerce import areas, carriers, mapping
from channels.connectors.bigcommerce.bodies import NOTES_LENGTH, Notes
from channels.connectors.bigcommerce.client import Row, number
from channels.connectors.bigcommerce.part import Part
from channels.contract import ChannelShipment, ChannelShipmentLine, ShipmentRequest, Topic, readable
from channels.errors import ChannelError, Rejected, UnclearOutcome

TRACKING_LENGTH = 50
LINK_LENGTH = 500
SHIPPED, PARTIALLY_SHIPPED, COMPLETED = 2, 3, 10
# Statuses that a shipment never moves an order out of: refunded, cancelled, declined, disputed, partly refunded, and Completed.
_STAYS = frozenset({4, 5, 6, COMPLETED, 13, 14})


class ShipmentsPart(Part):
    """Parcels of one order."""

    def shipments(self, remote_order_id: str) -> Sequence[ChannelShipment]:
        rows = self.client.v2_list(_path(remote_order_id, "shipments"), areas.ORDERS)
        return list(readable(self.session.reads, Topic.SHIPMENT, rows, shipment, key=lambda row: row.get("id")))

    def create_shipment(self, request: ShipmentRequest) -> ChannelShipment:
        """Create the parcel, then see that the order's status follows: their pages disagree whether it does so by itself."""
        lines = self._lines(request.remote_order_id)
        row = self.client.post(
            _path(request.remote_order_id, "shipments"), areas.ORDERS_WRITE, shipment_body(request, lines)
        )
        if not isinstance(row, dict) or not row.get("id"):
            raise UnclearOutcome("BigCommerce accepted the shipment but did not tell its number.")
        try:
            self._settle_status(request.remote_order_id)
        except ChannelError as error:
            # The parcel stands: sent again it would stand twice, so the look-up must go on from here.
            raise UnclearOutcome(
                "BigCommerce took the shipment, but the order's status could not be brought up to date.",
                status=error.status,
                detail=error.message,
            ) from error
        return shipment(row)

    def find_shipment(self, request: ShipmentRequest) -> ChannelShipment | None:
        """The parcel with this number and these lines; finding it also mends a status that did not follow."""
        wanted = _content(request.tracking_number, request.lines)
        for found in self.shipments(request.remote_order_id):
            if _content(found.tracking_number, found.lines if request.lines else ()) == wanted:
                self._settle_status(request.remote_order_id)
                return found
        return None

    @property
    def _shipped_status(self) -> int:
        """What the company chose for orders that are shipped whole; Shipped for anything that is no such status."""
        chosen = str(self.session.settings.get("shipped_status") or "")
        return COMPLETED if chosen == str(COMPLETED) else SHIPPED

    def _lines(self, remote_order_id: str) -> list[Row]:
        return self.client.v2_list(_path(remote_order_id, "products"), areas.ORDERS)

    def _settle_status(self, remote_order_id: str) -> None:
        """Shipped when nothing is open any more, own goods of the retailer included; else Partially Shipped."""
        path = f"/v2/orders/{number(remote_order_id)}"
        status = (self.client.get(path, areas.ORDERS) or {}).get("status_id")
        wanted = status_after(status, self._lines(remote_order_id), shipped=self._shipped_status)
        if wanted != status:
            self.client.put(path, areas.ORDERS_WRITE, {"status_id": wanted})


def status_after(status: Any, lines: Sequence[Row], *, shipped: int = SHIPPED) -> Any:
    """The status that an order should have by what was shipped of its physical lines."""
    goods = [line for line in lines if line.get("type") == "physical" and int(line.get("quantity") or 0) > 0]
    sent = sum(int(line.get("quantity_shipped") or 0) for line in goods)
    if status in _STAYS or not sent:
        return status
    return PARTIALLY_SHIPPED if any(open_units(line) for line in goods) else shipped


def open_units(line: Row) -> int:
    """Units of a line that are still to be sent."""
    done = int(line.get("quantity_shipped") or 0) + int(line.get("quantity_refunded") or 0)
    return max(0, int(line.get("quantity") or 0) - done)


def shipment(row: Row) -> ChannelShipment:
    """A parcel as they have it."""
    carrier = carriers.find(str(row.get("shipping_provider") or row.get("tracking_carrier") or ""))
    return ChannelShipment(
        remote_id=str(row["id"]),
        tracking_number=str(row.get("tracking_number") or ""),
        carrier=carrier.name or _carrier_text(row),
        service=str(row.get("shipping_method") or ""),
        shipped_at=mapping.moment(row.get("date_created")),
        lines=tuple(
            ChannelShipmentLine(str(item["order_product_id"]), int(item["quantity"])) for item in row.get("items") or ()
        ),
        tracking_url=str(row.get("tracking_link") or row.get("generated_tracking_link") or ""),
    )


def shipment_body(request: ShipmentRequest, lines: Sequence[Row]) -> dict[str, Any]:
    """The parcel to create. Raises Rejected when its lines are not of this order or go to more than one address."""
    items = _items(request, lines)
    by_id = {int(line["id"]): line for line in lines}
    places = {by_id[item["order_product_id"]].get("order_address_id") for item in items}
    if len(places) != 1:
        raise Rejected("One parcel cannot go to several addresses: record one parcel for each.", field="lines")
    notes = Notes()
    carrier = carriers.find(request.carrier)
    tracking = notes.fit("Tracking number", request.tracking_number, TRACKING_LENGTH)
    if request.carrier and carrier is carriers.UNKNOWN:
        notes = Notes(notes.text(), f"Carrier: {request.carrier}")
    body = {
        "order_address_id": places.pop(),
        "items": items,
        "tracking_number": tracking[:TRACKING_LENGTH],
        "shipping_provider": carrier.provider,
        "tracking_carrier": carrier.slug,
        "shipping_method": request.service or request.carrier,
    }
    if len(request.tracking_url) > LINK_LENGTH:
        notes = Notes(notes.text(), f"Tracking page: {request.tracking_url}")
    elif request.tracking_url:
        body["tracking_link"] = request.tracking_url
    return {**body, "comments": notes.text()[:NOTES_LENGTH]} if notes.text() else body


def _items(request: ShipmentRequest, lines: Sequence[Row]) -> list[dict[str, int]]:
    """Lines and units of the parcel; without lines in the request everything physical that is open."""
    known = {str(line["id"]) for line in lines}
    missing = [line.remote_line_id for line in request.lines if line.remote_line_id not in known]
    if missing:
        raise Rejected(
            "The store's order does not have a line that was shipped: it was changed after we read it.",
            code="line_not_in_store",
            field="lines",
            detail=", ".join(missing),
        )
    wanted = [(int(line.remote_line_id), line.quantity) for line in request.lines] or [
        (int(line["id"]), open_units(line)) for line in lines if line.get("type") == "physical" and open_units(line)
    ]
    if not wanted:
        raise Rejected("Everything in this order was shipped already.", field="lines")
    return [{"order_product_id": line_id, "quantity": quantity} for line_id, quantity in wanted]


def _content(tracking_number: str, lines: Sequence[ChannelShipmentLine]) -> tuple[str, Counter[str]]:
    """What makes two parcels the same: number and units by line."""
    units: Counter[str] = Counter()
    for line in lines:
        units[line.remote_line_id] += line.quantity
    return Notes().fit("", tracking_number.strip(), TRACKING_LENGTH), units


def _carrier_text(row: Mapping[str, Any]) -> str:
    """What stands there for a carrier that is in no list: a name beats a slug."""
    name = str(row.get("shipping_provider_display_name") or "")
    if name.lower() not in {"", "custom", "other"}:
        return name
    return str(row.get("tracking_carrier") or "") or _from_comments(str(row.get("comments") or ""))


def _from_comments(text: str) -> str:
    found = [line.removeprefix("Carrier: ") for line in text.splitlines() if line.startswith("Carrier: ")]
    return found[0] if found else ""


def _path(remote_order_id: str, part: str) -> str:
    return f"/v2/orders/{number(remote_order_id)}/{part}"
