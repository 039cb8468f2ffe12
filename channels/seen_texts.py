"""Texts that really stood on orders, with how often: shipping methods. Spaces and capitals make no difference."""

from __future__ import annotations

from django.db.models import F

from channels.models import Integration, ValueMap
from channels.models.valuemap import Area


def normalised(text: str) -> str:
    """How a text is compared: "  Royal  Mail 48" and "ROYAL MAIL 48" are one."""
    return " ".join(text.split()).casefold()[:200]


def note_shipping_method(integration: Integration, text: str) -> None:
    """Count a shipping method of one new order, in the transaction that imports it. An empty text is not counted."""
    theirs = normalised(text)
    if not theirs:
        return
    rows = ValueMap.objects.filter(integration=integration, area=Area.SHIPPING_METHOD)
    if not rows.filter(theirs=theirs).update(seen=F("seen") + 1):
        label = " ".join(text.split())[:200]
        row, is_new = rows.get_or_create(
            theirs=theirs,
            defaults={"integration": integration, "area": Area.SHIPPING_METHOD, "label": label, "seen": 1},
        )
        if not is_new:
            rows.filter(pk=row.pk).update(seen=F("seen") + 1)


def shipping_methods(integration: Integration, *, most: int = 100) -> list[ValueMap]:
    """The shipping methods seen on its orders, the most frequent first."""
    rows = ValueMap.objects.filter(integration=integration, area=Area.SHIPPING_METHOD)
    return list(rows.order_by("-seen", "theirs")[:most])
