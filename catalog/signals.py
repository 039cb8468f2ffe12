"""What the catalogue announces. Every signal is sent inside the transaction that caused it, so that receivers may write rows in it."""

from __future__ import annotations

from django.dispatch import Signal

# company_id: int, product_ids: list[int] — created or changed in any field, deactivated ones included.
products_changed = Signal()
# variant_ids: list[int] — on hand, reserved or buffer changed, so what is available may have.
stock_changed = Signal()
# price_list_id: int, variant_ids: list[int] — the price in force on that list changed, appeared or went.
prices_changed = Signal()
# company_id: int (the retailer), listing_ids: list[int] — chosen, stopped, resumed, (in)active or another retail price.
listings_changed = Signal()
# company_id: int (the retailer), listing_ids: list[int] — the retailer's own rule changed, so the prices on its shelf may have.
shelf_prices_changed = Signal()
