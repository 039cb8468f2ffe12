"""Everything that writes the catalogue. Import from here."""

from catalog.services.adopting import Twin, adopt, adopt_own, forget_adoption, twins_of
from catalog.services.listings import (
    Chosen,
    choose,
    note_published,
    refresh_activity,
    resume,
    set_retail_price,
    set_stock_buffer,
    stop,
)
from catalog.services.lists import (
    assign_price_list,
    change_price_list,
    clear_overrides,
    create_price_list,
    lock_overrides,
    locked_among,
    set_breaks,
    set_overrides,
    set_rules,
)
from catalog.services.matches import ambiguous_skus, forget_match, own_skus, remember_match, resolve_skus
from catalog.services.periods import drop_exception, follow_periods, plan_exception
from catalog.services.previews import Preview, preview_change
from catalog.services.prices import refresh_company_prices, refresh_prices
from catalog.services.products import apply_products, deactivate_products
from catalog.services.publishing import finish_publishes, publish_change, publish_due, publish_revision, undo_publish
from catalog.services.retail import drop_retail_rule, rule_of, set_retail_rule
from catalog.services.revisions import (
    approve,
    draft_change,
    drop_draft,
    open_revision,
    policy_of,
    schedule,
    set_policy,
    submit,
)
from catalog.services.stock import apply_stock, count_locations, note_deducted, release, reserve
from catalog.services.terms import terms_of

__all__ = [
    "submit",
    "set_policy",
    "schedule",
    "policy_of",
    "open_revision",
    "drop_draft",
    "draft_change",
    "approve",
    "undo_publish",
    "publish_revision",
    "publish_due",
    "publish_change",
    "finish_publishes",
    "preview_change",
    "Preview",
    "plan_exception",
    "follow_periods",
    "drop_exception",
    "set_retail_rule",
    "rule_of",
    "drop_retail_rule",
    "twins_of",
    "forget_adoption",
    "adopt_own",
    "adopt",
    "Twin",
    "set_breaks",
    "locked_among",
    "lock_overrides",
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
    "set_stock_buffer",
    "set_rules",
    "stop",
    "terms_of",
]
