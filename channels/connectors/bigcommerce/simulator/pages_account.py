"""Pages for the list of stores, API accounts, apps, webhooks and settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, g, redirect, request
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator.oauth import (
    consent,
    find_app,
    installed_apps,
    list_apps,
    load_address,
    uninstall,
)
from channels.connectors.bigcommerce.simulator.page_kit import done, shop_or_404, show
from channels.connectors.bigcommerce.simulator.state import Shop, accounts_of, create_account, create_shop, list_shops
from channels.simkit.app import Parts
from channels.simkit.store import Document

SCOPE_LABELS = (
    ("store_v2_products", "Products"),
    ("store_v2_orders", "Orders"),
    ("store_v2_transactions", "Order Transactions"),
    ("store_inventory", "Store Inventory"),
    ("store_locations", "Store Locations"),
    ("store_v2_information", "Information & Settings"),
)
DOWN_LABELS = (
    ("up", "is up"),
    ("503", "answers 503"),
    ("html", "answers HTML"),
    ("suspended", "is suspended"),
    ("timeout", "does not answer"),
)


def add_account_pages(pages: Blueprint, parts: Parts) -> None:
    """Add the pages of stores, accounts, webhooks and settings to the blueprint."""
    _add_stores(pages, parts)
    _add_api_accounts(pages, parts)
    _add_hooks(pages, parts)
    _add_settings(pages, parts)


def _add_stores(pages: Blueprint, parts: Parts) -> None:
    @pages.get("/")
    def home() -> str:
        stores = [
            {**shop.profile, "orders": shop.count("orders"), "products": shop.count("products")}
            for shop in list_shops(parts)
        ]
        return show("home", parts, stores=stores)

    @pages.post("/stores")
    def create_store() -> Response:
        shop = create_shop(parts, {"name": request.form.get("name", ""), "currency": request.form.get("currency")})
        return done(f"The store {shop.profile['name']} was created.", "api_accounts", hash=shop.hash)


def _add_api_accounts(pages: Blueprint, parts: Parts) -> None:
    @pages.get("/admin/<hash>/api-accounts")
    def api_accounts(hash: str) -> str:
        shop = shop_or_404(parts, hash)
        installed = installed_apps(shop)
        known = {entry["client_id"] for entry in installed}
        return show(
            "api_accounts",
            parts,
            shop=shop,
            tab="api_accounts",
            accounts=[{**account, "text": pop_up(shop, account)} for account in accounts_of(shop)],
            scopes=SCOPE_LABELS,
            installed=installed,
            available=[app for app in list_apps(parts) if app["client_id"] not in known],
        )

    @pages.post("/admin/<hash>/api-accounts")
    def create_api_account(hash: str) -> Response:
        shop = shop_or_404(parts, hash)
        name = request.form.get("name", "").strip() or "API account"
        create_account(parts, shop_hash=shop.hash, name=name, scopes=_asked_scopes())
        return done(f"The API account {name} was created. Copy its values now.", "api_accounts", hash=hash)


def _add_hooks(pages: Blueprint, parts: Parts) -> None:
    @pages.get("/admin/<hash>/webhooks")
    def hooks(hash: str) -> str:
        shop = shop_or_404(parts, hash)
        deliveries = parts.hooks.listed(hash)[-100:][::-1]
        return show(
            "hooks",
            parts,
            shop=shop,
            tab="hooks",
            hooks=shop.find("hooks"),
            deliveries=deliveries,
            waiting=parts.hooks.waiting(),
        )


def _add_settings(pages: Blueprint, parts: Parts) -> None:
    @pages.get("/admin/<hash>/settings")
    def settings(hash: str) -> str:
        shop = shop_or_404(parts, hash)
        switches = parts.switches.describe()
        return show("settings", parts, shop=shop, tab="settings", switches=switches, modes=DOWN_LABELS)

    @pages.post("/admin/<hash>/settings")
    def save_settings(hash: str) -> Response:
        shop, form = shop_or_404(parts, hash), request.form
        quota = form.get("quota", "")
        shop.change_profile(
            quota=int(quota) if quota.isdigit() else shop.profile["quota"],
            update_stock_behavior=form.get("update_stock_behavior", "order_placed"),
            tax_rate=form.get("tax_rate") or "0",
            prices_include_tax="prices_include_tax" in form,
        )
        return done("The settings of the store were saved.", "settings", hash=hash)

    @pages.post("/admin/<hash>/switches")
    def save_switches(hash: str) -> Response:
        shop_or_404(parts, hash)
        try:
            parts.switches.update(_asked_switches(parts))
        except ValueError as error:
            return done(f"Nothing was changed: {error}.", "settings", bad=True, hash=hash)
        return done("The odd habits were saved. They hold for all stores.", "settings", hash=hash)

    @pages.post("/admin/<hash>/down")
    def set_down(hash: str) -> Response:
        shop, labels = shop_or_404(parts, hash), dict(DOWN_LABELS)
        mode = request.form.get("mode", "up")
        if mode not in labels:
            abort(400)
        shop.change_profile(down=mode)
        return done(f"The store now {labels[mode]}.", "settings", hash=hash)


def add_app_pages(pages: Blueprint, parts: Parts) -> None:
    """Add the pages of the app install flow to the blueprint."""

    @pages.get("/install/<client_id>")
    def install(client_id: str) -> str:
        app = _app_or_404(parts, client_id)
        g.form_targets = [_origin(parts, app["auth_callback"])]
        stores = [shop.profile for shop in list_shops(parts)]
        return show("install", parts, app=app, stores=stores, chosen=request.args.get("store", ""))

    @pages.post("/install/<client_id>")
    def confirm(client_id: str) -> Any:
        app, shop = _app_or_404(parts, client_id), shop_or_404(parts, request.form.get("store", ""))
        g.form_targets = [_origin(parts, app["auth_callback"])]
        return redirect(consent(shop, app))

    @pages.get("/admin/<hash>/apps/<client_id>")
    def open_app(hash: str, client_id: str) -> Any:
        shop, app = shop_or_404(parts, hash), _app_or_404(parts, client_id)
        return redirect(load_address(shop, app))

    @pages.post("/admin/<hash>/apps/<client_id>/uninstall")
    def uninstall_app(hash: str, client_id: str) -> Response:
        shop, app = shop_or_404(parts, hash), _app_or_404(parts, client_id)
        uninstall(shop, app)
        return done(f"{app['name']} was uninstalled.", "api_accounts", hash=hash)


def pop_up(shop: Shop, account: Document) -> str:
    """The text that a merchant copies or downloads when an API account was made."""
    return "\n".join(
        [
            f"ACCESS TOKEN: {account['token']}",
            f"CLIENT NAME: {account['name']}",
            f"CLIENT ID: {account['client_id']}",
            f"CLIENT SECRET: {account['client_secret']}",
            f"NAME: {account['name']}",
            f"API PATH: https://api.bigcommerce.com/stores/{shop.hash}/v3/",
        ]
    )


def _asked_scopes() -> list[str]:
    suffixes = {"modify": "", "read": "_read_only"}
    chosen = [(scope, request.form.get(scope, "none")) for scope, _ in SCOPE_LABELS]
    return [f"{scope}{suffixes[level]}" for scope, level in chosen if level in suffixes]


def _asked_switches(parts: Parts) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, switch in parts.switches.describe().items():
        kind: Any = type(switch["default"])
        values[name] = name in request.form if kind is bool else kind(request.form.get(name, switch["value"]))
    return values


def _app_or_404(parts: Parts, client_id: str) -> Document:
    app = find_app(parts, client_id)
    if app is None:
        abort(404)
    return app


def _origin(parts: Parts, url: str) -> str:
    address = urlsplit(parts.hooks.resolve(url) or url)
    return f"{address.scheme}://{address.netloc}"
