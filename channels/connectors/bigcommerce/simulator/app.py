"""Puts the simulator together: API host, login host, state door and pages in one application.

One process serves everything; only paths tell the hosts apart. A client's base addresses are therefore
`http://127.0.0.1:PORT` for the API host (`/stores/{hash}/v2|v3`) and the same for the login host (`/oauth2/token`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint

from channels.connectors.bigcommerce.simulator import (
    catalog_parts,
    catalog_products,
    catalog_variants,
    errors,
    events,
    gate,
    hooks_api,
    inventory,
    orders,
    price_lists,
    shipments,
    store_info,
)
from channels.connectors.bigcommerce.simulator.door import door_of_stores
from channels.connectors.bigcommerce.simulator.door_apps import door_of_apps
from channels.connectors.bigcommerce.simulator.door_catalog import door_of_catalog
from channels.connectors.bigcommerce.simulator.door_edits import door_of_edits
from channels.connectors.bigcommerce.simulator.door_orders import door_of_orders
from channels.connectors.bigcommerce.simulator.oauth import login_host
from channels.connectors.bigcommerce.simulator.page_kit import make_pages
from channels.connectors.bigcommerce.simulator.pages_account import add_account_pages, add_app_pages
from channels.connectors.bigcommerce.simulator.pages_goods import add_goods_pages
from channels.connectors.bigcommerce.simulator.pages_orders import add_order_pages
from channels.connectors.bigcommerce.simulator.rates import RateLimits
from channels.connectors.bigcommerce.simulator.state import INDEXES
from channels.connectors.bigcommerce.simulator.switches import SWITCHES
from channels.simkit.app import Parts, SimFlask, build_parts
from channels.simkit.door import PREFIX, common_door
from channels.simkit.wire import Wire

ROUTES = (
    *store_info.ROUTES,
    *catalog_products.ROUTES,
    *catalog_variants.ROUTES,
    *catalog_parts.ROUTES,
    *inventory.ROUTES,
    *orders.ROUTES,
    *shipments.ROUTES,
    *hooks_api.ROUTES,
    *price_lists.ROUTES,
)


def create_app(
    *,
    state: str = ":memory:",
    time_scale: float = 1.0,
    hook_hosts: Mapping[str, str] | None = None,
    deliver_hooks: bool = False,
    now: Callable[[], datetime] | None = None,
) -> SimFlask:
    """The simulator as a WSGI application; `app.parts` holds its clock, memory, faults, switches and webhooks.

    `state` is an SQLite file, `hook_hosts` maps webhook host names to real addresses, `deliver_hooks` starts the
    background delivery (tests call `app.parts.hooks.deliver_due()` instead), `now` returns aware times.
    """
    app = SimFlask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's usual provider
    app.parts = parts = build_parts(
        state=state,
        time_scale=time_scale,
        now=now,
        switches=SWITCHES,
        indexes=INDEXES,
        policy=events.policy,
        hook_hosts=hook_hosts or {},
    )
    rates = RateLimits()
    errors.register(app)
    gate.register(app, ROUTES, parts=parts, rates=rates)
    for make_door in (common_door, door_of_stores, door_of_catalog, door_of_orders, door_of_edits, door_of_apps):
        app.register_blueprint(make_door(parts), url_prefix=PREFIX)
    app.register_blueprint(login_host(parts))
    app.register_blueprint(_pages(parts, rates))
    app.wsgi_app = Wire(  # type: ignore[method-assign]  # as Flask's manual wraps it
        app.wsgi_app,
        clock=parts.clock,
        faults=parts.faults,
        calls=parts.calls,
        store_of=gate.store_of,
        answer=gate.fault_response(parts, rates),
        stalls=gate.stall_seconds(parts),
    )
    if deliver_hooks:
        parts.hooks.start()
    return app


def _pages(parts: Parts, rates: RateLimits) -> Blueprint:
    pages = make_pages()
    add_account_pages(pages, parts)
    add_app_pages(pages, parts)
    add_order_pages(pages, parts, rates)
    add_goods_pages(pages, parts)
    return pages
