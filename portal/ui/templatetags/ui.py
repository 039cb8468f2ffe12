"""Template tags that every page shares: icons, times, money, states, fields.

``{% load ui %}`` then ``{% icon "plug" %}``, ``{% when moment %}``, ``{% money amount currency %}``, ``{% state look %}``, ``{% field form.name %}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.lib.money import display
from portal.ui import times
from portal.ui.looks import Look
from portal.ui.navigation import Shown

register = template.Library()

MISSING = mark_safe('<span class="none">–</span>')  # nosec B308


@register.simple_tag
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """An inline Lucide icon; decorative unless ``label`` says what it means."""
    return _drawn_icon(str(name), str(extra), str(label))


@lru_cache(maxsize=2_048)
def _drawn_icon(name: str, extra: str, label: str) -> SafeString:
    """Drawn once: a page has a hundred icons of some twenty kinds."""
    kwargs: dict[str, Any] = {"class": f"icon {extra}".strip(), "stroke_width": "1.75"}
    kwargs |= {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return mark_safe(lucide._render_icon(name, 16, **kwargs))  # nosec B308 B703  # a file of the icon set


@register.simple_tag
def nav_items(items: Iterable[Shown]) -> SafeString:
    """The items of the side navigation, drawn without a template: every page has a dozen of them."""
    return mark_safe("".join(map(_nav_item, items)))  # nosec B308 B703  # escaped there


def _nav_item(shown: Shown) -> str:
    label, current = escape(shown.label), ' aria-current="page"' if shown.is_current else ""
    count = (
        f'<span class="count bad">{shown.count}<span class="sr"> {escape(shown.item.counted)}</span></span>'
        if shown.count
        else ""
    )
    return f'<a class="item" href="{escape(shown.url)}"{current} title="{label}">{icon(shown.icon)}<span>{label}</span>{count}</a>'


@register.simple_tag
def boxes(name: str, options: Iterable[tuple[str, str, bool]]) -> SafeString:
    """Boxes to tick for (value, label, is ticked) in a filter's form, drawn without a template: a list has dozens of them."""
    return mark_safe("".join(_box(name, *option) for option in options))  # nosec B308 B703  # escaped there


def _box(name: str, value: str, label: str, is_on: bool) -> str:
    ticked = " checked" if is_on else ""
    return f'<label class="option"><input type="checkbox" name="{escape(name)}" value="{escape(value)}"{ticked}>{escape(label)}</label>'


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """A moment in the viewer's zone: relative under 24 hours, the exact time on hover; an en dash for none."""
    if moment is None:
        return MISSING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), times.exact(moment), times.short(moment)
    )


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> SafeString | str:
    """``£64.90``; an en dash where there is no amount (never 0)."""
    return MISSING if amount is None else display(amount, currency)


@register.filter
def dash(value: Any) -> Any:
    """``value``, or an en dash where it is missing; 0 is a value."""
    return MISSING if value is None or value == "" else value


@register.simple_tag
def state(look: Look, extra: str = "") -> SafeString:
    """A shape and a word; the colour only repeats what both say."""
    return format_html('<span class="state {}">{}{}</span>', extra, icon(look.icon, look.icon_class), look.label)


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, hint: str = "", label: str = "") -> dict[str, Any]:
    """A form field as the portal draws it: label above, hint below, the error in the hint's place."""
    return {
        "field": bound,
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "kind": getattr(bound.field.widget, "input_type", ""),
    }


@register.filter
def with_class(bound: BoundField, name: str) -> SafeString:
    """The field's widget with one more class, and tied to its hint."""
    attrs: dict[str, str | bool] = {"class": f"{bound.field.widget.attrs.get('class', '')} {name}".strip()}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    attrs["aria-describedby"] = f"{bound.id_for_label}-hint"
    return bound.as_widget(attrs=attrs)


@register.filter
@stringfilter
def undo_url(tags: str) -> str:
    """The address after ``undo:`` in a message's extra tags."""
    return next((word.removeprefix("undo:") for word in tags.split() if word.startswith("undo:")), "")


@register.filter
@stringfilter
def initials(name: str) -> str:
    """At most two letters for a monogram."""
    return "".join(word[0] for word in name.split()[:2] if word).upper()


@register.simple_tag
def progress(value: int, maximum: int, label: str, tone: str = "") -> SafeString:
    """A bar that tells its figures: "412 of 1,030 products"."""
    return format_html(
        '<progress class="{}" value="{}" max="{}" aria-label="{}">{} of {}</progress>',
        tone,
        value,
        max(maximum, 1),
        label,
        value,
        maximum,
    )


@register.inclusion_tag("ui/empty.html")
def empty_state(icon: str, title: str, text: str = "", url: str = "", action: str = "") -> dict[str, str]:
    """A panel with nothing in it yet: what would fill it, and one step."""
    return {"icon": icon, "title": title, "text": text, "url": url, "action": action}


register.inclusion_tag("ui/empty.html", name="empty")(empty_state)


@register.simple_tag(takes_context=True)
def title_again(context: Context) -> SafeString:
    """The page's title block once more, as its heading, so that a page says it once."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks else None
    return block.render(context) if block else mark_safe("")  # nosec B308


@register.inclusion_tag("web/outgoing_address.html")
def outgoing_address() -> dict[str, str]:
    """What a firewall must let in, and where to write when a key cannot be entered; both are the installation's settings."""
    return {"outgoing": settings.OUTGOING_ADDRESS, "support": settings.SUPPORT_EMAIL}


@register.inclusion_tag("ui/sparkline.html")
def sparkline(values: list[float]) -> dict[str, Any]:
    """A line of 72 by 24 pixels through ``values``, oldest first; nothing for fewer than two."""
    return {"points": _points(values), "last": _points(values)[-1] if len(values) > 1 else None}


def _points(values: list[float]) -> list[tuple[str, str]]:
    if len(values) < 2:
        return []
    low, span = min(values), (max(values) - min(values)) or 1
    step = 68 / (len(values) - 1)
    return [(f"{2 + i * step:.1f}", f"{21 - (v - low) / span * 17:.1f}") for i, v in enumerate(values)]


@register.inclusion_tag("ui/ticks.html")
def ticks(hours: list[str], label: str) -> dict[str, Any]:
    """The last hours, one tick each: "ok", "warn", "bad" or "idle", oldest first."""
    return {
        "ticks": [(f"{i * 5.6:.1f}", tone) for i, tone in enumerate(hours)],
        "width": len(hours) * 5.6,
        "label": label,
    }
