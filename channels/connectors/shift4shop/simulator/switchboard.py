"""Every behaviour that the vendor reference marks as unsure and that matters, with the default it proposes."""

from __future__ import annotations

from channels.simkit.switches import Switch

SWITCHES = (
    # Limits (sections 2.1 to 2.3)
    Switch("bucket_size", 50, "How many requests fit into the leaky bucket; about 30 in older times."),
    Switch("bucket_leak_per_second", 2.0, "How many requests leave the bucket in a second."),
    Switch("rate_limit_retry_after", True, "A refusal for too many requests names Retry-After."),
    Switch("rate_limit_body", True, "A refusal for too many requests has a body; else it is empty."),
    Switch("default_limit_orders", 10, "Orders in a list that was asked for without limit; 300 in one client's notes."),
    Switch("default_limit_products", 10, "Products in a list asked for without limit; 200 in one client's notes."),
    Switch(
        "over_limit", "clamp", "A limit above the greatest one is clamped, or refused with 400.", ("clamp", "refuse")
    ),
    Switch(
        "empty_list",
        "404_empty",
        "The answer of a list that matches nothing.",
        ("404_empty", "404_json", "200_array"),
    ),
    Switch("date_end_whole_day", True, "A lastupdateend without time of day includes the whole day, else midnight."),
    Switch("accept_iso_dates", True, "Dates may also be written as ISO, not only MM/dd/yyyy."),
    Switch("sku_filter", "exact", "How the product filter `sku` compares, without case.", ("exact", "contains")),
    Switch("name_filter", "contains", "How the product filter `name` compares, without case.", ("exact", "contains")),
    # Answers (section 6)
    Switch(
        "message_capitals",
        "recorded",
        "Messages of writes: 'updated successfully' as recorded, all with a capital, or all without.",
        ("recorded", "upper", "lower"),
    ),
    Switch("status_as_int", False, "`Status` of a write result is a number instead of a text."),
    Switch("partial_206", True, "A write of many of which some failed answers 206; else 200."),
    Switch(
        "bad_json", "array", "A body the service cannot read answers 400 with an array or empty.", ("array", "empty")
    ),
    Switch("overlong_text", "refuse", "A text longer than its field.", ("refuse", "truncate", "accept")),
    # Sign-in (sections 1.3, 1.4 and 6.2)
    Switch("revoked_status", 403, "HTTP status for a token that was taken away: 403 or 401."),
    Switch(
        "scope_refusal",
        "403_array",
        "The answer to a call that the merchant did not permit. Nothing is documented.",
        ("403_array", "403_message", "401_message", "404_empty"),
    ),
    Switch("token_type", "bearer", "The word in `token_type` of the token answer."),
    Switch("token_query_string", True, "/oauth/token also reads its fields from the query string."),
    Switch("oauth_loses_state", False, "The browser comes back from consent without `state`."),
    Switch("code_lifetime_seconds", 600, "How long a code of the consent page can be exchanged."),
    # Products (section 3)
    Switch("put_products_by_sku", False, "PUT /Products finds a product by SKU when CatalogID is missing."),
    Switch("stock_touches_lastupdate", False, "A change of stock moves the product's LastUpdate."),
    Switch("post_product_keeps_options", False, "POST /Products keeps an AdvancedOptionList; else it is dropped."),
    Switch("absolute_images", False, "Image files of products are whole addresses instead of relative paths."),
    # Orders (section 4)
    Switch("single_shipment_id", "zero", "The only shipment of an order has id 0 or a real one.", ("zero", "real")),
    Switch("order_amount_mismatch", "accept", "POST of an order whose sum is wrong.", ("accept", "refuse")),
    Switch("unknown_catalog_id", "refuse", "POST of an order line with an unknown CatalogID.", ("accept", "refuse")),
    Switch("check_payment_method", True, "POST of an order needs the id of a payment method that the store has."),
    Switch("duplicate_invoice", "accept", "POST of an order whose prefix and number exist.", ("accept", "refuse")),
    Switch("keep_alternate_order_id", True, "AlternateOrderID is kept as it was written."),
    Switch("refuse_leaving_cancel", True, "From Cancel (5) no other status can be reached."),
    Switch("refused_move_status", 400, "HTTP status of a refused change of status: 400, or 200 with the entry at 400."),
    Switch("refuse_blank_last_name", True, "POST of a shipment with a blank ShipmentLastName is refused."),
    Switch("item_id_without_sufix", "product_sku", "ItemID of a variant without SKU.", ("product_sku", "empty")),
    Switch("duplicate_email", "refuse", "POST of a customer whose Email exists.", ("refuse", "accept")),
    # Settings (section 4.8)
    Switch("store_settings_form", "object", "StoreSettings is an object or an array of one.", ("object", "array")),
    Switch("store_timezone_form", "windows", "The form of StoreTimeZone.", ("windows", "iana", "offset")),
    # Webhooks (section 5)
    Switch("webhook_numbers", "proposed", "Numbers of the events beyond 1 and 2.", ("proposed", "shuffled")),
    Switch("webhook_retries", 0, "How often a failed delivery is repeated, a minute apart."),
    Switch("webhook_deleted_body", "complete", "What Product Deleted delivers.", ("complete", "skuinfo")),
    # The shop's own host (section 1.1)
    Switch("shop_host_redirects", True, "The API asked at the shop's own host ends in a chain of redirects."),
)
