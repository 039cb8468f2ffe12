"""Pages as BigCommerce gives them: V3 with `meta.pagination`, V2 bare with 204 for nothing (vendor reference, section 3)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document, Order, Where

DEFAULT_LIMIT = 50
Render = Callable[[list[Document]], list[dict[str, Any]]]


def page_v3(
    shop: Shop,
    collection: str,
    *,
    render: Render,
    where: Where = (),
    order: Order = (("id", "asc"),),
    default: int = DEFAULT_LIMIT,
    maximum: int = 250,
    cap: int | None = None,
) -> dict[str, Any]:
    """One V3 page. `cap` cuts the page size silently (10 with options or modifiers); past the end `data` is empty."""
    page, limit = asked_page(shop, default=default, maximum=maximum)
    limit = min(limit, cap or limit)
    total = shop.count(collection, where)
    records = shop.find(collection, where, order, limit=limit, offset=(page - 1) * limit)
    return {"data": render(records), "meta": {"pagination": pagination(page, limit, total, len(records))}}


def page_v2(
    shop: Shop, collection: str, *, render: Render, where: Where = (), order: Order = (("id", "asc"),)
) -> list[dict[str, Any]] | Response:
    """One V2 page: a bare array, or 204 with an empty body."""
    page, limit = asked_page(shop, default=DEFAULT_LIMIT, maximum=250)
    records = shop.find(collection, where, order, limit=limit, offset=(page - 1) * limit)
    return render(records) or Response(status=204)


def asked_page(shop: Shop, *, default: int, maximum: int) -> tuple[int, int]:
    """Page and limit of the query; 413 or the maximum for too high a limit, as the switch says."""
    page, limit = _positive("page", 1), _positive("limit", default)
    if limit > maximum:
        if shop.parts.switches.text("limit_above_max") == "413":
            raise _bad(413, f"The limit is too large. The maximum is {maximum}.")
        limit = maximum
    return page, limit


def pagination(page: int, limit: int, total: int, count: int) -> dict[str, Any]:
    """The `meta.pagination` object; links are query strings."""
    pages = max(1, math.ceil(total / limit))
    links = {"current": _link(page, limit)}
    if page > 1:
        links["previous"] = _link(page - 1, limit)
    if page < pages:
        links["next"] = _link(page + 1, limit)
    return {
        "total": total,
        "count": count,
        "per_page": limit,
        "current_page": page,
        "total_pages": pages,
        "links": links,
    }


def chosen_fields(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Apply `include_fields` and `exclude_fields`; the id always stays."""
    wanted, unwanted = _listed("include_fields"), _listed("exclude_fields")
    if not wanted and not unwanted:
        return list(records)
    return [
        {key: value for key, value in record.items() if key == "id" or _is_kept(key, wanted, unwanted)}
        for record in records
    ]


def _is_kept(key: str, wanted: set[str], unwanted: set[str]) -> bool:
    return (not wanted or key in wanted) and key not in unwanted


def _listed(name: str) -> set[str]:
    return {part.strip() for part in request.args.get(name, "").split(",") if part.strip()}


def _link(page: int, limit: int) -> str:
    others = {key: value for key, value in request.args.items() if key not in {"page", "limit"}}
    return "?" + urlencode({**others, "page": page, "limit": limit})


def _positive(name: str, default: int) -> int:
    raw = request.args.get(name)
    if raw is None or raw == "":
        return default
    if not raw.isdigit() or not 1 <= int(raw) <= 10**12:
        raise _bad(422, f"{name} must be a whole number from 1 on.", name)
    return int(raw)


def _bad(status: int, sentence: str, field: str = "limit") -> errors.ApiError:
    if "/v2/" in request.path:
        return errors.v2(400 if status == 422 else status, sentence)
    return errors.v3(status, sentence, {field: sentence})
