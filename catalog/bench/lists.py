"""Goals ``api-list`` and ``portal-list``: 50 variants with the partner's price, against the same figures read by the driver alone.

Ours is the whole answer of the WSGI application, from the address to the bytes: who asks, what they may, the rows, the text. The floor reads the very same
figures in one statement over the driver's own cursor and, for the API, writes the bare rows as JSON. Where ours and the floor's differ, the bench fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.api.offer_rows import written
from catalog.bench.door import Door
from catalog.bench.memory import on_this_database
from catalog.bench.offered import Offered, offered
from catalog.bench.search import compared, seconds_of
from portal.lib.bench import Row

SIZE, CARDS, DEEP = 50, 48, 10_000
_UNITS = """
  (SELECT SUM(s.on_hand) FROM catalog_stocklevel s JOIN catalog_location w ON w.id = s.location_id
    WHERE s.variant_id = {variant} AND (w.is_counted OR w.key = 'default'))
  - COALESCE((SELECT SUM(r.quantity) FROM catalog_reservation r WHERE r.variant_id = {variant} AND r.released_at IS NULL), 0)
"""
# What the list's own index gives, then the rest by key: the fewest rows that can be touched. The partner's list is looked up within.
_OFFERS = f"""
SELECT v.id, v.product_id, p.name, p.brand, p.category, v.company_id, c.name, v.sku, v.name, v.options, v.barcode, e.amount, e.breaks,
  l.currency, e.retail_amount, COALESCE(NULLIF(l.retail_currency, ''), l.currency), v.image_url, v.tracks_stock, {_UNITS.format(variant="v.id")}
FROM catalog_effectiveprice e CROSS JOIN catalog_variant v CROSS JOIN catalog_product p CROSS JOIN catalog_pricelist l CROSS JOIN companies_company c
WHERE v.id = e.variant_id AND p.id = v.product_id AND l.id = e.price_list_id AND c.id = v.company_id
  AND e.valid_until IS NULL AND v.is_active AND p.is_active AND l.state = 'live' AND e.price_list_id =
  (SELECT a.price_list_id FROM catalog_pricelistassignment a JOIN companies_partnership t ON t.id = a.partnership_id
    WHERE t.retailer_id = %s AND t.state = 'accepted')
ORDER BY e.variant_id DESC LIMIT {SIZE}
"""
_CARDS = f"""
SELECT p.id, p.name, p.image_url, c.name, v.id, v.sku, e.amount, e.retail_amount, l.currency, l.retail_currency, l.retail_rate,
  {_UNITS.format(variant="v.id")},
  EXISTS (SELECT 1 FROM catalog_listing g WHERE g.product_id = p.id AND g.company_id = %s AND g.state <> 'stopped')
FROM (SELECT * FROM catalog_product WHERE company_id IN (SELECT supplier_id FROM companies_partnership WHERE retailer_id = %s AND state = 'accepted')
    AND is_active ORDER BY id DESC LIMIT {CARDS}) p
JOIN catalog_variant v ON v.product_id = p.id AND v.is_active JOIN catalog_effectiveprice e ON e.variant_id = v.id AND e.valid_until IS NULL
JOIN catalog_pricelist l ON l.id = e.price_list_id AND l.state = 'live' JOIN companies_company c ON c.id = p.company_id
JOIN catalog_pricelistassignment a ON a.price_list_id = l.id JOIN companies_partnership t ON t.id = a.partnership_id
WHERE t.retailer_id = %s AND t.state = 'accepted' ORDER BY p.id DESC
"""


def run(scale: int) -> list[Row]:
    """A page of offers by API and of the portal, among ``scale`` products of two variants; a deep page against the first; pages while a catalogue loads."""
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["key"] = "1000000/min"
    with offered(scale) as place:
        return [*_api(place, scale), *_portal(place, scale)]


def _api(place: Offered, scale: int) -> list[Row]:
    door = Door.of_program(place.retailer)
    address = f"/api/v1/offers/?page_size={SIZE}"
    # The goods of a bench are read from no store, so their age is unknown.
    if json.loads(door.get(address))["results"] != [{**written(row), "stock_read_at": None} for row in _offers(place)]:
        raise AssertionError("the API's offers differ from the floor's")
    far = _far(json.loads(door.get(address))["results"][0]["id"], min(DEEP, scale * 2 // SIZE - 1))
    floor, ours, deep = map(
        median, compared(lambda: _floor_of_api(place), lambda: door.get(address), lambda: door.get(far))
    )
    return [
        Row.of("api-list, 50 offers", ours=1000 * ours, floor=1000 * floor, goal="≤ 5", unit="ms"),
        Row.of(
            "api-list, all statements", ours=_statements(lambda: door.get(address)), floor=4, goal="≤ 1", unit="queries"
        ),
        Row.of("api-list, deep page to first", ours=1000 * deep, floor=1000 * ours, goal="≤ 1.2", unit="ms"),
    ]


def _portal(place: Offered, scale: int) -> list[Row]:
    door = Door.of_person(place.retailer)
    floor, idle = compared(lambda: _read(_CARDS, [place.retailer.pk] * 3), lambda: door.get("/catalogue/"))
    busy = _while_loading(lambda: door.get("/catalogue/"), scale)
    return [
        Row.of("portal-list, 48 cards", ours=1000 * median(idle), floor=1000 * median(floor), goal="≤ 10", unit="ms"),
        Row.of(
            "portal-list, p95 during a first load",
            ours=1000 * _part(busy, 0.95),
            floor=1000 * _part(idle, 0.95),
            goal="≤ 3",
            unit="ms",
        ),
    ]


def _while_loading(work: Callable[[], Any], scale: int) -> list[float]:
    """Seconds of ``work`` again and again while another process applies a catalogue for the first time."""
    code = f"from catalog.bench.memory import child; child({int(min(scale, 20_000))})"
    with subprocess.Popen([sys.executable, "-c", code], env=on_this_database(), stdout=subprocess.DEVNULL) as loading:
        seconds = []
        while loading.poll() is None:
            seconds += seconds_of(work, times=1)
    return seconds


def _part(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)]


def _far(newest: int, pages: int) -> str:
    """The address of a page so far down, as “next” would name it: variants are numbered without gaps here."""
    cursor = b64encode(f"p={newest - pages * SIZE + 1}".encode()).decode()
    return f"/api/v1/offers/?page_size={SIZE}&cursor={cursor}"


def _floor_of_api(place: Offered) -> str:
    return json.dumps(_offers(place), default=str)


def _offers(place: Offered) -> list[Any]:
    return _read(_OFFERS, [place.retailer.pk])


def _read(sql: str, params: list[Any]) -> list[Any]:
    """Over the driver's own cursor."""
    mark = "?" if connection.vendor == "sqlite" else "%s"
    return connection.connection.execute(sql.replace("%s", mark), params).fetchall()


def _statements(work: Callable[[], Any]) -> int:
    """Every statement of one answer, who asks included."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries.captured_queries)
