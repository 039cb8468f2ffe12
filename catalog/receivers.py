"""The catalogue follows what happens between companies."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from catalog.services.listings import refresh_activity
from portal.companies.models import Partnership
from portal.companies.signals import partnership_accepted, partnership_changed


@receiver([partnership_accepted, partnership_changed], dispatch_uid="catalog_follows_partnership")
def follow_partnership(partnership: Partnership, **_: Any) -> None:
    """Accepted, paused or ended: what the retailer sells of these goods starts or stops with it."""
    refresh_activity(partnership=partnership)
