"""What orders announce. Every signal is sent inside the transaction that causes it, so that receivers may write rows in it."""

from __future__ import annotations

from django.dispatch import Signal

# order: Order — new here, from a store or a person.
order_imported = Signal()
# order: Order — waits, with ``held_code`` and ``held_reason``; about: str — the SKU or supplier that the reason is about; actor: Actor — who answered the
# reason before, if there was one. Sent again only when the reason changes.
order_held = Signal()
# order: Order — what held it is gone (or the order is); actor: Actor — whose doing that is.
order_released = Signal()
# supplier_order: SupplierOrder — routed, priced and accepted: it may be sent.
supplier_order_ready = Signal()
# shipment: Shipment — a parcel was recorded, or its tracking was corrected.
shipment_recorded = Signal()
# order: Order, what: str (a sentence) — changed at its store after it was sent on.
order_changed_at_store = Signal()
# supplier_order: SupplierOrder — will not be shipped.
supplier_order_cancelled = Signal()
