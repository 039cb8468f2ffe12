"""Every doubtful behaviour of BigCommerce that matters to us, as a switch (vendor reference, sections 1 to 10)."""

from __future__ import annotations

from channels.simkit.hooks import HOOK_SWITCHES
from channels.simkit.switches import Switch

SWITCHES = (
    Switch("method_unknown_405", False, "Known path, unknown method: 405 object instead of the route text (1.6)."),
    Switch("v2_scope_error_old", False, "Missing scope on V2 answers the older {error: ...} form (1.6)."),
    Switch("wrong_store_says_so", False, "403 for a wrong store hash names the store, not the scope (1.5)."),
    Switch("rate_retry_after", True, "Send X-Retry-After with a 429; not always sent (2)."),
    Switch("rate_headers_on_429", True, "Send the X-Rate-Limit headers with a 429 (2)."),
    Switch("rate_limit_at_share", 1.0, "Answer 429 once this share of the quota is used, 0 to 1 (2)."),
    Switch("rate_other_app", 0, "Requests per window that another app of the same store takes (2)."),
    Switch("limit_above_max", "413", "A limit above the maximum is refused or capped (3).", ("413", "cap")),
    Switch("products_207", False, "Product writes answer 207 and do not save stock (4.1)."),
    Switch("catalog_stock", "default", "inventory_level of the catalogue (4.3).", ("default", "total")),
    Switch("variant_stock_moves_product", False, "A variant's stock change moves the product's date_modified (3)."),
    Switch("inventory_delay_seconds", 0.0, "Stock writes become visible after this long, seconds, scaled (4.4)."),
    Switch("inventory_batch_atomic", True, "One bad item rejects the whole adjustment (4.4)."),
    Switch(
        "inventory_value", "new", "inventory.value of webhooks: the new figure or the change (6.3).", ("new", "change")
    ),
    Switch("order_checks_stock", False, "POST order answers 409 when stock is short (5.3)."),
    Switch(
        "order_create_status",
        "201",
        "Status of a created order: the spec says 200, the table 201 (5.3).",
        ("200", "201"),
    ),
    Switch("archived_in_lists", False, "Archived orders appear in order lists (7, trap 34)."),
    Switch("status_follows_shipment", True, "A shipment moves the order to Partially Shipped or Shipped (5.5)."),
    Switch("unknown_fields", False, "Orders and products carry fields that nobody documented (10, point 8)."),
    Switch("hooks_signed", True, "Sign webhooks by the Standard Webhooks scheme (6.4)."),
    Switch("hook_created_at", True, "Webhook payloads carry created_at; some samples leave it out (6.3)."),
    Switch("hook_envelope", True, "Hooks are answered inside {data, meta}; the guide shows them without (6.1)."),
    Switch("hook_duplicate_status", "409", "Answer to a hook that exists already; not published (11).", ("409", "422")),
    Switch("hook_warmup_seconds", 0.0, "A new hook begins to work after this long, seconds, scaled (6.1)."),
    *HOOK_SWITCHES,
)
