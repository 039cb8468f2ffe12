"""The state door, `/_sim/`: our own tool for tests, demo and drills, the same JSON for every kind of store."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response
from werkzeug.exceptions import HTTPException

from channels.connectors.shift4shop.simulator import neutral, products, rest_module, shelf, statuses
from channels.connectors.shift4shop.simulator.world import DOWN_MODES, Shop, open_shop, this_world
from channels.simkit.door import guard_local, read_json, refuse
from channels.simkit.store import shown

routes = Blueprint("sim_shop", __name__)
routes.before_request(guard_local)


@routes.errorhandler(ValueError)
def _sentence(error: ValueError) -> tuple[Response, int]:
    return jsonify(error=f"{str(error)[:1].upper()}{str(error)[1:]}."), 400


@routes.errorhandler(HTTPException)
def _vendor_free(error: HTTPException) -> HTTPException | Response:
    return error.response if error.response is not None else error  # type: ignore[return-value]  # made by Flask


@routes.get("/app")
def get_app() -> Response:
    """The developer's app."""
    return jsonify(this_world().app())


@routes.put("/app")
def put_app() -> Response:
    """Change the developer's app: name, public_key, private_key, callback_url, redirect_uri, permissions."""
    world, given = this_world(), read_json()
    unknown = given.keys() - world.app().keys()
    if unknown:
        refuse(f"An app has no {', '.join(sorted(unknown))}.")
    world.save_app({**world.app(), **given})
    return jsonify(world.app())


@routes.post("/stores")
def post_store() -> Response:
    """Open a shop. Unless `authorised` is false, the app is authorised as if the merchant had done it."""
    given = read_json()
    world = this_world()
    shop = open_shop(world, given)
    if given.get("authorised", True) and not world.tokens(shop):
        world.issue_token(shop, kind="module")
        world.issue_token(shop, kind="oauth")
        shop.update(module_key=world.app()["public_key"])
    return jsonify(_describe(shop))


@routes.get("/stores")
def list_stores() -> Response:
    """All shops."""
    return jsonify([_describe(shop) for shop in this_world().shops()])


@routes.post("/stores/<store>/products")
def post_products(store: str) -> Response:
    """Put products on the shelf; anything is taken, bad data too."""
    shop = shop_or_404(store)
    rows = [shelf.put_on_shelf(shop, given) for given in _list(read_json((list, dict)))]
    return jsonify(products=[neutral.show_product(row) for row in rows])


@routes.get("/stores/<store>/products")
def list_products(store: str) -> Response:
    """All products."""
    return jsonify([neutral.show_product(shown(row)) for row in shop_or_404(store).find("products")])


@routes.patch("/stores/<store>/products/<int:catalog_id>")
def patch_product(store: str, catalog_id: int) -> Response:
    """Change a product."""
    return jsonify(neutral.show_product(shelf.edit_product(shop_or_404(store), catalog_id, read_json())))


@routes.delete("/stores/<store>/products/<int:catalog_id>")
def delete_product(store: str, catalog_id: int) -> Response:
    """Delete a product."""
    shop = shop_or_404(store)
    product = products.get_product(shop, catalog_id)
    if product is None:
        refuse(f"The shop has no product {catalog_id}.", 404)
    else:
        products.remove_product(shop, product)
    return jsonify(deleted=catalog_id)


@routes.put("/stores/<store>/stock")
def put_stock(store: str) -> Response:
    """Set stock by SKU."""
    shop, given = shop_or_404(store), read_json()
    for sku, stock in given.items():
        shelf.set_stock(shop, sku, stock)
    return jsonify(changed=len(given))


@routes.put("/stores/<store>/prices")
def put_prices(store: str) -> Response:
    """Set prices by SKU."""
    shop, given = shop_or_404(store), read_json()
    for sku, price in given.items():
        shelf.set_price(shop, sku, price)
    return jsonify(changed=len(given))


@routes.post("/stores/<store>/orders")
def post_orders(store: str) -> Response:
    """Place one order, or a list of them."""
    shop, given = shop_or_404(store), read_json((dict, list))
    placed = [_receipt(shelf.place_order(shop, order)) for order in _list(given)]
    return jsonify(placed if isinstance(given, list) else placed[0])


@routes.get("/stores/<store>/orders")
def list_orders(store: str) -> Response:
    """The books."""
    shop = shop_or_404(store)
    return jsonify([neutral.show_order(shop, document) for document in shop.find("orders")])


@routes.post("/stores/<store>/orders/<int:order_id>/ship")
def ship_order(store: str, order_id: int) -> Response:
    """Send a parcel."""
    shop, given = shop_or_404(store), read_json()
    shelf.ship_parcel(
        shop,
        order_id,
        tracking=str(given.get("tracking") or ""),
        carrier=str(given.get("carrier") or ""),
        lines=given.get("lines"),
    )
    return _shown_order(shop, order_id)


@routes.post("/stores/<store>/orders/<int:order_id>/status")
def set_order_status(store: str, order_id: int) -> Response:
    """Give an order another status."""
    shop = shop_or_404(store)
    shelf.set_status(shop, order_id, int(read_json().get("status", 0)))
    return _shown_order(shop, order_id)


@routes.put("/stores/<store>/statuses")
def put_statuses(store: str) -> Response:
    """The merchant names statuses (`labels`: number → text) and takes some out of use (`hidden`: numbers)."""
    shop, given = shop_or_404(store), read_json()
    labels = {**shop.document["order_status_labels"], **given.get("labels", {})}
    shop.update(order_status_labels=labels, hidden_statuses=[int(number) for number in given.get("hidden", [])])
    return jsonify(statuses.status_rows(shop))


@routes.get("/stores/<store>/mails")
def list_mails(store: str) -> Response:
    """Mails that the shop would have sent to customers."""
    return jsonify(shop_or_404(store).find("mails"))


@routes.get("/stores/<store>/customers")
def list_customers(store: str) -> Response:
    """Customers of the shop."""
    return jsonify([shown(row) for row in shop_or_404(store).find("customers")])


@routes.post("/stores/<store>/revoke")
def revoke(store: str) -> Response:
    """The merchant takes all tokens away."""
    shop = shop_or_404(store)
    return jsonify(tokens=this_world().update_tokens(shop, revoked=True))


@routes.post("/stores/<store>/restore")
def restore(store: str) -> Response:
    """All tokens work again."""
    shop = shop_or_404(store)
    return jsonify(tokens=this_world().update_tokens(shop, revoked=False))


@routes.post("/stores/<store>/authorise")
def authorise(store: str) -> Response:
    """The merchant pastes the app's public key into the REST API module, saves and authorises."""
    world, shop = this_world(), shop_or_404(store)
    with world.documents.transaction():
        shop.update(module_key=str(read_json().get("public_key") or world.app()["public_key"]))
    return jsonify(asdict(rest_module.authorise(world, shop)))


@routes.post("/stores/<store>/remove")
def remove(store: str) -> Response:
    """The merchant removes the app from the REST API module."""
    return jsonify(asdict(rest_module.remove(this_world(), shop_or_404(store))))


@routes.post("/stores/<store>/scopes")
def set_scopes(store: str) -> Response:
    """Say what the tokens of the shop may do: words such as `Orders:read`."""
    shop, granted = shop_or_404(store), list(read_json().get("granted", []))
    this_world().update_tokens(shop, granted=granted)
    return jsonify(granted=granted)


@routes.post("/stores/<store>/down")
def set_down(store: str) -> Response:
    """Take the shop down or up again."""
    shop, mode = shop_or_404(store), str(read_json().get("mode", ""))
    if mode not in DOWN_MODES:
        refuse(f"The mode is one of {', '.join(DOWN_MODES)}.")
    shop.update(down=mode)
    return jsonify(mode=mode)


@routes.get("/stores/<store>/webhooks")
def list_webhooks(store: str) -> Response:
    """The webhooks registered at the shop."""
    return jsonify(shop_or_404(store).find("webhooks"))


def shop_or_404(store: str) -> Shop:
    """The shop, or the end of the call."""
    shop = this_world().shop(store)
    if shop is None:
        abort(make_response(jsonify(error=f"There is no shop {store}."), 404))
    return shop


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _receipt(order: dict[str, Any]) -> dict[str, Any]:
    total = neutral.money(order["OrderAmount"])
    return {"id": order["OrderID"], "number": neutral.invoice_of(order), "total": total}


def _shown_order(shop: Shop, order_id: int) -> Response:
    document = shop.get("orders", order_id)
    return jsonify(neutral.show_order(shop, document or {}))


def _describe(shop: Shop) -> dict[str, Any]:
    world = shop.world
    tokens = {token["kind"]: token for token in world.tokens(shop)}
    app = world.app()
    credentials = {
        "secure_url": shop.secure_url,
        "public_key": app["public_key"],
        "private_key": app["private_key"],
        "token": tokens.get("module", {}).get("token", ""),
        "access_token": tokens.get("oauth", {}).get("token", ""),
        "payment_method_id": next(iter(shop.document["payment_methods"]), ""),
    }
    return {
        "store": shop.id,
        "name": shop.name,
        "currency": shop.currency,
        "timezone": shop.document["timezone"],
        "address": shop.secure_url,
        "down": shop.document["down"],
        "credentials": credentials,
        "revoked": any(token["revoked"] for token in tokens.values()),
        "granted": next((token["granted"] for token in tokens.values()), []),
    }
