"""What `POST /v2/orders` accepts, and how its body becomes an order (section 5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from channels.connectors.bigcommerce.simulator import errors, statuses
from channels.connectors.bigcommerce.simulator.amounts import both_taxes, parse
from channels.connectors.bigcommerce.simulator.countries import find_country
from channels.connectors.bigcommerce.simulator.order_place import LineDraft, OrderDraft
from channels.connectors.bigcommerce.simulator.shapes import ORDER_SHAPE, check_v2
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.stock import find_item, level_of
from channels.simkit.store import Document

TEXTS = frozenset(
    [
        *("customer_message", "staff_notes", "payment_method", "external_source", "external_order_id"),
        *("external_merchant_id", "customer_locale", "ip_address", "ip_address_v6", "tax_provider_id"),
        *("geoip_country", "geoip_country_iso2", "ebay_order_id", "cart_id", "payment_provider_id"),
    ]
)
PAIRS = ("subtotal", "total", "shipping_cost", "handling_cost", "wrapping_cost")
PAIRED = frozenset(f"{name}_{form}" for name in PAIRS for form in ("ex_tax", "inc_tax"))
SINGLE_AMOUNTS = frozenset(["base_shipping_cost", "base_handling_cost", "base_wrapping_cost", "discount_amount"])
_OTHERS = frozenset(
    [
        *("billing_address", "shipping_addresses", "products", "consignments", "customer_id", "status_id"),
        *("channel_id", "date_created", "default_currency_code", "is_email_opt_in", "fees"),
    ]
)
WRITABLE = TEXTS | PAIRED | SINGLE_AMOUNTS | _OTHERS
MAX_NOTES = 65_535
MAX_CUSTOM_NAME = 250


def read_order(shop: Shop, values: Mapping[str, Any]) -> OrderDraft:
    """Check the body and make the draft of an order out of it; raises V2 errors of 400, or 409 for short stock."""
    check_writable(values, WRITABLE)
    if not isinstance(values.get("billing_address"), dict):
        raise errors.v2(400, "The field 'billing_address' is required.")
    check_v2(values, ORDER_SHAPE)
    if "consignments" in values:
        raise errors.v2(400, "Pickup consignments are not available on this store.")
    if not isinstance(values.get("products"), list) or not values["products"]:
        raise errors.v2(400, "The field 'products' is required.")
    lines = [read_line(shop, line) for line in values["products"]]
    _check_stock(shop, lines)
    return OrderDraft(
        billing=read_address(values["billing_address"], "billing_address"),
        shipping=[read_address(address, "shipping_addresses") for address in values.get("shipping_addresses", [])],
        lines=lines,
        status_id=read_status(values.get("status_id", statuses.PENDING)),
        fields=_read_fields(shop, values),
        amounts=read_amounts(values),
    )


def check_writable(values: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """400 for a field that is unknown or read-only."""
    for name in values:
        if name not in allowed:
            raise errors.v2(
                400,
                f"The field '{name}' cannot be written to. Please remove it from your request before trying again.",
            )


def read_status(value: Any) -> int:
    """A status id from 0 to 14."""
    if isinstance(value, bool) or not str(value).isdigit() or int(value) not in statuses.NAMES:
        raise errors.v2(400, "The field 'status_id' is invalid.")
    return int(value)


def read_address(values: Any, where: str) -> Document:
    """An address with its country's name and code; 400 without zip or country."""
    if not isinstance(values, dict) or len(str(values.get("zip") or "")) < 2:
        raise errors.v2(400, f"The field '{where}.zip' is required.")
    country = find_country(name=str(values.get("country") or ""), iso2=str(values.get("country_iso2") or ""))
    if country is None:
        raise errors.v2(400, f"The field '{where}.country' is invalid.")
    return {**values, "country": country[0], "country_iso2": country[1]}


def read_amounts(values: Mapping[str, Any]) -> dict[str, Decimal]:
    """Overridden amounts; 400 when only one tax form of a pair is given."""
    for name in PAIRS:
        if (f"{name}_ex_tax" in values) != (f"{name}_inc_tax" in values):
            raise errors.v2(400, f"Both '{name}_ex_tax' and '{name}_inc_tax' must be given, or neither.")
    return {name: _amount(name, values[name]) for name in values if name in PAIRED | SINGLE_AMOUNTS}


def read_line(shop: Shop, line: Any) -> LineDraft:
    """A catalogue line by `product_id`, or a custom line by name."""
    if not isinstance(line, dict):
        raise errors.v2(400, "The field 'products' is invalid.")
    quantity = line.get("quantity")
    if isinstance(quantity, bool) or not str(quantity).isdigit() or int(str(quantity)) < 1:
        raise errors.v2(400, "The field 'products.quantity' is invalid.")
    if ("price_ex_tax" in line) != ("price_inc_tax" in line):
        raise errors.v2(400, "Both 'price_ex_tax' and 'price_inc_tax' must be given, or neither.")
    read = _catalog_line if line.get("product_id") else _custom_line
    return read(shop, line, int(str(quantity)))


def _catalog_line(shop: Shop, line: Document, quantity: int) -> LineDraft:
    product = shop.get("products", int(line["product_id"]))
    if product is None:
        raise errors.v2(400, f"The product {line['product_id']} does not exist.")
    variant = _variant(shop, product, line)
    price = variant["sale_price"] or variant["price"] if variant["price"] is not None else None
    store_price = product["sale_price"] or product["price"] if price is None else price
    ex, inc = _line_prices(line) or both_taxes(shop, Decimal(str(store_price)))
    return LineDraft(
        name=str(line.get("name") or product["name"]),
        quantity=quantity,
        ex_tax=ex,
        inc_tax=inc,
        sku=variant["sku"] or product["sku"],
        upc=str(line.get("upc") or product["upc"] or ""),
        product=product,
        variant=variant,
    )


def _custom_line(shop: Shop, line: Document, quantity: int) -> LineDraft:
    name, prices = str(line.get("name") or ""), _line_prices(line)
    if not name or len(name) > MAX_CUSTOM_NAME or prices is None:
        raise errors.v2(400, "A custom product needs a name of at most 250 characters and both prices.")
    return LineDraft(name=name, quantity=quantity, ex_tax=prices[0], inc_tax=prices[1], upc=str(line.get("upc") or ""))


def _line_prices(line: Document) -> tuple[Decimal, Decimal] | None:
    if "price_ex_tax" not in line:
        return None
    return _amount("price_ex_tax", line["price_ex_tax"]), _amount("price_inc_tax", line["price_inc_tax"])


def _variant(shop: Shop, product: Document, line: Document) -> Document:
    """The variant bought: by id, by options, or the base variant of a simple product."""
    if "variant_id" in line:
        variant = shop.get("variants", int(line["variant_id"]))
        if variant is None or variant["product_id"] != product["id"]:
            raise errors.v2(400, f"The variant {line['variant_id']} does not belong to product {product['id']}.")
        return variant
    if product["base_variant_id"]:
        return shop.get("variants", product["base_variant_id"]) or {}
    chosen = {str(option.get("value")) for option in line.get("product_options") or []}
    for variant in shop.find("variants", [("product_id", "=", product["id"])]):
        if chosen and {str(value["id"]) for value in variant["option_values"]} == chosen:
            return variant
    raise errors.v2(400, "One or more of the product options are missing or invalid.", {"product_id": product["id"]})


def _read_fields(shop: Shop, values: Mapping[str, Any]) -> Document:
    fields = {name: str(values[name]) for name in TEXTS & values.keys()}
    if int(values.get("channel_id", 1)) != 1:
        raise errors.v2(400, "The field 'channel_id' is invalid.")
    if any(len(fields.get(name, "")) > MAX_NOTES for name in ("staff_notes", "customer_message")):
        raise errors.v2(400, "Notes have at most 65535 characters.")
    if int(values.get("customer_id") or 0) != 0:
        raise errors.v2(400, "The field 'customer_id' is invalid.")
    currency = values.get("default_currency_code", shop.profile["currency"])
    if currency != shop.profile["currency"]:
        raise errors.v2(400, "The field 'default_currency_code' is invalid.")
    return fields


def _check_stock(shop: Shop, lines: list[LineDraft]) -> None:
    if not shop.on("order_checks_stock"):
        return
    for line in lines:
        if line.product is None or line.variant is None:
            continue
        item = find_item(shop, product_id=line.product["id"], variant_id=line.variant["id"])
        if item and level_of(item, 1)["onhand"] < line.quantity:
            raise errors.v2(409, f"The product {line.name} is out of stock.", {"product_id": line.product["id"]})


def _amount(name: str, value: Any) -> Decimal:
    try:
        return parse(value)
    except ValueError as error:
        raise errors.v2(400, f"The field '{name}' is invalid.") from error
