"""Placing an order: lines, addresses, totals, stock, events. Used by the API, the state door and the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from channels.connectors.bigcommerce.simulator import statuses
from channels.connectors.bigcommerce.simulator.amounts import show
from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.stock import find_item, level_of, set_stock
from channels.simkit.store import Document

ZERO = Decimal(0)
_ADDRESS = (
    *("first_name", "last_name", "company", "street_1", "street_2", "city", "state", "zip"),
    *("country", "country_iso2", "phone", "email"),
)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line to be: of a catalogue variant, or a custom one without product."""

    name: str
    quantity: int
    ex_tax: Decimal
    inc_tax: Decimal
    sku: str = ""
    upc: str = ""
    product: Document | None = None
    variant: Document | None = None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order to be. `fields` are further top-level fields; amounts are in the store's currency."""

    billing: Document
    shipping: Sequence[Document]
    lines: Sequence[LineDraft]
    status_id: int = statuses.PENDING
    fields: Mapping[str, Any] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    is_storefront: bool = False


def place_order(shop: Shop, draft: OrderDraft) -> Document:
    """Write the order with its sub-resources, take the stock, tell the webhooks; returns the stored order."""
    order = shop.add("orders", {**_new_order(shop, draft), **draft.fields})
    addresses = [_add_address(shop, order, address, draft) for address in draft.shipping or [draft.billing]]
    for line in draft.lines:
        _add_line(shop, order, line, address_id=addresses[0]["id"])
    order = refresh_totals(shop, order, draft.amounts)
    if shop.profile["update_stock_behavior"] == "order_placed" and draft.status_id != statuses.INCOMPLETE:
        order = take_stock(shop, order)
    emit(shop, "store/order/created", {"type": "order", "id": order["id"]})
    if draft.is_storefront and draft.status_id != statuses.INCOMPLETE:
        announce_status(shop, order["id"], statuses.INCOMPLETE, draft.status_id)
    return order


def change_status(shop: Shop, order: Document, status_id: int) -> Document:
    """Move the order to a status; stores that deduct on completion take the stock now."""
    previous = order["status_id"]
    name = statuses.NAMES[status_id]
    order = {**order, "status_id": status_id, "status": name, "custom_status": name, "_modified": shop.now}
    shop.put("orders", order)
    if status_id in statuses.DONE:
        order = take_stock(shop, order)
    if previous != status_id:
        announce_status(shop, order["id"], previous, status_id)
    return order


def announce_status(shop: Shop, order_id: int, previous: int, new: int) -> None:
    """The event of a status change."""
    change = {"previous_status_id": previous, "new_status_id": new}
    emit(shop, "store/order/statusUpdated", {"type": "order", "id": order_id, "status": change})


def refresh_totals(shop: Shop, order: Document, given: Mapping[str, Decimal] | None = None) -> Document:
    """Compute the order's sums from its lines and costs; what the caller gave stands as given."""
    lines = shop.find("order_products", [("order_id", "=", order["id"])])
    given = given or {}
    ex = sum((Decimal(line["total_ex_tax"]) for line in lines), ZERO)
    inc = sum((Decimal(line["total_inc_tax"]) for line in lines), ZERO)
    sums = {"subtotal_ex_tax": given.get("subtotal_ex_tax", ex), "subtotal_inc_tax": given.get("subtotal_inc_tax", inc)}
    for form in ("ex_tax", "inc_tax"):
        costs = sum((Decimal(order[f"{kind}_cost_{form}"]) for kind in ("shipping", "handling", "wrapping")), ZERO)
        total = sums[f"subtotal_{form}"] + costs - Decimal(order["discount_amount"])
        sums[f"total_{form}"] = given.get(f"total_{form}", total)
    sums["subtotal_tax"] = sums["subtotal_inc_tax"] - sums["subtotal_ex_tax"]
    sums["total_tax"] = sums["total_inc_tax"] - sums["total_ex_tax"]
    changed = {
        **order,
        **{name: show(amount) for name, amount in sums.items()},
        "items_total": sum(line["quantity"] for line in lines),
        "items_shipped": sum(line["quantity_shipped"] for line in lines),
        "order_is_digital": bool(lines) and all(line["type"] == "digital" for line in lines),
        "_total": float(sums["total_inc_tax"]),
        "_modified": shop.now,
    }
    shop.put("orders", changed)
    _refresh_addresses(shop, order["id"], lines)
    return changed


def take_stock(shop: Shop, order: Document) -> Document:
    """Deduct the order's lines from the default location, once."""
    if order["_stock_taken"]:
        return order
    order = {**order, "_stock_taken": True}
    shop.put("orders", order)
    for line in shop.find("order_products", [("order_id", "=", order["id"])]):
        if line["product_id"] and line["quantity"] > 0:
            move_stock(shop, line, -line["quantity"])
    return order


def move_stock(shop: Shop, line: Document, change: int) -> None:
    """Change the stock behind a line; it never falls below zero."""
    item = find_item(shop, product_id=line["product_id"], variant_id=line["variant_id"])
    if item:
        set_stock(shop, item, max(0, level_of(item, 1)["onhand"] + change), by_order=True)


def add_line(shop: Shop, order: Document, line: LineDraft) -> Document:
    """Append a line to an order that exists; totals are the caller's business."""
    address = shop.first("addresses", [("order_id", "=", order["id"])])
    return _add_line(shop, order, line, address_id=address["id"] if address else 0)


def line_amounts(line: LineDraft, quantity: int) -> dict[str, str]:
    """All money fields of a line of so many units."""
    ex, inc = line.ex_tax, line.inc_tax
    amounts = {
        "base_price": ex,
        "price_ex_tax": ex,
        "price_inc_tax": inc,
        "price_tax": inc - ex,
        "base_total": ex * quantity,
        "total_ex_tax": ex * quantity,
        "total_inc_tax": inc * quantity,
        "total_tax": (inc - ex) * quantity,
        "discounted_total_inc_tax": inc * quantity,
    }
    return {name: show(amount) for name, amount in amounts.items()}


def _new_order(shop: Shop, draft: OrderDraft) -> Document:
    profile, status = shop.profile, statuses.NAMES[draft.status_id]
    costs = {
        f"{kind}_cost_{form}": draft.amounts.get(f"{kind}_cost_{form}", ZERO)
        for kind in ("shipping", "handling", "wrapping")
        for form in ("ex_tax", "inc_tax")
    }
    taxes = {f"{kind}_cost_tax": costs[f"{kind}_cost_inc_tax"] - costs[f"{kind}_cost_ex_tax"]
             for kind in ("shipping", "handling", "wrapping")}  # fmt: skip
    bases = {f"base_{kind}_cost": draft.amounts.get(f"base_{kind}_cost", costs[f"{kind}_cost_ex_tax"])
             for kind in ("shipping", "handling", "wrapping")}  # fmt: skip
    currency = profile["currency"]
    return {
        "customer_id": 0, "date_shipped": "", "status_id": draft.status_id, "status": status, "custom_status": status,
        **{name: show(amount) for name, amount in {**costs, **taxes, **bases}.items()},
        "shipping_cost_tax_class_id": 2, "handling_cost_tax_class_id": 2, "wrapping_cost_tax_class_id": 3,
        "is_tax_inclusive_pricing": profile["prices_include_tax"],
        "payment_method": "Test Payment Gateway" if draft.is_storefront else "Manual", "payment_provider_id": "",
        "payment_status": "captured" if draft.is_storefront and draft.status_id in statuses.PAID else "",
        "refunded_amount": "0.0000", "store_credit_amount": "0.0000", "gift_certificate_amount": "0.0000",
        "ip_address": "", "ip_address_v6": "", "geoip_country": "", "geoip_country_iso2": "", "currency_id": 1,
        "currency_code": currency, "currency_exchange_rate": "1.0000000000", "default_currency_id": 1,
        "default_currency_code": currency, "store_default_currency_code": currency,
        "store_default_to_transactional_exchange_rate": "1.0000000000", "staff_notes": "", "customer_message": "",
        "discount_amount": show(draft.amounts.get("discount_amount", ZERO)), "coupon_discount": "0.0000",
        "shipping_address_count": len(draft.shipping) or 1, "is_deleted": False, "ebay_order_id": "0",
        "cart_id": None, "billing_address": {**_address(draft.billing), "form_fields": []},
        "is_email_opt_in": False, "order_source": "www" if draft.is_storefront else "external", "channel_id": 1,
        "external_source": None, "external_id": None, "external_merchant_id": None, "external_order_id": "",
        "tax_provider_id": "", "customer_locale": "en", "_email": str(draft.billing.get("email", "")).lower(),
        "_created": shop.now, "_modified": shop.now, "_shipped": None, "_stock_taken": False,
    }  # fmt: skip


def _address(values: Mapping[str, Any]) -> Document:
    return {name: str(values.get(name) or "") for name in _ADDRESS}


def _add_address(shop: Shop, order: Document, values: Mapping[str, Any], draft: OrderDraft) -> Document:
    ex = draft.amounts.get("shipping_cost_ex_tax", ZERO)
    inc = draft.amounts.get("shipping_cost_inc_tax", ZERO)
    address = _address(values)
    return shop.add(
        "addresses",
        {
            "order_id": order["id"], **address, "items_total": 0, "items_shipped": 0,
            "shipping_method": str(values.get("shipping_method") or ""), "base_cost": show(ex),
            "cost_ex_tax": show(ex), "cost_inc_tax": show(inc), "cost_tax": show(inc - ex), "cost_tax_class_id": 2,
            "base_handling_cost": "0.0000", "handling_cost_ex_tax": "0.0000", "handling_cost_inc_tax": "0.0000",
            "handling_cost_tax": "0.0000", "handling_cost_tax_class_id": 2, "shipping_zone_id": 1,
            "shipping_zone_name": address["country"], "form_fields": [],
        },
    )  # fmt: skip


def _add_line(shop: Shop, order: Document, line: LineDraft, *, address_id: int) -> Document:
    product, variant = line.product or {}, line.variant or {}
    cost = variant.get("cost_price") or product.get("cost_price") or 0
    stored = shop.add(
        "order_products",
        {
            "order_id": order["id"], "product_id": product.get("id", 0), "variant_id": variant.get("id", 0),
            "order_pickup_method_id": 0, "order_address_id": address_id, "name": line.name,
            "name_customer": line.name, "name_merchant": line.name, "sku": line.sku, "upc": line.upc,
            "type": product.get("type", "physical"), **line_amounts(line, line.quantity),
            **{name: show(product.get(name) or 0) for name in ("weight", "width", "height", "depth")},
            "quantity": line.quantity, "base_cost_price": show(cost), "cost_price_inc_tax": show(cost),
            "cost_price_ex_tax": show(cost), "cost_price_tax": "0.0000", "is_refunded": False,
            "quantity_refunded": 0, "refund_amount": "0.0000", "return_id": 0, "wrapping_id": 0, "wrapping_name": "",
            "base_wrapping_cost": "0.0000", "wrapping_cost_ex_tax": "0.0000", "wrapping_cost_inc_tax": "0.0000",
            "wrapping_cost_tax": "0.0000", "wrapping_message": "", "quantity_shipped": 0, "event_name": None,
            "event_date": None, "fixed_shipping_cost": "0.0000", "ebay_item_id": "", "ebay_transaction_id": "",
            "option_set_id": None, "parent_order_product_id": None, "is_bundled_product": False,
            "bin_picking_number": "", "external_id": None, "brand": "", "gift_certificate_id": None,
            "applied_discounts": [], "product_options": [], "configurable_fields": [],
        },
    )  # fmt: skip
    stored["product_options"] = [_line_option(shop, stored["id"], value) for value in variant.get("option_values", [])]
    shop.put("order_products", stored)
    return stored


def _line_option(shop: Shop, line_id: int, value: Document) -> Document:
    name, label = value["option_display_name"], value["label"]
    return {
        "id": shop.number("line_options"), "option_id": value["option_id"], "order_product_id": line_id,
        "product_option_id": value["option_id"], "display_name": name, "display_name_customer": name,
        "display_name_merchant": name, "display_value": label, "display_value_customer": label,
        "display_value_merchant": label, "value": str(value["id"]), "type": "Multiple choice", "name": name,
        "display_style": "Dropdown",
    }  # fmt: skip


def _refresh_addresses(shop: Shop, order_id: int, lines: list[Document]) -> None:
    for address in shop.find("addresses", [("order_id", "=", order_id)]):
        own = [line for line in lines if line["order_address_id"] == address["id"]]
        address["items_total"] = sum(line["quantity"] for line in own)
        address["items_shipped"] = sum(line["quantity_shipped"] for line in own)
        shop.put("addresses", address)
