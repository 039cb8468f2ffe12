"""The catalogue follows what happens between companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from catalog import search, signals
from catalog.services.listings import refresh_activity
from portal.companies.models import Partnership
from portal.companies.signals import partnership_accepted, partnership_changed


@receiver([partnership_accepted, partnership_changed], dispatch_uid="catalog_follows_partnership")
def follow_partnership(partnership: Partnership, **_: Any) -> None:
    """Accepted, paused or ended: what the retailer sells of these goods starts or stops with it."""
    refresh_activity(partnership=partnership)


@receiver(signals.products_changed, dispatch_uid="search_follows_products")
def follow_goods(product_ids: Iterable[int], **_: Any) -> None:
    """What the set-based writer wrote can be found in the same moment (a first load: within seconds)."""
    search.note(product_ids)
