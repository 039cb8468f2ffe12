"""BigCommerce's dicts → our records: pure functions, tables on top (vendor reference, sections 4, 5 and 8).

V2 money is text with four decimals, V2 dates RFC 2822, V3 dates ISO 8601; an unset date is "" (section 5.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from channels.contract import (
    ChannelOrder,
    ChannelOrderLine,
    ChannelProduct,
    ChannelVariant,
    RemoteOrderState,
    RemoteOrderStatus,
    StockFigure,
    StoreInfo,
)
from channels.errors import UnexpectedPayload
from portal.lib.address import Address
from portal.lib.money import ZERO, parse_decimal

Row = Mapping[str, Any]

# Section 5.2. Labels are the merchant's, so only ids count.
ORDER_STATES = {
    0: RemoteOrderState.INCOMPLETE,
    1: RemoteOrderState.UNPAID,
    2: RemoteOrderState.SHIPPED,
    3: RemoteOrderState.PARTLY_SHIPPED,
    4: RemoteOrderState.CANCELLED,
    5: RemoteOrderState.CANCELLED,
    6: RemoteOrderState.CANCELLED,
    7: RemoteOrderState.UNPAID,
    # The customer fetches it: nothing for a supplier to send.
    8: RemoteOrderState.HELD,
    9: RemoteOrderState.PROCESSING,
    10: RemoteOrderState.SHIPPED,
    11: RemoteOrderState.NEW,
    12: RemoteOrderState.HELD,
    13: RemoteOrderState.HELD,
    # How many units are still wanted is not told, so a person looks.
    14: RemoteOrderState.HELD,
}
# What a store adds to an order beside goods and postage: (our line id, what to call it, prefix of its fields).
CHARGES = (("handling", "Handling", "handling_cost"), ("wrapping", "Gift wrapping", "wrapping_cost"))
_DONE = frozenset({RemoteOrderState.SHIPPED})


# -- values ------------------------------------------------------------------------------------------------------------


def amount(value: object) -> Decimal:
    """A V2 or V3 amount; 0 for empty."""
    return parse_decimal(value) or ZERO


def moment(value: object) -> datetime | None:
    """RFC 2822 or ISO 8601 as aware UTC; None for "" and null. Raises UnexpectedPayload for anything else."""
    text = str(value or "").strip()
    if not text:
        return None
    try:
        parsed = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    except ValueError as error:
        raise UnexpectedPayload("BigCommerce sent a time that cannot be read.", path="$.date", detail=text) from error
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def remote_id(value: object) -> str:
    """An id as text; "" for 0 and null, which stand for "none" (section 5.1)."""
    return "" if value in (None, 0, "0", "") else str(value)


def _needed(row: Row, key: str) -> Any:
    try:
        return row[key]
    except (KeyError, TypeError) as error:
        raise UnexpectedPayload("BigCommerce left out a field that is always there.", path=f"$.{key}") from error


def _positive(value: object) -> Decimal | None:
    number = parse_decimal(value) if not isinstance(value, Mapping) else None
    return number if number else None


# -- store -------------------------------------------------------------------------------------------------------------


def store_info(row: Row) -> StoreInfo:
    """Who the store is. The owner's name and e-mail addresses in the answer are left there."""
    return StoreInfo(
        store_id=str(_needed(row, "id")),
        name=str(row.get("name") or ""),
        currency=str(row.get("currency") or ""),
        time_zone=_zone(row.get("timezone")),
        address=str(row.get("secure_url") or row.get("domain") or ""),
        plan=str(row.get("plan_name") or ""),
    )


def _zone(value: object) -> str:
    name = str(value.get("name") or "") if isinstance(value, Mapping) else ""
    try:
        return ZoneInfo(name).key if name else ""
    except (ZoneInfoNotFoundError, ValueError):
        return ""


# -- catalogue ---------------------------------------------------------------------------------------------------------


def product(row: Row) -> ChannelProduct:
    """A product that was read with ``include=variants,primary_image``."""
    image = _image(row)
    return ChannelProduct(
        remote_id=str(_needed(row, "id")),
        name=str(row.get("name") or ""),
        variants=tuple(variant(each, row, image) for each in row.get("variants") or ()),
        description=str(row.get("description") or ""),
        image_url=image,
        is_active=bool(row.get("is_visible")) and row.get("availability", "available") != "disabled",
        modified_at=moment(row.get("date_modified")),
    )


def variant(row: Row, parent: Row, image: str = "") -> ChannelVariant:
    """A variant; what it leaves null it inherits from its product (section 4.2). Sale prices are ignored."""
    options = {
        str(value.get("option_display_name") or ""): str(value.get("label") or "")
        for value in row.get("option_values") or ()
    }
    return ChannelVariant(
        remote_id=str(_needed(row, "id")),
        sku=str(row.get("sku") or (parent.get("sku") if not options else "") or ""),
        name=" / ".join(options.values()),
        options=options,
        barcode=_first_text(row, parent, "gtin") or _first_text(row, parent, "upc"),
        price=_inherited(row, parent, "price"),
        cost=_positive(_inherited(row, parent, "cost_price")),
        msrp=_positive(_inherited(row, parent, "retail_price")),
        map_price=_positive(_inherited(row, parent, "map_price")),
        weight=_positive(_inherited(row, parent, "weight")),
        image_url=str(row.get("image_url") or image),
        stock=stock_level(row, parent),
        is_active=not row.get("purchasing_disabled", False),
    )


def stock_level(row: Row, parent: Row) -> int | None:
    """The catalogue's own figure: of the variant or of the product, as the product is tracked; None without tracking (4.3)."""
    tracked = {"variant": row, "product": parent}.get(str(parent.get("inventory_tracking") or "none"))
    return None if tracked is None else int(tracked.get("inventory_level") or 0)


def stock_figures(row: Row, places: Sequence[str], default: str) -> list[StockFigure]:
    """An inventory item at the chosen locations: what the store would sell, so on hand less its own safety stock."""
    identity = _needed(row, "identity")
    return [
        StockFigure(
            remote_product_id=remote_id(identity.get("product_id")),
            remote_variant_id=remote_id(identity.get("variant_id")),
            on_hand=int(level.get("available_to_sell") or 0),
            location="default" if str(level["location_id"]) == default else str(level["location_id"]),
        )
        for level in row.get("locations") or ()
        if str(level.get("location_id")) in places
    ]


def _inherited(row: Row, parent: Row, key: str) -> Decimal | None:
    own = row.get(key)
    # Official samples show an unset map_price as {}.
    own = None if isinstance(own, Mapping) else parse_decimal(own)
    above = parent.get(key)
    return own if own is not None else None if isinstance(above, Mapping) else parse_decimal(above)


def _first_text(row: Row, parent: Row, key: str) -> str:
    own = str(row.get(key) or "")
    # A product's code belongs to its one variant; with several it says nothing about each.
    return own or ("" if row.get("option_values") else str(parent.get(key) or ""))


def _image(row: Row) -> str:
    images = [row["primary_image"]] if row.get("primary_image") else list(row.get("images") or ())
    images.sort(key=lambda image: not image.get("is_thumbnail"))
    return str(images[0].get("url_standard") or images[0].get("url_zoom") or "") if images else ""


# -- orders ------------------------------------------------------------------------------------------------------------


def order_state(status_id: object, *, is_archived: bool = False) -> RemoteOrderState:
    """Our meaning of a status id; an id that nobody documented is UNKNOWN. An archived order is off unless it was shipped."""
    state = (
        ORDER_STATES.get(int(status_id), RemoteOrderState.UNKNOWN) if _is_int(status_id) else RemoteOrderState.UNKNOWN
    )
    return RemoteOrderState.CANCELLED if is_archived and state not in _DONE else state


def _is_int(value: object) -> bool:
    return str(value).lstrip("-").isdigit()


def order_status(row: Row) -> RemoteOrderStatus:
    """A row of their status list with the label its people gave it."""
    return RemoteOrderStatus(
        remote_id=str(_needed(row, "id")),
        label=str(row.get("custom_label") or row.get("name") or ""),
        state=order_state(row["id"]),
    )


def order(row: Row, *, lines: Sequence[Row], addresses: Sequence[Row]) -> ChannelOrder:
    """An order with its two sub-resources.

    Amounts are in ``default_currency_code``, the currency that was paid in (trap 11). ``total`` = sum of the lines' totals, charges
    included, + ``shipping`` − ``discount``; ``tax`` is contained in them and told for information.
    """
    inclusive = bool(row.get("is_tax_inclusive_pricing"))
    bill_to = address(row.get("billing_address") or {})
    ship_to = [address(each, email=bill_to.email) for each in addresses]
    goods = tuple(line(each, inclusive=inclusive) for each in lines)
    return ChannelOrder(
        remote_id=str(_needed(row, "id")),
        number=str(row["id"]),
        status=str(_needed(row, "status_id")),
        state=order_state(row["status_id"], is_archived=bool(row.get("is_deleted"))),
        placed_at=moment(_needed(row, "date_created")) or datetime.min.replace(tzinfo=UTC),
        modified_at=moment(_needed(row, "date_modified")) or datetime.min.replace(tzinfo=UTC),
        currency=str(row.get("default_currency_code") or row.get("currency_code") or ""),
        lines=goods + tuple(_charges(row, inclusive=inclusive)),
        total=_with_tax(row, "total", inclusive=inclusive),
        subtotal=amount(row.get("subtotal_inc_tax" if inclusive else "subtotal_ex_tax")),
        discount=_order_discount(row, goods),
        tax=amount(row.get("total_tax")),
        shipping=_with_tax(row, "shipping_cost", inclusive=inclusive),
        prices_include_tax=inclusive,
        ship_to=ship_to[0] if ship_to else bill_to,
        bill_to=bill_to,
        destinations=_destinations(ship_to, addresses, lines) if len(ship_to) > 1 else (),
        shipping_method=str(addresses[0].get("shipping_method") or "") if addresses else "",
        comment=str(row.get("customer_message") or ""),
        reference=str(row.get("external_order_id") or ""),
    )


def line(row: Row, *, inclusive: bool) -> ChannelOrderLine:
    """A line. Of the two tax forms only the one that the order is priced in is exact (trap 12)."""
    unit = amount(_needed(row, "price_inc_tax" if inclusive else "price_ex_tax"))
    quantity = amount(_needed(row, "quantity"))
    net = amount(row.get("total_inc_tax" if inclusive else "total_ex_tax"))
    tax = ZERO if inclusive else amount(row.get("total_tax"))
    return ChannelOrderLine(
        remote_id=str(_needed(row, "id")),
        sku=str(row.get("sku") or ""),
        name=str(row.get("name") or ""),
        quantity=quantity,
        unit_price=unit,
        remote_product_id=remote_id(row.get("product_id")),
        remote_variant_id=remote_id(row.get("variant_id")),
        discount=_line_discount(row, gross=quantity * unit, net=net),
        tax=tax,
        total=net + tax,
        is_charge=row.get("type") == "giftcertificate",
    )


def address(row: Row, *, email: str = "") -> Address:
    """An address; ``email`` stands in where it has none (a guest's is on the billing address only, trap 15)."""
    return Address(
        first_name=str(row.get("first_name") or ""),
        last_name=str(row.get("last_name") or ""),
        company=str(row.get("company") or ""),
        address1=str(row.get("street_1") or ""),
        address2=str(row.get("street_2") or ""),
        city=str(row.get("city") or ""),
        state=str(row.get("state") or ""),
        postcode=str(row.get("zip") or ""),
        country=str(row.get("country_iso2") or ""),
        phone=str(row.get("phone") or ""),
        email=str(row.get("email") or email),
    )


def _with_tax(row: Row, prefix: str, *, inclusive: bool) -> Decimal:
    """What is paid: their inclusive figure where that is the exact one, else the exclusive one plus its tax."""
    if inclusive:
        return amount(row.get(f"{prefix}_inc_tax"))
    tax = row.get("total_tax" if prefix == "total" else f"{prefix}_tax")
    return amount(row.get(f"{prefix}_ex_tax")) + amount(tax)


def _charges(row: Row, *, inclusive: bool) -> list[ChannelOrderLine]:
    found = []
    for key, name, prefix in CHARGES:
        total = _with_tax(row, prefix, inclusive=inclusive)
        if total:
            found.append(
                ChannelOrderLine(
                    key, sku="", name=name, quantity=Decimal(1), unit_price=total, total=total, is_charge=True
                )
            )
    return found


def _line_discount(row: Row, *, gross: Decimal, net: Decimal) -> Decimal:
    """Discounts of the line, if its total is already less them; else they stand on the order."""
    given = sum((amount(each.get("amount")) for each in row.get("applied_discounts") or ()), ZERO)
    return given if given and gross - given == net else ZERO


def _order_discount(row: Row, lines: Sequence[ChannelOrderLine]) -> Decimal:
    on_order = amount(row.get("discount_amount")) + amount(row.get("coupon_discount"))
    return max(ZERO, on_order - sum((each.discount for each in lines), ZERO))


def _destinations(
    ship_to: Sequence[Address], addresses: Sequence[Row], lines: Sequence[Row]
) -> tuple[tuple[Address, tuple[str, ...]], ...]:
    return tuple(
        (where, tuple(str(each["id"]) for each in lines if each.get("order_address_id") == row.get("id")))
        for where, row in zip(ship_to, addresses, strict=True)
    )
