"""BigCommerce's orders → our records: pure functions, tables on top (vendor reference, sections 5 and 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from channels.connectors.bigcommerce.mapping import amount, moment, needed, remote_id
from channels.contract import ChannelOrder, ChannelOrderLine, RemoteOrderState, RemoteOrderStatus
from portal.lib.address import Address
from portal.lib.money import ZERO

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


def order_state(status_id: Any, *, is_archived: bool = False) -> RemoteOrderState:
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
        remote_id=str(needed(row, "id")),
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
        remote_id=str(needed(row, "id")),
        number=str(row["id"]),
        status=str(needed(row, "status_id")),
        state=order_state(row["status_id"], is_archived=bool(row.get("is_deleted"))),
        placed_at=moment(needed(row, "date_created"), path="$.date_created") or datetime.min.replace(tzinfo=UTC),
        modified_at=moment(needed(row, "date_modified"), path="$.date_modified") or datetime.min.replace(tzinfo=UTC),
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
    unit = amount(needed(row, "price_inc_tax" if inclusive else "price_ex_tax"))
    quantity = amount(needed(row, "quantity"))
    net = amount(row.get("total_inc_tax" if inclusive else "total_ex_tax"))
    tax = ZERO if inclusive else amount(row.get("total_tax"))
    return ChannelOrderLine(
        remote_id=str(needed(row, "id")),
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
