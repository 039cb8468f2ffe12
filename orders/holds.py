"""Why an order waits: one table. Each reason says what is wrong, who acts, and how; the order goes on by itself once it is gone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """One cause. ``label`` is for chips, ``who`` acts (retailer, supplier, partner), ``sentence`` takes the names given in ``hold_sentence``.

    ``needs_match`` puts the order under *Needs a match*; ``may_pass`` says that a person may let it through as it is.
    """

    code: str
    label: str
    who: str
    sentence: str
    needs_match: bool = False
    may_pass: bool = False


_TABLE = (
    Hold(
        "no_such_sku",
        "SKU not known",
        "retailer",
        "“{sku}” ({name}) is not among your listings, so we do not know who ships it. Match it to a "
        "partner’s product or mark it as your own; we remember it.",
        needs_match=True,
    ),
    Hold(
        "empty_sku",
        "No SKU",
        "retailer",
        "“{name}” has no SKU in the store, so we cannot tell what it is. Match it to a partner’s product or "
        "mark it as your own, and give it a SKU in your store.",
        needs_match=True,
    ),
    Hold(
        "sku_case",
        "SKU differs by case",
        "retailer",
        "“{sku}” differs from “{other}” only by capital letters, so it may be another product. Confirm the "
        "match once; we remember it.",
        needs_match=True,
    ),
    Hold(
        "ambiguous_sku",
        "SKU not unique",
        "retailer",
        "Several of your listings have the SKU “{sku}”. Choose the one that was bought; we remember it.",
        needs_match=True,
    ),
    Hold(
        "negative_quantity",
        "Negative quantity",
        "retailer",
        "{item} was ordered {quantity} times. A quantity below zero is a return or a correction; correct it "
        "in your store or cancel the order there.",
    ),
    Hold(
        "zero_quantity",
        "Quantity 0",
        "retailer",
        "{item} was ordered 0 times, so there is nothing to ship. Correct the quantity in your store or "
        "cancel the order there.",
    ),
    Hold(
        "fractional_quantity",
        "Part of a unit",
        "retailer",
        "{item} was ordered {quantity} times. Suppliers ship whole units only; correct the quantity in your store.",
    ),
    Hold(
        "zero_price",
        "Price is 0",
        "retailer",
        "{item} was sold for {price}, which is usually a mistake. If it is a gift or a replacement, let the "
        "order through; if not, correct it in your store.",
        may_pass=True,
    ),
    Hold(
        "line_sum",
        "Line does not add up",
        "retailer",
        "{item}: {quantity} × {price} − {discount} discount + {tax} tax is {ours}, and the store says "
        "{theirs}. Check the line in your store, or let the order through.",
        may_pass=True,
    ),
    Hold(
        "order_sum",
        "Total does not add up",
        "retailer",
        "The lines and postage of this order come to {ours}, and the store says {theirs}. Check the order in "
        "your store, or let it through.",
        may_pass=True,
    ),
    Hold(
        "no_partnership",
        "No partnership",
        "retailer",
        "{item} is {supplier}’s, and you {relation}. Once the partnership is accepted the order goes on by itself.",
    ),
    Hold(
        "no_price_list",
        "No price list",
        "supplier",
        "{supplier} has not assigned a price list to you, so {item} cannot be priced. Ask them to assign one "
        "on their Prices page; the order then goes on by itself.",
    ),
    Hold(
        "no_price",
        "No price",
        "supplier",
        "{supplier}’s price list has no price for {item}. Ask them to add one; the order then goes on by itself.",
    ),
    Hold(
        "product_stopped",
        "Product stopped",
        "supplier",
        "{supplier} has stopped {item}. Ask them whether they still ship it; if so let the order through, if "
        "not refund it and cancel it in your store.",
        may_pass=True,
    ),
    Hold(
        "no_address",
        "Your address is missing",
        "retailer",
        "{supplier} sends its invoice to your company, and your postal address is not complete. Enter it "
        "under Settings › Company; the order then goes on by itself.",
    ),
    Hold(
        "no_ship_to",
        "No delivery address",
        "retailer",
        "The order says nowhere to send it: street and town are empty. Enter the address in your store, or "
        "cancel the order there.",
    ),
    Hold("refused", "Refused", "supplier", "{sentence}"),
)
HOLDS: dict[str, Hold] = {hold.code: hold for hold in _TABLE}
# A hold of a code we do not know any more still shows something.
UNKNOWN = Hold("held", "Held", "retailer", "This order is held.")


@dataclass(frozen=True, slots=True)
class Fault:
    """A hold that applies: to one line, or (``line_id`` None) to the order."""

    code: str
    sentence: str
    line_id: int | None = None
    # What many orders may wait for together: a SKU, a supplier; "" where each order is a cause of its own kind only.
    about: str = ""

    @property
    def hold(self) -> Hold:
        return HOLDS.get(self.code, UNKNOWN)


def fault(code: str, *, line_id: int | None = None, about: str = "", **words: object) -> Fault:
    """The fault ``code`` with its sentence, at most 400 characters as the column takes."""
    return Fault(code, HOLDS[code].sentence.format(**words)[:400], line_id, about)


def label_of(code: str) -> str:
    """The short words for a chip; "" for none."""
    return HOLDS.get(code, UNKNOWN).label if code else ""
