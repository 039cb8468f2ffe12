"""Shift4Shop, formerly 3dcart: what we declare, and where each part is."""

from __future__ import annotations

from channels.connectors.shift4shop import texts
from channels.connectors.shift4shop.calls import CALLS
from channels.connectors.shift4shop.catalog import Catalogue
from channels.connectors.shift4shop.checks import Checks
from channels.connectors.shift4shop.consent import Consent
from channels.connectors.shift4shop.hooks import Hooks
from channels.connectors.shift4shop.orders import Orders
from channels.connectors.shift4shop.publishing import Publishing
from channels.connectors.shift4shop.shipments import Shipments
from channels.contract import Can, Family, RateLimit


class Shift4Shop(Checks, Catalogue, Orders, Publishing, Shipments, Hooks, Consent):
    """Shift4Shop stores, through the merchant REST API, version 2."""

    kind = "shift4shop"
    label = "Shift4Shop (3dcart)"
    other_names = ("3dcart", "3DCart", "Shift4Shop", "Shift 4 Shop")
    monogram = "S4"
    family = Family.STORE
    description = "Products, stock, orders and tracking of a Shift4Shop store, which used to be called 3dcart."
    can = frozenset(
        {
            Can.PULL_PRODUCTS,
            Can.PULL_STOCK,
            Can.PULL_ORDERS,
            Can.PULL_STATUSES,
            Can.PUSH_ORDERS,
            Can.PULL_SHIPMENTS,
            Can.PUSH_SHIPMENTS,
            Can.PUSH_LISTINGS,
            Can.PUSH_STOCK,
            Can.PUSH_PRICES,
            Can.WEBHOOKS,
        }
    )
    credential_fields = texts.CREDENTIAL_FIELDS
    permissions = texts.PERMISSIONS
    setting_fields = texts.SETTING_FIELDS
    guide = texts.GUIDE
    calls = CALLS
    # A bucket 50 deep that leaks 2 a second (older stores: 30 deep); we stay below both.
    rate_limit = RateLimit(requests=39, seconds=20.0, burst=25)
    address_label = "Secure URL"
    address_help = (
        "Not the address your customers see. It usually ends in .3dcartstores.com or .3dcart.net."
        " Find it in your store under Settings > General > Store Settings."
    )
    address_placeholder = "yourstore.3dcartstores.com"
    address_field = "secure_url"
    has_consent = True
