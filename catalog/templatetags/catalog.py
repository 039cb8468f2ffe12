"""Template tags of the catalogue: slots, pictures of goods, margins, price lines.

``{% load catalog %}`` then ``{% slot "products-top" %}``, ``{% thumb product %}``, ``{% art product %}``, ``{{ row|margin }}``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog import slots
from catalog.pricing import margin_percent
from portal.lib.money import ZERO, places

register = template.Library()

# What a product's name says it is → a Lucide icon, for goods without a picture; the first word found decides.
_DRAWINGS = (
    (("heart",), "heart"),
    (("bag", "tote", "backpack"), "shopping-bag"),
    (("cake", "baking"), "cake"),
    (("mug", "cup", "tea", "coffee"), "coffee"),
    (("clock", "watch"), "alarm-clock"),
    (("lantern", "light", "candle", "lamp"), "lamp"),
    (("bird", "hen", "owl"), "bird"),
    (("frame", "picture", "sign", "memoboard"), "frame"),
    (("card", "wrap", "ribbon"), "gift"),
    (("bottle", "hottie", "jug"), "milk"),
    (("box", "tin", "case"), "archive"),
    (("jar", "jam", "pantry"), "utensils"),
    (("flower", "garden", "rose"), "flower-2"),
    (("chair", "cushion", "stool"), "armchair"),
    (("shirt", "sock", "apron"), "shirt"),
    (("toy", "doll", "game", "puzzle"), "puzzle"),
    (("key",), "key-round"),
    (("umbrella",), "umbrella"),
)
_TINTS = 5
# Pixels to each side of the middle of a bar of price moves.
_HALF = 40
# Why a figure of stock changed, in words.
_STOCK_CAUSES = {
    "pull": "Read from the store",
    "webhook": "The store told us",
    "file": "From a file",
    "undo": "A file was undone",
}


@register.simple_tag(takes_context=True)
def slot(context: dict[str, Any], name: str) -> SafeString:
    """What other apps show here."""
    return slots.render(name, context["request"])


@register.inclusion_tag("catalog/thumb.html")
def thumb(product: Any) -> dict[str, Any]:
    """A small square: the picture, or a drawing by the product's name."""
    return drawn(product)


@register.inclusion_tag("catalog/art.html")
def art(product: Any) -> dict[str, Any]:
    """The picture side of a card."""
    return drawn(product)


@register.filter
def margin(row: Any) -> Decimal | None:
    """What the retailer keeps of the shelf price of ``row``, in percent; None where a price or the rate is missing."""
    shelf = getattr(row, "shelf", None) or getattr(row, "suggested", None)
    rate = getattr(row, "rate", 1)
    if row.dropship is None or not shelf or rate is None:
        return None
    return margin_percent(row.dropship * Decimal(rate), shelf)


@register.filter
def plain(amount: Decimal | None) -> str:
    """A figure under a currency's head: ``12.75``, with more places only where they carry something; "" for none."""
    if amount is None:
        return ""
    exact = amount.normalize()
    return f"{amount:.2f}" if places(exact) <= 2 else f"{exact:f}"


@register.filter
def signed(share: Decimal | None) -> str:
    """A percentage to one place with a true minus sign, as the rules write it; "" for none."""
    return "" if share is None else f"{share:,.1f}".replace("-", "−")


@register.filter
def stock_cause(cause: str) -> str:
    """Why a figure of stock changed: a sentence's worth for each cause there is."""
    return _STOCK_CAUSES.get(cause, cause.capitalize())


@register.filter
def unsigned(share: Decimal) -> str:
    """A change in percent without its sign, to one place: an arrow beside it says the way."""
    return f"{abs(share):,.1f}"


@register.filter
def below(amount: Decimal | None, floor: Decimal | None) -> bool:
    """Whether ``amount`` lies under ``floor``; never where either is missing."""
    return amount is not None and floor is not None and ZERO <= amount < floor


def drawn(product: Any) -> dict[str, Any]:
    """The picture of ``product``, or the drawing and the tint that stand for it."""
    words = set(product.name.casefold().replace("-", " ").split())
    icon = next((name for keys, name in _DRAWINGS if any(k in words or f"{k}s" in words for k in keys)), "package")
    return {"image": product.image_url, "icon": icon, "tint": (product.pk or 0) % _TINTS + 1}


@register.simple_tag
def diverging(share: Decimal | None, biggest: Decimal) -> SafeString | str:
    """A bar from the middle, right for up and left for down, as long as ``share`` is of the ``biggest`` move; the figure stands beside it for readers."""
    if share is None or not biggest:
        return ""
    length = max(min(float(abs(share) / biggest), 1.0) * _HALF, 1.0)
    start = _HALF if share > 0 else _HALF - length
    side = "up" if share > 0 else "down"
    return format_html(
        '<svg class="diverging {}" viewBox="0 0 {} 6" width="{}" height="6" aria-hidden="true"><rect x="{}" width="{}" height="6" rx="1"></rect></svg>',
        side,
        _HALF * 2,
        _HALF * 2,
        f"{start:.1f}",
        f"{length:.1f}",
    )
