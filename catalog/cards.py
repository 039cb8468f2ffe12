"""The cards of the catalogue, drawn without a template: a page has dozens, and a template's work for each costs more than reading them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString, mark_safe

from catalog.templatetags.catalog import drawn, margin
from portal.ui.templatetags.ui import icon, money, when

_LISTED, _WHOLE = "Listed", Decimal(1)


def cards(rows: Iterable[Any], *, can_choose: bool, read_at: Mapping[int, datetime]) -> SafeString:
    """A list item for each of ``rows`` (see ``catalog.shelf``); ``read_at`` tells by company when its stock was last read."""
    ages = {company_id: f" · stock {when(moment)}" for company_id, moment in read_at.items()}
    address = reverse("product", args=[0])
    return mark_safe(  # nosec B308 B703  # each card escapes what it is given
        "".join(
            _card(row, can_choose, ages.get(row.company_id, ""), address.replace("/0/", f"/{row.pk}/")) for row in rows
        )
    )


def _card(row: Any, can_choose: bool, age: str, address: str) -> str:
    name = safe(row.name)
    pick = (
        f'<input class="pickbox" type="checkbox" name="row" value="{row.pk}" aria-label="Choose {name}">'
        if can_choose
        else ""
    )
    return (
        f'<li class="pcard" data-card>\n  {_picture(row)}\n  {pick}\n  {_tag(row)}\n'
        f'  <div class="body"><h2><a class="name" href="{address}">{name}</a></h2>\n'
        f'    <div class="row t12 t3"><span class="code trunc">{safe(row.first_sku or "no SKU")}</span>{_stock(row.units)}</div>\n'
        f'    <div class="row base tn buy"><span class="s">{money(row.dropship, row.currency)}</span>'
        f'<span class="t12 t3">{_shelf(row)}</span>{_kept(row)}</div>\n'
        f'    <p class="t12 t3 trunc from">{safe(row.company)}{age}</p></div>\n</li>'
    )


def _picture(row: Any) -> str:
    art = drawn(row)
    if art["image"]:
        return (
            f'<div class="art"><img src="{safe(art["image"])}" alt="" loading="lazy" decoding="async" '
            'referrerpolicy="no-referrer"></div>'
        )
    return f'<div class="art art{art["tint"]}" aria-hidden="true">{icon(art["icon"])}</div>'


def _tag(row: Any) -> str:
    if row.is_listed:
        return f'<span class="tag ok">{icon("check")}{_LISTED}</span>'
    return f'<span class="tag line">{row.variant_count} variants</span>' if row.variant_count > 1 else ""


def _stock(units: int | None) -> str:
    if units is None:
        return '<span class="end tn">not counted</span>'
    return (
        '<span class="end tn warn">Out of stock</span>'
        if units < 1
        else f'<span class="end tn">{units:,} in stock</span>'
    )


def _shelf(row: Any) -> str:
    return f"sell {money(row.suggested, row.shelf_currency)}" if row.suggested else "no retail price"


def _kept(row: Any) -> str:
    kept = margin(row)
    if kept is None:
        return ""
    # Adding 0 takes the sign off a zero.
    return f'<span class="end t12 t2">{kept.quantize(_WHOLE, rounding=ROUND_HALF_UP) + 0:,} %</span>'
