"""The shapes of written bodies, nested, so that a wrong type is refused at the border (sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.fields import Field, find_errors

_ID = Field("id")
_TEXT = Field("text", nullable=True)
_AMOUNT = Field("amount")

OPTION_VALUES = Field(
    "list",
    each=Field(
        "object",
        keys={
            "id": Field("integer"),
            "option_id": Field("integer"),
            "label": Field("text"),
            "option_display_name": Field("text"),
        },
    ),
)
VARIANT_SHAPE = {"id": Field("integer"), "product_id": Field("integer"), "option_values": OPTION_VALUES}
IMAGE_SHAPE = {
    "image_url": Field("text"),
    "is_thumbnail": Field("boolean"),
    "sort_order": Field("integer"),
    "description": Field("text"),
}
PRODUCT_SHAPE = {
    "id": Field("integer"),
    "categories": Field("list", each=Field("integer")),
    "variants": Field("list", each=Field("object", keys=VARIANT_SHAPE)),
    "images": Field("list", each=Field("object", keys=IMAGE_SHAPE)),
    "custom_fields": Field("list", each=Field("object")),
    "custom_url": Field("object", keys={"url": Field("text")}),
}
OPTION_SHAPE = {
    "display_name": Field("text", longest=255),
    "type": Field("text"),
    "sort_order": Field("integer"),
    "option_values": Field(
        "list",
        each=Field("object", keys={"label": Field("text"), "sort_order": Field("integer")}),
    ),
}
CATEGORY_SHAPE = {"name": Field("text", shortest=1), "parent_id": Field("integer")}
_IDENTITY = {"sku": Field("text"), "variant_id": Field("integer"), "product_id": Field("integer")}
ADJUSTMENT_SHAPE = {
    "reason": Field("text"),
    "items": Field(
        "list",
        each=Field("object", keys={**_IDENTITY, "location_id": Field("integer"), "quantity": Field("integer")}),
    ),
}
SETTINGS_SHAPE = {
    "settings": Field(
        "list",
        each=Field(
            "object",
            keys={
                "identity": Field("object", keys=_IDENTITY),
                "safety_stock": Field("integer", low=0),
                "warning_level": Field("integer", low=0),
                "bin_picking_number": Field("text"),
            },
        ),
    )
}
RECORD_SHAPE = {"variant_id": Field("integer"), "sku": Field("text"), "currency": Field("text")}
HOOK_SHAPE = {"scope": Field("text"), "destination": Field("text"), "is_active": Field("boolean")}

ADDRESS_FIELDS = (
    *("first_name", "last_name", "company", "street_1", "street_2", "city", "state", "zip", "country"),
    *("country_iso2", "phone", "email", "shipping_method"),
)
ADDRESS = Field("object", keys=dict.fromkeys(ADDRESS_FIELDS, _TEXT))
ORDER_SHAPE = {
    "billing_address": ADDRESS,
    "shipping_addresses": Field("list", each=ADDRESS),
    "products": Field(
        "list",
        each=Field(
            "object",
            keys={
                "id": _ID,
                "product_id": _ID,
                "variant_id": _ID,
                "quantity": _ID,
                "price_ex_tax": _AMOUNT,
                "price_inc_tax": _AMOUNT,
                "product_options": Field("list", each=Field("object")),
            },
        ),
    ),
    "status_id": _ID,
    "channel_id": _ID,
    "customer_id": _ID,
    "default_currency_code": Field("text"),
    "is_deleted": Field("boolean"),
}
SHIPMENT_SHAPE = {
    "order_address_id": _ID,
    "merchant_shipping_cost": _AMOUNT,
    "items": Field("list", each=Field("object", keys={"order_product_id": _ID, "quantity": _ID})),
}


def check_v3(values: Any, table: Mapping[str, Field]) -> None:
    """422 that names the wrong fields."""
    if not isinstance(values, dict):
        raise errors.v3(400, "Input is invalid.")
    if found := find_errors(values, table):
        raise errors.invalid(found)


def check_v2(values: Mapping[str, Any], table: Mapping[str, Field]) -> None:
    """400 that names the first wrong field."""
    for name in find_errors(values, table):
        raise errors.v2(400, f"The field '{name}' is invalid.")


def known_address(values: Mapping[str, Any]) -> dict[str, str]:
    """The documented fields of a written address; null is empty."""
    return {name: str(values[name] or "") for name in ADDRESS_FIELDS if name in values}
