"""Everything that writes the catalogue. Import from here."""

from catalog.services.listings import (
    Chosen,
    choose,
    note_published,
    refresh_activity,
    resume,
    set_retail_price,
    stop,
)
from catalog.services.lists import (
    assign_price_list,
    change_price_list,
    clear_overrides,
    create_price_list,
    set_overrides,
    set_rules,
)
from catalog.services.matches import ambiguous_skus, forget_match, own_skus, remember_match, resolve_skus
from catalog.services.prices import refresh_company_prices, refresh_prices, terms_of
from catalog.services.products import apply_products, deactivate_products
from catalog.services.stock import apply_stock, count_locations, note_deducted, release, reserve

__all__ = [
    "Chosen",
    "ambiguous_skus",
    "apply_products",
    "apply_stock",
    "assign_price_list",
    "change_price_list",
    "choose",
    "clear_overrides",
    "count_locations",
    "create_price_list",
    "deactivate_products",
    "forget_match",
    "note_published",
    "note_deducted",
    "own_skus",
    "refresh_activity",
    "refresh_company_prices",
    "refresh_prices",
    "release",
    "remember_match",
    "reserve",
    "resolve_skus",
    "resume",
    "set_overrides",
    "set_retail_price",
    "set_rules",
    "stop",
    "terms_of",
]
