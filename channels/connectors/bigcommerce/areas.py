"""The permissions of an API account by the names that BigCommerce's control panel shows (vendor reference, section 1.3)."""

from __future__ import annotations

from channels.connectors.bigcommerce.client import Area

MODIFY, READ = "modify", "read-only"

INFORMATION = Area("Information & Settings", READ)
PRODUCTS = Area("Products", READ)
PRODUCTS_WRITE = Area("Products", MODIFY)
ORDERS = Area("Orders", READ)
ORDERS_WRITE = Area("Orders", MODIFY)
TRANSACTIONS = Area("Order Transactions", READ)
INVENTORY = Area("Store Inventory", READ)
INVENTORY_WRITE = Area("Store Inventory", MODIFY)
LOCATIONS = Area("Store Locations", READ)
# Every account may manage its own webhooks.
HOOKS = Area("Webhooks", MODIFY)
