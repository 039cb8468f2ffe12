"""Options of a product and the values that its variants take (section 4.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document


def create_option(shop: Shop, product: Document, values: Mapping[str, Any]) -> Document:
    """An option that makes variants, with its values numbered."""
    choices = [
        {
            "id": shop.number("option_values"),
            "label": str(value.get("label", "")),
            "sort_order": int(value.get("sort_order", position)),
            "value_data": value.get("value_data"),
            "is_default": bool(value.get("is_default", False)),
        }
        for position, value in enumerate(values["option_values"])
    ]
    name = str(values["display_name"])
    return shop.add(
        "options",
        {
            "product_id": product["id"],
            "name": f"{name}{shop.number('option_names')}",
            "display_name": name,
            "type": values.get("type", "dropdown"),
            "sort_order": int(values.get("sort_order", 0)),
            "option_values": choices,
            "config": [],
        },
    )


def resolve_options(shop: Shop, product: Document, given: Sequence[Mapping[str, Any]]) -> list[Document]:
    """Option values by id, or by display name and label (which makes what is missing); 422 for an unknown one."""
    return [_option_value(shop, product, value) for value in given]


def _option_value(shop: Shop, product: Document, value: Mapping[str, Any]) -> Document:
    options = shop.find("options", [("product_id", "=", product["id"])])
    if "option_display_name" in value and "id" not in value:
        return _named_value(shop, product, options, value)
    for option in options:
        for choice in option["option_values"]:
            if choice["id"] == value.get("id") and option["id"] == value.get("option_id"):
                return _chosen(option, choice)
    raise errors.invalid({"option_values": "An option value does not belong to an option of this product."})


def _named_value(shop: Shop, product: Document, options: list[Document], value: Mapping[str, Any]) -> Document:
    name, label = str(value["option_display_name"]), str(value.get("label", ""))
    option = next((known for known in options if known["display_name"] == name), None)
    if option is None:
        option = create_option(shop, product, {"display_name": name, "option_values": [{"label": label}]})
    choice = next((known for known in option["option_values"] if known["label"] == label), None)
    if choice is None:
        choice = {"id": shop.number("option_values"), "label": label, "sort_order": len(option["option_values"])}
        choice.update(value_data=None, is_default=False)
        shop.put("options", {**option, "option_values": [*option["option_values"], choice]})
    return _chosen(option, choice)


def _chosen(option: Document, choice: Document) -> Document:
    return {
        "id": choice["id"],
        "label": choice["label"],
        "option_id": option["id"],
        "option_display_name": option["display_name"],
    }
