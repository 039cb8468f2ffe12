"""Every call that we make, by permission: the page before consent shows it, and a test server refuses anything else."""

from __future__ import annotations

from channels.contract import Call

CALLS = (
    Call("GET", "StoreSettings", "StoreSettings"),
    Call("GET", "OrderStatus", "OrderStatus"),
    Call("GET", "Orders", "Orders"),
    Call("GET", "Orders/{}", "Orders"),
    Call("POST", "Orders", "Orders"),
    Call("PUT", "Orders/{}", "Orders"),
    Call("PUT", "Orders/{}/Shipments/{}", "Orders"),
    Call("GET", "Customers", "Customers"),
    Call("POST", "Customers", "Customers"),
    # The record 0 only, to see whether writing is permitted: it does not exist.
    Call("PUT", "Customers/0", "Customers"),
    Call("GET", "Products", "Products"),
    Call("GET", "Products/{}", "Products"),
    Call("GET", "Webhooks", "Webhooks"),
    Call("GET", "Webhooks/Events", "Webhooks"),
    Call("POST", "Webhooks", "Webhooks"),
    Call("PUT", "Webhooks/{}", "Webhooks"),
    Call("DELETE", "Webhooks/{}", "Webhooks"),
    Call("POST", "Products", "Products", is_for_listings=True),
    Call("PUT", "Products", "Products", is_for_listings=True),
    Call("PUT", "Products/{}", "Products", is_for_listings=True),
    Call("PUT", "Products/{}/AdvancedOptions", "Products", is_for_listings=True),
)
