"""Products, variants and stock out of vendor dicts (vendor reference, sections 3.2 and 3.3). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from channels.connectors.shift4shop.records import Row, flag, part, plain, positive, required, rows, text, whole
from channels.connectors.shift4shop.times import to_utc
from channels.contract import ChannelProduct, ChannelVariant, StockFigure
from portal.lib.money import parse_decimal

# A product without choices is its own only variant. No option has this code: ids of options count from 1.
PLAIN = "0"

_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


def product(row: Row, *, zone: ZoneInfo, host: str) -> ChannelProduct:
    """A row of ``/Products``. ``host`` is the store's, for its relative image files. Raises UnexpectedPayload without an id."""
    info = part(row, "SKUInfo")
    categories = rows(row, "CategoryList")
    return ChannelProduct(
        remote_id=required(info, "CatalogID", path="$.SKUInfo.CatalogID"),
        name=plain(text(info, "Name")),
        variants=tuple(_variants(row, host=host)),
        description=text(row, "Description") or text(row, "ShortDescription"),
        brand=text(row, "ManufacturerName"),
        category=plain(text(categories[0], "CategoryName")) if categories else "",
        image_url=image_url(text(row, "MainImageFile"), host=host),
        is_active=_is_offered(row),
        modified_at=to_utc(row.get("LastUpdate"), zone),
    )


def stock_figures(row: Row) -> list[StockFigure]:
    """What is on the shelf of each variant of a product row; the parent's number says nothing about a variant's."""
    info = part(row, "SKUInfo")
    product_id = required(info, "CatalogID", path="$.SKUInfo.CatalogID")
    options = rows(row, "AdvancedOptionList")
    if not options:
        return [StockFigure(product_id, PLAIN, whole(info, "Stock"))]
    return [StockFigure(product_id, code_of(option), whole(option, "AdvancedOptionStock")) for option in options]


def code_of(option: Row) -> str:
    """What names a variant inside its product."""
    return text(option, "AdvancedOptionCode") or PLAIN


def image_url(file: str, *, host: str) -> str:
    """The public address of an image file, which is mostly relative to the store."""
    if not file or _SCHEME.match(file):
        return file
    return f"https://{host}/{file.lstrip('/')}" if host else ""


def _is_offered(row: Row) -> bool:
    return not (flag(row, "Hide") or flag(row, "NotForSale"))


def _variants(row: Row, *, host: str) -> Iterator[ChannelVariant]:
    options = rows(row, "AdvancedOptionList")
    if not options:
        yield _plain_variant(row, host=host)
    for option in options:
        yield _option_variant(row, option, host=host)


def _plain_variant(row: Row, *, host: str) -> ChannelVariant:
    info = part(row, "SKUInfo")
    return ChannelVariant(
        remote_id=PLAIN,
        sku=text(info, "SKU"),
        barcode=text(row, "GTIN"),
        price=parse_decimal(info.get("Price")),
        cost=positive(info, "Cost"),
        msrp=positive(info, "RetailPrice"),
        weight=positive(row, "Weight"),
        image_url=image_url(text(row, "MainImageFile"), host=host),
        stock=whole(info, "Stock"),
        is_active=_is_offered(row),
    )


def _option_variant(row: Row, option: Row, *, host: str) -> ChannelVariant:
    info, choices = part(row, "SKUInfo"), _choices(row, option)
    return ChannelVariant(
        remote_id=code_of(option),
        # Despite its name the suffix is the whole SKU of the variant; without one the product's stands in.
        sku=text(option, "AdvancedOptionSufix") or text(info, "SKU"),
        name=" / ".join(plain(text(choice, "OptionName")) for _, choice in choices)
        or plain(text(option, "AdvancedOptionName")),
        options={plain(text(group, "OptionSetName")): plain(text(choice, "OptionName")) for group, choice in choices},
        barcode=text(option, "AdvancedOptionGTIN"),
        # The full price, not a surcharge; 0 where the merchant never entered one.
        price=positive(option, "AdvancedOptionPrice") or parse_decimal(info.get("Price")),
        cost=positive(option, "AdvancedOptionCost") or positive(info, "Cost"),
        msrp=positive(info, "RetailPrice"),
        weight=positive(option, "AdvancedOptionWeight") or positive(row, "Weight"),
        image_url=_choice_image(choices, host=host) or image_url(text(row, "MainImageFile"), host=host),
        stock=whole(option, "AdvancedOptionStock"),
        is_active=_is_offered(row) and not any(flag(choice, "OptionHide") for _, choice in choices),
    )


def _choices(row: Row, option: Row) -> list[tuple[Row, Row]]:
    """(option set, option) for each id in the variant's code, in the order of the code."""
    known = {
        text(choice, "OptionID"): (group, choice)
        for group in rows(row, "OptionSetList")
        for choice in rows(group, "OptionList")
    }
    return [known[id] for id in text(option, "AdvancedOptionCode").split("-") if id in known]


def _choice_image(choices: list[tuple[Row, Row]], *, host: str) -> str:
    files = [text(choice, "OptionImagePath") for _, choice in choices]
    return next((image_url(file, host=host) for file in files if file), "")
