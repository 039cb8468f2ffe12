"""Telling parcels to a retailer's store (vendor reference, section 4.5).

The retailer's lines are never split: the numbers of all parcels share the tracking field, the order is Partial until the last parcel and Shipped with it.
"""

from __future__ import annotations

from channels.connectors.shift4shop import mapping_shipments as parcels
from channels.connectors.shift4shop.base import Shift4ShopBase
from channels.connectors.shift4shop.client import only_good
from channels.connectors.shift4shop.limits import SHIPMENT, cut
from channels.connectors.shift4shop.records import rows, text
from channels.connectors.shift4shop.rows import Row
from channels.connectors.shift4shop.statuses import CANCEL, PARTIAL, SHIPPED
from channels.connectors.shift4shop.times import write_date
from channels.contract import ChannelShipment, ShipmentRequest
from channels.errors import Rejected


class Shipments(Shift4ShopBase):
    """Writing tracking and status."""

    def create_shipment(self, request: ShipmentRequest) -> ChannelShipment:
        """Write number, date, carrier and status. Safe to repeat: what stands there already is kept once. Raises Rejected, UnclearOutcome."""
        order = self.client.one(f"Orders/{request.remote_order_id}")
        if text(order, "OrderStatusID") == str(CANCEL):
            raise Rejected(
                "The order was cancelled in the store, so the parcel cannot be shown there. Tell the customer yourself.",
                field="status",
                code="changed_at_store",
            )
        targets = _targets(order, request)
        overflow = [number for target in targets for number in self._tell(order, target, request)]
        self._finish(order, request, overflow=overflow)
        return _told(request, targets[0])

    def find_shipment(self, request: ShipmentRequest) -> ChannelShipment | None:
        """The parcel when its number and the status that goes with it are both there; one without the other is told again."""
        order = self.client.one(f"Orders/{request.remote_order_id}")
        shipped, partly = (str(status) for status in self._statuses)
        done = {shipped, str(SHIPPED)}
        is_status_right = text(order, "OrderStatusID") in (done if request.completes else {partly, *done})
        targets = _targets(order, request)
        beside = parcels.numbers_in_comment(text(order, "InternalComments"))
        wanted = set(parcels.numbers_in(request.tracking_number))
        is_told = all(
            wanted <= {*parcels.numbers_in(text(target, "ShipmentTrackingCode")), *beside} for target in targets
        )
        return _told(request, targets[0]) if is_told and is_status_right else None

    @property
    def _statuses(self) -> tuple[int, int]:
        """What the company chose for (all shipped, a part shipped), or the store's own two."""
        names = (("shipped_status", SHIPPED), ("partly_shipped_status", PARTIAL))
        chosen = [(str(self.session.settings.get(name) or ""), usual) for name, usual in names]
        shipped, partly = (int(status) if status.isdigit() else usual for status, usual in chosen)
        return shipped, partly

    def _status_after(self, order: Row, request: ShipmentRequest) -> int:
        """Forward only: an order that somebody set Shipped stays so."""
        shipped, partly = self._statuses
        present = text(order, "OrderStatusID")
        if present in {str(shipped), str(SHIPPED)}:
            return int(present)
        return shipped if request.completes else partly

    def _tell(self, order: Row, shipment: Row, request: ShipmentRequest) -> list[str]:
        """Write one shipment; the numbers that did not fit come back."""
        known = parcels.numbers_in(text(shipment, "ShipmentTrackingCode"))
        # With several shipments the numbers told before may belong to other addresses.
        others = request.other_tracking if len(rows(order, "ShipmentList")) == 1 else ()
        told = [number for tracking in (*others, request.tracking_number) for number in parcels.numbers_in(tracking)]
        numbers = parcels.merged_numbers(known, told)
        field, overflow = parcels.split_to_fit(numbers)
        values = {
            "ShipmentTrackingCode": field,
            "ShipmentShippedDate": write_date(request.shipped_at, self.zone),
            "ShipmentOrderStatus": self._status_after(order, request),
            **_method(request),
        }
        path = f"Orders/{request.remote_order_id}/Shipments/{text(shipment, 'ShipmentID')}"
        only_good(self.client.put(path, values))
        return overflow

    def _finish(self, order: Row, request: ShipmentRequest, *, overflow: list[str]) -> None:
        """The order's own row, where the single shipment is not one with it or a comment is needed."""
        values: dict[str, object] = {}
        if len(rows(order, "ShipmentList")) > 1:
            values["OrderStatusID"] = self._status_after(order, request)
        if overflow:
            comment = str(order.get("InternalComments") or "")
            numbers = parcels.merged_numbers(parcels.numbers_in_comment(comment), overflow)
            values["InternalComments"] = parcels.comment_with(comment, numbers)
        if values:
            only_good(self.client.put(f"Orders/{request.remote_order_id}", values))


def _method(request: ShipmentRequest) -> dict[str, str]:
    """The carrier has no field of its own: it is the name of the method."""
    name = f"{request.carrier} {request.service}".strip() if request.carrier else ""
    return {"ShipmentMethodName": cut(name, SHIPMENT["ShipmentMethodName"])} if name else {}


def _targets(order: Row, request: ShipmentRequest) -> list[Row]:
    """The store's shipments that the parcel's lines are in; all of them when it names none. Raises Rejected for an order without any."""
    shipments = rows(order, "ShipmentList")
    told = {line.remote_line_id for line in request.lines}
    items = rows(order, "OrderItemList")
    wanted = {text(item, "ItemShipmentID") for item in items if text(item, "ItemIndexID") in told}
    if told and not wanted:
        raise Rejected(
            "The store's order does not have the lines of this parcel any more. Tell the customer yourself.",
            field="lines",
            code="line_not_in_store",
        )
    targets = [shipment for shipment in shipments if not wanted or text(shipment, "ShipmentID") in wanted] or shipments[
        :1
    ]
    if not targets:
        raise Rejected("The store's order has no shipment to write the number to.", field="shipment")
    return targets


def _told(request: ShipmentRequest, shipment: Row) -> ChannelShipment:
    return ChannelShipment(
        remote_id=parcels.shipment_id(request.remote_order_id, shipment),
        tracking_number=request.tracking_number,
        carrier=request.carrier,
        service=request.service,
        shipped_at=request.shipped_at,
        lines=request.lines,
        tracking_url=request.tracking_url,
    )
