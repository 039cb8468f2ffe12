"""/OrderStatus and /StoreSettings: read only (sections 4.4 and 4.8)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g

from channels.connectors.shift4shop.simulator import answers, lists, statuses, times
from channels.connectors.shift4shop.simulator.world import Shop

STATUS_DEFAULT = 10
_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "AUD": "$", "CAD": "$"}

routes = Blueprint("settings", __name__)


@routes.get("/orderstatus")
def list_statuses() -> Response:
    """The statuses, ten of them unless a limit is given."""
    return lists.list_rows(statuses.status_rows(g.shop), default=STATUS_DEFAULT)


@routes.get("/orderstatus/<int:status>")
def get_status(status: int) -> Response:
    """One status, in an array."""
    rows = [row for row in statuses.status_rows(g.shop) if row["OrderStatusID"] == status]
    return answers.answer(rows) if rows else answers.not_found()


@routes.get("/storesettings")
def get_settings() -> Response:
    """Name, addresses, time zone and currency of the shop."""
    settings = _settings(g.shop)
    is_array = g.shop.switches.text("store_settings_form") == "array"
    return answers.answer([settings] if is_array else settings)


def _settings(shop: Shop) -> dict[str, Any]:
    clock = shop.world.parts.clock
    zone = times.zone_label(shop.zone, form=shop.switches.text("store_timezone_form"), moment=clock.now())
    return {
        "StoreInformation": {
            "StoreName": shop.name,
            "StoreSlogan": "",
            "StoreLogo": "",
            "StoreEmail": shop.document["email"],
            "StoreURL": f"http://{shop.host}",
            "StoreSecureURL": shop.secure_url,
        },
        "MerchantInformation": {
            "Company": shop.name,
            "Address1": "",
            "Address2": "",
            "City": "",
            "State": "",
            "Country": "",
            "ZipCode": "",
            "Phone": "",
            "AlternatePhone": "",
            "Fax": "",
            "InvoiceLogo": "",
            "InvoiceTerms": "",
        },
        "StoreStandards": {
            "StoreTimeZone": zone,
            "CurrencySymbol": _SYMBOLS.get(shop.currency, shop.currency),
            "DecimalPlacesOnPrice": "2",
            "CurrencyCode": shop.currency,
        },
    }
