"""Store profile, time, inventory settings and order transactions (sections 1.5, 4.4 and 5.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from channels.connectors.bigcommerce.simulator import errors, statuses
from channels.connectors.bigcommerce.simulator.filters import iso
from channels.connectors.bigcommerce.simulator.gate import Route
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document

MAX_TRANSACTIONS = 250


def get_time(shop: Shop) -> Any:
    """Unix time; the cheapest way to test credentials."""
    return {"time": int(shop.now)}


def get_store(shop: Shop) -> Any:
    """The store's profile."""
    profile = shop.profile
    domain = store_address(shop).removeprefix("https://").rstrip("/")
    return {
        "id": shop.hash,
        "account_uuid": f"00000000-0000-4000-8000-{profile['store_id']:012d}",
        "domain": domain,
        "secure_url": f"https://{domain}",
        "control_panel_base_url": f"https://{domain}",
        "status": profile["status"],
        "name": profile["name"],
        "first_name": "Store",
        "last_name": "Owner",
        "address": "",
        "country": "",
        "country_code": profile["country_code"],
        "phone": "",
        "admin_email": profile["email"],
        "order_email": profile["email"],
        "timezone": _timezone(shop),
        "language": "en",
        "currency": profile["currency"],
        "currency_symbol": {"GBP": "£", "USD": "$", "EUR": "€"}.get(profile["currency"], profile["currency"]),
        "decimal_separator": ".",
        "thousands_separator": ",",
        "decimal_places": 2,
        "currency_symbol_location": "left",
        "weight_units": "KGS",
        "dimension_units": "Centimeters",
        "plan_name": profile["plan_name"],
        "plan_level": profile["plan_name"],
        "plan_is_trial": profile["plan_is_trial"],
        "industry": "",
        "logo": [],
        "is_price_entered_with_tax": profile["prices_include_tax"],
        "store_id": profile["store_id"],
        "default_site_id": 1,
        "default_channel_id": 1,
        "active_comparison_modules": [],
        "features": {"stencil_enabled": True, "sitewidehttps_enabled": True, "facebook_catalog_id": ""},
    }


def store_address(shop: Shop) -> str:
    """What a merchant types at sign-up: the canonical address of the store."""
    return f"https://store-{shop.hash}.mybigcommerce.com/"


def get_inventory_settings(shop: Shop) -> Any:
    """How stock moves with orders."""
    names = ("update_stock_behavior", "edit_order_stock_adjustment", "refund_order_stock_adjustment")
    return {"data": {name: shop.profile[name] for name in names}, "meta": {}}


def list_transactions(shop: Shop, order_id: int) -> Any:
    """The payments of an order; 204 for none, at most 250, no paging."""
    order = shop.get("orders", order_id)
    if order is None:
        raise errors.not_found("/v3/")
    if order["order_source"] != "www" or order["status_id"] not in statuses.PAID:
        return None, 204
    return {"data": [_transaction(shop, order)], "meta": {}}


def _transaction(shop: Shop, order: Document) -> Document:
    return {
        "id": 4000 + order["id"],
        "order_id": str(order["id"]),
        "event": "purchase",
        "method": "credit_card",
        "amount": float(order["total_inc_tax"]),
        "currency": shop.profile["currency"],
        "gateway": "bogus",
        "gateway_transaction_id": f"sim-{order['id']}",
        "payment_method_id": "bogus.card",
        "status": "ok",
        "test": True,
        "fraud_review": False,
        "reference_transaction_id": None,
        "date_created": iso(order["_created"]),
        "avs_result": {},
        "cvv_result": {},
        "credit_card": {"card_type": "visa", "card_last4": "1111"},
    }


def _timezone(shop: Shop) -> Document:
    name = shop.profile["timezone"]
    local = shop.parts.clock.now().astimezone(ZoneInfo(name))
    offset, saving = local.utcoffset() or timedelta(), local.dst() or timedelta()
    return {
        "name": name,
        "raw_offset": int((offset - saving).total_seconds()),
        "dst_offset": int(offset.total_seconds()),
        "dst_correction": bool(saving),
        "date_format": {"display": "M jS Y", "export": "M jS Y", "extended_display": "M jS Y @ g:i A"},
    }


ROUTES = (
    Route("GET", "/v2/time", get_time, "information"),
    Route("GET", "/v2/store", get_store, "information"),
    Route("GET", "/v3/settings/inventory", get_inventory_settings, "information"),
    Route("GET", "/v3/orders/<int:order_id>/transactions", list_transactions, "transactions"),
)
