"""Orders out of vendor dicts (vendor reference, section 4.2). Pure. Card data never passes: no ``Card*`` key is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from channels.connectors.shift4shop.mapping_products import PLAIN
from channels.connectors.shift4shop.records import Row, number, plain, required, rows, text, total
from channels.connectors.shift4shop.statuses import state_of
from channels.connectors.shift4shop.times import to_utc
from channels.contract import ChannelOrder, ChannelOrderLine
from channels.errors import UnexpectedPayload
from portal.lib.address import Address
from portal.lib.money import CENT

_TAXES = ("SalesTax", "SalesTax2", "SalesTax3")


def order(row: Row, *, zone: ZoneInfo, currency: str) -> ChannelOrder:
    """A row of ``/Orders``, whose amounts are in the store's one ``currency``. Raises UnexpectedPayload without id or date."""
    lines = _lines(row)
    shipments = rows(row, "ShipmentList")
    placed_at = _moment(row, "OrderDate", zone)
    return ChannelOrder(
        remote_id=required(row, "OrderID", path="$.OrderID"),
        number=number_of(row),
        status=text(row, "OrderStatusID"),
        state=state_of(text(row, "OrderStatusID")),
        placed_at=placed_at,
        modified_at=to_utc(row.get("LastUpdate"), zone) or placed_at,
        currency=currency,
        lines=lines,
        total=number(row, "OrderAmount"),
        subtotal=total(line.total for line in lines),
        discount=number(row, "OrderDiscount"),
        tax=_tax(row),
        shipping=_shipping(row),
        ship_to=_ship_to(row, shipments[0]) if shipments else _bill_to(row),
        bill_to=_bill_to(row),
        destinations=_destinations(row, shipments),
        shipping_method=text(shipments[0], "ShipmentMethodName") if shipments else "",
        comment=text(row, "CustomerComments"),
        reference=reference_of(row),
    )


def number_of(row: Row) -> str:
    """The number a person sees in the store: invoice prefix and number; the order's id while it has none."""
    invoice = text(row, "InvoiceNumber")
    return f"{text(row, 'InvoiceNumberPrefix')}{invoice}" if invoice not in {"", "0"} else text(row, "OrderID")


def reference_of(row: Row) -> str:
    """What stands where our reference would: invoice prefix and number, or the alternate id when there is no prefix."""
    if text(row, "InvoiceNumberPrefix") or not text(row, "AlternateOrderID"):
        return number_of(row)
    return text(row, "AlternateOrderID")


def variant_id(line: Row) -> str:
    """The code of the variant on a line: ``",128,138"`` is ``"128-138"``. A bundle names other products in its options and has no variant."""
    ids = [part.strip() for part in text(line, "ItemOptions").split(",") if part.strip()]
    return "-".join(ids) if ids and not text(line, "ItemCatalogIDOptions").strip(",") else PLAIN


def _moment(row: Row, key: str, zone: ZoneInfo) -> datetime:
    moment = to_utc(row.get(key), zone) or to_utc(row.get("LastUpdate"), zone)
    if moment is None:
        raise UnexpectedPayload("The store sent an order without a date.", path=f"$.{key}")
    return moment


def _tax(row: Row) -> Decimal:
    return total(number(row, key) for key in _TAXES)


def _shipping(row: Row) -> Decimal:
    return total(number(shipment, "ShipmentCost") for shipment in rows(row, "ShipmentList"))


def _lines(row: Row) -> tuple[ChannelOrderLine, ...]:
    items = rows(row, "OrderItemList")
    with_options = _counts_option_prices(row, items)
    return tuple(_line(item, with_options=with_options) for item in items)


def _line(item: Row, *, with_options: bool) -> ChannelOrderLine:
    product_id = text(item, "CatalogID")
    is_goods = product_id not in {"", "0"}
    quantity, unit_price = number(item, "ItemQuantity"), _unit_price(item, with_options=with_options)
    name = plain(text(item, "ItemDescription"))
    return ChannelOrderLine(
        remote_id=required(item, "ItemIndexID", path="$.OrderItemList[*].ItemIndexID"),
        sku=text(item, "ItemID"),
        name=name,
        quantity=quantity,
        unit_price=unit_price,
        remote_product_id=product_id if is_goods else "",
        remote_variant_id=variant_id(item) if is_goods else "",
        total=quantity * unit_price,
        is_charge=not is_goods and _is_discount(item),
    )


def _is_discount(item: Row) -> bool:
    """A discount can hide in a line: no price of its own, an option price, and the word in its text (section 7)."""
    return (
        number(item, "ItemUnitPrice") == 0
        and number(item, "ItemOptionPrice") != 0
        and "discount" in text(item, "ItemDescription").lower()
    )


def _unit_price(item: Row, *, with_options: bool) -> Decimal:
    return number(item, "ItemUnitPrice") + (number(item, "ItemOptionPrice") if with_options else Decimal(0))


def _counts_option_prices(row: Row, items: Sequence[Row]) -> bool:
    """Whether the store adds option prices to its total. It is not documented, so the order's own sum decides; in doubt they are left out."""
    if not any(number(item, "ItemOptionPrice") for item in items):
        return False
    rest = _shipping(row) + _tax(row) - number(row, "OrderDiscount")
    return _adds_up(row, items, rest, with_options=True) and not _adds_up(row, items, rest, with_options=False)


def _adds_up(row: Row, items: Sequence[Row], rest: Decimal, *, with_options: bool) -> bool:
    goods = total(number(item, "ItemQuantity") * _unit_price(item, with_options=with_options) for item in items)
    return abs(goods + rest - number(row, "OrderAmount")) <= CENT


def _bill_to(row: Row) -> Address:
    return Address(
        first_name=text(row, "BillingFirstName"),
        last_name=text(row, "BillingLastName"),
        company=text(row, "BillingCompany"),
        address1=text(row, "BillingAddress"),
        address2=text(row, "BillingAddress2"),
        city=text(row, "BillingCity"),
        state=text(row, "BillingState"),
        postcode=text(row, "BillingZipCode"),
        country=text(row, "BillingCountry").upper(),
        phone=text(row, "BillingPhoneNumber"),
        email=text(row, "BillingEmail"),
    )


def _ship_to(row: Row, shipment: Row) -> Address:
    """Where a shipment goes; phone and e-mail fall back to those of the bill, the whole address when there is none."""
    if not (text(shipment, "ShipmentAddress") or text(shipment, "ShipmentZipCode") or text(shipment, "ShipmentCity")):
        return _bill_to(row)
    return Address(
        first_name=text(shipment, "ShipmentFirstName"),
        # We write "." where a store insists on a last name (section 4.5).
        last_name="" if text(shipment, "ShipmentLastName") == "." else text(shipment, "ShipmentLastName"),
        company=text(shipment, "ShipmentCompany"),
        address1=text(shipment, "ShipmentAddress"),
        address2=text(shipment, "ShipmentAddress2"),
        city=text(shipment, "ShipmentCity"),
        state=text(shipment, "ShipmentState"),
        postcode=text(shipment, "ShipmentZipCode"),
        country=text(shipment, "ShipmentCountry").upper(),
        phone=text(shipment, "ShipmentPhone") or text(row, "BillingPhoneNumber"),
        email=text(shipment, "ShipmentEmail") or text(row, "BillingEmail"),
    )


def _destinations(row: Row, shipments: Sequence[Row]) -> tuple[tuple[Address, tuple[str, ...]], ...]:
    """Where lines go to different addresses: each address with its lines. Several parcels to one address are one destination."""
    found: dict[Address, list[str]] = {}
    for shipment in shipments:
        items = [
            item for item in rows(row, "OrderItemList") if text(item, "ItemShipmentID") == text(shipment, "ShipmentID")
        ]
        if items:
            found.setdefault(_ship_to(row, shipment), []).extend(text(item, "ItemIndexID") for item in items)
    return tuple((address, tuple(ids)) for address, ids in found.items()) if len(found) > 1 else ()
