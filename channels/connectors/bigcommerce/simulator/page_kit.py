"""What all pages for people share: rendering, the sentence that answers each action, safe headers."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.app import Parts

NOTE_COOKIE = "bcsim_note"
PER_PAGE = 25
_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€"}
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def make_pages() -> Blueprint:
    """The blueprint of the pages, with its checks, headers and filters."""
    pages = Blueprint("pages", __name__)

    @pages.before_request
    def refuse_other_sites() -> Any:
        if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            abort(403)

    @pages.after_request
    def protect(response: Any) -> Any:
        more = " ".join(g.get("form_targets", []))
        response.headers["Content-Security-Policy"] = f"{_CSP} {more}".strip()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.cookies.get(NOTE_COOKIE) and request.method == "GET":
            response.delete_cookie(NOTE_COOKIE)
        return response

    pages.add_app_template_filter(_money, "money")
    pages.add_app_template_filter(_after_store, "after_store")
    return pages


def shop_or_404(parts: Parts, hash: str) -> Shop:
    """The store of a page; remembers its currency for amounts."""
    shop = Shop(parts, hash)
    if not shop.exists:
        abort(404)
    g.currency = shop.profile["currency"]
    return shop


def show(template: str, parts: Parts, *, shop: Shop | None = None, tab: str = "", **values: Any) -> str:
    """Render a page with its frame."""
    note = unquote(request.cookies.get(NOTE_COOKIE, ""))
    return render_template(
        f"bigcommerce_sim/{template}.html",
        profile=shop.profile if shop else None,
        tabs=_tabs(shop) if shop else [],
        tab=tab,
        time_scale=parts.clock.time_scale,
        note=note.removeprefix("!"),
        note_is_bad=note.startswith("!"),
        **values,
    )


def done(sentence: str, endpoint: str, *, bad: bool = False, **ids: Any) -> Response:
    """Go to a page that begins with this sentence."""
    response = make_response(redirect(url_for(f"pages.{endpoint}", **ids), code=303))
    mark = "!" if bad else ""
    response.set_cookie(NOTE_COOKIE, quote(mark + sentence), max_age=60, httponly=True, samesite="Lax")
    return response


def asked_page(total: int) -> dict[str, Any]:
    """`page`, `pages`, and the offset of a list of so many entries."""
    pages = max(1, math.ceil(total / PER_PAGE))
    raw = request.args.get("page", "1")
    page = min(pages, max(1, int(raw) if raw.isdigit() else 1))
    return {"page": page, "pages": pages, "offset": (page - 1) * PER_PAGE}


def _tabs(shop: Shop) -> list[tuple[str, str]]:
    return [
        ("orders", "Orders"),
        ("products", "Products"),
        ("api_accounts", "API accounts"),
        ("hooks", f"Webhooks ({shop.count('hooks')})"),
        ("settings", "Settings"),
    ]


def _money(amount: Any) -> str:
    value = Decimal(str(amount))
    symbol = _SYMBOLS.get(g.get("currency", ""), "")
    return f"{'-' if value < 0 else ''}{symbol}{abs(value):,.2f}"


def _after_store(path: str) -> str:
    """`/stores/abc/v2/orders` as `/v2/orders`."""
    return "/" + path.split("/", 3)[-1]
