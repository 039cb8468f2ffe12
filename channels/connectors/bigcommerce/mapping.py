"""BigCommerce's store and catalogue → our records: pure functions (vendor reference, sections 4 and 8).

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
    ChannelProduct,
    ChannelVariant,
    StockFigure,
    StoreInfo,
)
from channels.errors import UnexpectedPayload
from portal.lib.money import ZERO, parse_decimal

Row = Mapping[str, Any]


# -- values ------------------------------------------------------------------------------------------------------------


def amount(value: object) -> Decimal:
    """A V2 or V3 amount; 0 for empty."""
    return parse_decimal(value) or ZERO


def moment(value: object, *, path: str = "$.date") -> datetime | None:
    """RFC 2822 or ISO 8601 as aware UTC; None for "" and null. Raises UnexpectedPayload for anything else."""
    text = str(value or "").strip()
    if not text:
        return None
    try:
        parsed = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    except ValueError as error:
        raise UnexpectedPayload("BigCommerce sent a time that cannot be read.", path=path, detail=text) from error
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def remote_id(value: object) -> str:
    """An id as text; "" for 0 and null, which stand for "none" (section 5.1)."""
    return "" if value in (None, 0, "0", "") else str(value)


def needed(row: Row, key: str) -> Any:
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
        store_id=str(needed(row, "id")),
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
        remote_id=str(needed(row, "id")),
        name=str(row.get("name") or ""),
        variants=tuple(variant(each, row, image) for each in row.get("variants") or ()),
        description=str(row.get("description") or ""),
        image_url=image,
        is_active=bool(row.get("is_visible")) and row.get("availability", "available") != "disabled",
        modified_at=moment(row.get("date_modified"), path="$.date_modified"),
    )


def variant(row: Row, parent: Row, image: str = "") -> ChannelVariant:
    """A variant; what it leaves null it inherits from its product (section 4.2). Sale prices are ignored."""
    options = {
        str(value.get("option_display_name") or ""): str(value.get("label") or "")
        for value in row.get("option_values") or ()
    }
    return ChannelVariant(
        remote_id=str(needed(row, "id")),
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
    identity = needed(row, "identity")
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


def name_of_item(row: Row) -> str:
    """What names an inventory item: its SKU, else its ids."""
    identity = row.get("identity")
    return str(identity.get("sku") or identity.get("variant_id") or "") if isinstance(identity, Mapping) else ""


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
