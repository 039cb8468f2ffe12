"""What kind of outside system a channel is, and what it is able to do."""

from __future__ import annotations

from enum import StrEnum


class Family(StrEnum):
    STORE = "store"
    CRM = "crm"
    FULFILMENT = "fulfilment"


class Can(StrEnum):
    """What a channel is able to do; the portal greys out the rest."""

    PULL_PRODUCTS = "pull_products"
    PULL_STOCK = "pull_stock"
    PULL_ORDERS = "pull_orders"
    PULL_STATUSES = "pull_statuses"
    PUSH_ORDERS = "push_orders"
    PULL_SHIPMENTS = "pull_shipments"
    PUSH_SHIPMENTS = "push_shipments"
    PUSH_LISTINGS = "push_listings"
    PUSH_STOCK = "push_stock"
    PUSH_PRICES = "push_prices"
    WEBHOOKS = "webhooks"
    CREATE_OPTIONS = "create_options"
