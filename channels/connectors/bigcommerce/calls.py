"""Every call that we make, by permission: the connect page shows it, and a test server refuses anything else."""

from __future__ import annotations

from channels.contract import Call

CALLS = (
    Call("GET", "v2/time", "Information & Settings"),
    Call("GET", "v2/store", "Information & Settings"),
    Call("GET", "v2/order_statuses", "Orders"),
    Call("GET", "v2/orders", "Orders"),
    Call("GET", "v2/orders/{}", "Orders"),
    Call("GET", "v2/orders/{}/products", "Orders"),
    Call("GET", "v2/orders/{}/shipping_addresses", "Orders"),
    Call("GET", "v2/orders/{}/shipments", "Orders"),
    Call("POST", "v2/orders", "Orders"),
    # The status after a parcel; and order 0, which does not exist, to see whether writing is permitted.
    Call("PUT", "v2/orders/{}", "Orders"),
    Call("POST", "v2/orders/{}/shipments", "Orders"),
    Call("GET", "v3/orders/{}/transactions", "Order Transactions"),
    Call("GET", "v3/catalog/products", "Products"),
    Call("GET", "v3/catalog/products/{}", "Products"),
    Call("GET", "v3/catalog/variants", "Products"),
    Call("GET", "v3/inventory/locations", "Store Locations"),
    Call("GET", "v3/inventory/items", "Store Inventory"),
    Call("GET", "v3/hooks", "Webhooks"),
    Call("POST", "v3/hooks", "Webhooks"),
    Call("PUT", "v3/hooks/{}", "Webhooks"),
    Call("DELETE", "v3/hooks/{}", "Webhooks"),
    # Product 0 and an adjustment without items are tried by the check too: they can change nothing.
    Call("POST", "v3/catalog/products", "Products", is_for_listings=True),
    Call("PUT", "v3/catalog/products", "Products", is_for_listings=True),
    Call("PUT", "v3/catalog/products/{}", "Products", is_for_listings=True),
    Call("POST", "v3/catalog/products/{}/images", "Products", is_for_listings=True),
    Call("PUT", "v3/catalog/variants", "Products", is_for_listings=True),
    Call("PUT", "v3/inventory/adjustments/absolute", "Store Inventory", is_for_listings=True),
)
