"""Pages for people: the list of shops, the developer portal, and every shop's admin."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from channels.connectors.shift4shop.simulator import (
    deeds,
    events,
    framing,
    neutral,
    oauth,
    orders,
    rest_module,
    statuses,
)
from channels.connectors.shift4shop.simulator.world import DEFAULT_PERMISSIONS, DOWN_MODES, Shop, open_shop, this_world
from channels.simkit.store import shown

ROWS, LOG_ROWS = 50, 12

portal = Blueprint("portal", __name__)
admin = Blueprint("admin", __name__, url_prefix="/admin/<shop_id>")
portal.before_request(framing.check_origin)
admin.before_request(framing.check_origin)


def mount(app: Flask) -> None:
    """Put the pages on the application."""
    app.register_blueprint(portal)
    app.register_blueprint(admin)
    app.jinja_env.filters["money"] = neutral.money
    app.jinja_env.filters["clock"] = _clock


@portal.get("/")
def shops() -> str:
    """All shops, and a form to open one."""
    return render_template("shops.html", shops=this_world().shops())


@portal.post("/")
def open_new_shop() -> BaseResponse:
    """Open a shop."""
    given = {key: value for key, value in request.form.items() if value.strip()}
    try:
        shop = open_shop(this_world(), given)
    except ValueError as error:
        flash(f"The shop was not opened: {error}.", "bad")
        return redirect(url_for("portal.shops"))
    flash(f"The shop {shop.name} is open. No app may use it yet.")
    return redirect(url_for("admin.dashboard", shop_id=shop.id))


@portal.get("/devportal/")
def developer() -> str:
    """The developer portal: keys and addresses of the app, and the stores that use it."""
    world = this_world()
    rows = [(shop, token) for shop in world.shops() for token in world.tokens(shop)]
    return render_template("devportal.html", app=world.app(), rows=rows, areas=DEFAULT_PERMISSIONS)


@portal.post("/devportal/")
def save_developer() -> BaseResponse:
    """Save the app."""
    world = this_world()
    form = request.form
    permissions = {area: form.getlist(f"permission-{area}") for area in DEFAULT_PERMISSIONS}
    texts = {name: form.get(name, "").strip() for name in ("name", "callback_url", "redirect_uri")}
    world.save_app({**world.app(), **texts, "permissions": permissions})
    flash("The app is saved. Stores that authorised it keep the permissions that they gave.")
    return redirect(url_for("portal.developer"))


@portal.get("/switches/")
def switches() -> str:
    """All switches."""
    return render_template("switches.html", rows=this_world().switches.describe())


@portal.post("/switches/")
def save_switches() -> BaseResponse:
    """Turn switches."""
    try:
        this_world().switches.update(deeds.read_switches(this_world().switches.describe(), request.form))
        flash("The habits are saved and hold for the next call.")
    except ValueError as error:
        flash(f"Nothing was changed: {error}.", "bad")
    return redirect(url_for("portal.switches"))


@admin.get("/")
def dashboard(shop_id: str) -> str:
    """Orders, the log of calls, a form to place an order, and buttons to make trouble."""
    shop = _shop(shop_id)
    world = shop.world
    found = shop.find("orders", order=[("id", "desc")], limit=ROWS)
    calls = world.parts.calls.listed(shop.id)
    hooks = world.parts.hooks.listed(shop.id)
    return render_template(
        "dashboard.html",
        **_common(shop),
        orders=[(document, neutral.show_order(shop, document)) for document in found],
        statuses=statuses.DEFINITIONS,
        counts={"orders": shop.count("orders"), "products": shop.count("products"), "calls": len(calls)},
        hooks=(sum(hook["state"] == "delivered" for hook in hooks), len(hooks)),
        calls=calls[: -LOG_ROWS - 1 : -1],
        goods=deeds.goods(shop),
        modes=DOWN_MODES,
        level=world.buckets.level(world.app()["public_key"], shop.id),
        bucket=world.switches.number("bucket_size"),
    )


@admin.get("/orders/<int:order_id>")
def order(shop_id: str, order_id: int) -> str:
    """One order: lines, parcels, a form to ship and one for the status."""
    shop = _shop(shop_id)
    document = shop.get("orders", order_id) or abort(404)
    return render_template(
        "order.html",
        **_common(shop),
        order=shown(document),
        books=neutral.show_order(shop, document),
        statuses=statuses.DEFINITIONS,
        total=orders.total_of(document),
    )


@admin.get("/products")
def shelf_page(shop_id: str) -> str:
    """Products, fifty on a page, with a search by name or SKU."""
    shop = _shop(shop_id)
    page = max(1, request.args.get("page", 1, type=int))
    found, total = deeds.search_products(shop, request.args.get("q", ""), page=page, rows=ROWS)
    return render_template("products.html", **_common(shop), products=found, page=page, pages=-(-total // ROWS))


@admin.get("/rest-api")
def module(shop_id: str) -> str:
    """Store settings and the REST API module."""
    shop = _shop(shop_id)
    areas = oauth.permission_rows(shop.world)
    return render_template("module.html", **_common(shop), tokens=shop.world.tokens(shop), areas=areas)


@admin.get("/webhooks")
def webhooks(shop_id: str) -> str:
    """Registered webhooks and the last deliveries."""
    shop = _shop(shop_id)
    deliveries = shop.world.parts.hooks.listed(shop.id)[: -ROWS - 1 : -1]
    names = events.event_numbers(shop)
    return render_template(
        "webhooks.html", **_common(shop), hooks=shop.find("webhooks"), deliveries=deliveries, names=names
    )


@admin.post("/rest-api/authorise")
def authorise_module(shop_id: str) -> BaseResponse:
    """Authorise the app whose public key is saved."""
    return _tell(rest_module.authorise(this_world(), _shop(shop_id)), shop_id)


@admin.post("/rest-api/remove")
def remove_module(shop_id: str) -> BaseResponse:
    """Remove the app."""
    return _tell(rest_module.remove(this_world(), _shop(shop_id)), shop_id)


@admin.post("/do/<name>")
def act(shop_id: str, name: str) -> BaseResponse:
    """Any other deed of the shop's people; says in a sentence what came of it."""
    shop = _shop(shop_id)
    deed = deeds.DEEDS.get(name) or abort(404)
    try:
        flash(deed(shop, request.form))
    except ValueError as error:
        sentence = str(error) or "That did not work"
        flash(f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}. Nothing was changed.", "bad")
    return redirect(_way_back(shop_id))


def _shop(shop_id: str) -> Shop:
    return this_world().shop(shop_id) or abort(404)


def _common(shop: Shop) -> dict[str, Any]:
    world = shop.world
    count = shop.count("webhooks")
    return {"shop": shop, "app": world.app(), "hook_count": count, "scale": world.parts.clock.time_scale}


def _tell(outcome: rest_module.Outcome, shop_id: str) -> BaseResponse:
    flash(outcome.sentence, "good" if outcome.ok else "bad")
    if outcome.post_back:
        flash(outcome.post_back, "link")
    return redirect(url_for("admin.module", shop_id=shop_id))


def _way_back(shop_id: str) -> str:
    """The page that the form names, if it is one of this shop's; else the first one."""
    asked = request.form.get("back", "")
    own = url_for("admin.dashboard", shop_id=shop_id)
    return asked if asked.startswith(own) and "//" not in asked else own


def _clock(iso: str) -> str:
    return iso[11:19]
