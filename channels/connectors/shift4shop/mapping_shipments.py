"""Parcels out of and into vendor dicts (vendor reference, section 4.5). Pure.

There is no carrier key: the carrier stands in the name of the shipping method. All numbers of a shipment share one field of 100 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from channels.connectors.shift4shop.limits import SHIPMENT, cut
from channels.connectors.shift4shop.records import Row, number, rows, text
from channels.connectors.shift4shop.statuses import SHIPPED
from channels.connectors.shift4shop.times import day_to_utc
from channels.contract import ChannelShipment, ChannelShipmentLine

# How method names begin → the carrier. Longer names first: "UPS Mail Innovations" is UPS, "USPS" is not.
CARRIERS = (
    "Australia Post",
    "Canada Post",
    "Royal Mail",
    "Parcelforce",
    "Purolator",
    "Sendle",
    "OnTrac",
    "Hermes",
    "Yodel",
    "FedEx",
    "Evri",
    "USPS",
    "DPD",
    "DHL",
    "GLS",
    "UPS",
)
_SEPARATOR = re.compile(r"\s*[,;|\n]+\s*")
NUMBERS_LIMIT = SHIPMENT["ShipmentTrackingCode"]
COMMENT_MARK = "Further tracking numbers: "


def shipments(row: Row, *, zone: ZoneInfo) -> list[ChannelShipment]:
    """The parcels of an order row: a shipment is one when it has a tracking code or the status Shipped. Id 0 is a real id."""
    return [
        _shipment(row, shipment, zone=zone)
        for shipment in rows(row, "ShipmentList")
        if text(shipment, "ShipmentTrackingCode") or text(shipment, "ShipmentOrderStatus") == str(SHIPPED)
    ]


def shipment_id(order_id: str, shipment: Row) -> str:
    """What names a parcel in the whole store: most orders have one with id 0."""
    return f"{order_id}-{text(shipment, 'ShipmentID')}"


def carrier_of(method: str) -> tuple[str, str]:
    """(carrier, service) in a method's name: "UPS Ground" is UPS and "Ground"; an unknown one is all service."""
    for carrier in CARRIERS:
        if re.match(rf"{re.escape(carrier)}\b", method, re.IGNORECASE):
            return carrier, method[len(carrier) :].strip(" -:®™()")
    return "", method


def numbers_in(field: str) -> list[str]:
    """The tracking numbers in a field that holds several."""
    return [found for found in _SEPARATOR.split(field.strip()) if found]


def merged_numbers(*groups: Iterable[str]) -> list[str]:
    """All numbers once, in the order in which they were told."""
    return list(dict.fromkeys(number.strip() for group in groups for number in group if number.strip()))


def split_to_fit(numbers: list[str]) -> tuple[str, list[str]]:
    """The field's text with as many whole numbers as fit, and those that did not."""
    kept: list[str] = []
    for found in numbers:
        if len(", ".join([*kept, found])) > NUMBERS_LIMIT:
            break
        kept.append(found)
    if numbers and not kept:
        return cut(numbers[0], NUMBERS_LIMIT), numbers
    return ", ".join(kept), numbers[len(kept) :]


def numbers_in_comment(comment: str) -> list[str]:
    """The numbers that did not fit into the field and were written into the internal comments."""
    lines = [line.strip() for line in comment.splitlines() if line.strip().startswith(COMMENT_MARK)]
    return merged_numbers(*(numbers_in(line.removeprefix(COMMENT_MARK)) for line in lines))


def comment_with(comment: str, numbers: list[str]) -> str:
    """The internal comments with one line for ``numbers``; the rest stays as it is."""
    others = [line for line in comment.splitlines() if not line.strip().startswith(COMMENT_MARK)]
    return "\n".join([*others, f"{COMMENT_MARK}{', '.join(numbers)}"]).strip()


def _shipment(row: Row, shipment: Row, *, zone: ZoneInfo) -> ChannelShipment:
    carrier, service = carrier_of(text(shipment, "ShipmentMethodName"))
    return ChannelShipment(
        remote_id=shipment_id(text(row, "OrderID"), shipment),
        tracking_number=", ".join(numbers_in(text(shipment, "ShipmentTrackingCode"))),
        carrier=carrier,
        service=service,
        shipped_at=day_to_utc(shipment.get("ShipmentShippedDate"), zone),
        lines=tuple(
            ChannelShipmentLine(text(item, "ItemIndexID"), int(number(item, "ItemQuantity")))
            for item in rows(row, "OrderItemList")
            if text(item, "ItemShipmentID") == text(shipment, "ShipmentID")
        ),
    )
