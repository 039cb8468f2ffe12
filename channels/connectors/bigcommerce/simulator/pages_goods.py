"""The products page: stock, price, shown or hidden, new, deleted."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator.catalog_write import delete_product, delete_variant, update_product
from channels.connectors.bigcommerce.simulator.door_catalog import add_product, set_sku_price, set_sku_stock
from channels.connectors.bigcommerce.simulator.page_kit import PER_PAGE, asked_page, done, shop_or_404, show
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.stock import find_item, shown_level
from channels.simkit.app import Parts
from channels.simkit.store import Document


def add_goods_pages(pages: Blueprint, parts: Parts) -> None:
    """Add the product pages to the blueprint."""

    @pages.get("/admin/<hash>/products")
    def products(hash: str) -> str:
        shop = shop_or_404(parts, hash)
        q = request.args.get("q", "").strip()
        where = [("_sku", "like", f"%{q.lower()}%")] if q else []
        total = shop.count("variants", where)
        place = asked_page(total)
        variants = shop.find("variants", where, limit=PER_PAGE, offset=place.pop("offset"))
        rows = [_row(shop, variant) for variant in variants]
        return show("products", parts, shop=shop, tab="products", rows=rows, total=total, q=q, query=f"&q={q}", **place)

    @pages.post("/admin/<hash>/products")
    def add(hash: str) -> Response:
        shop = shop_or_404(parts, hash)
        if _amount("price") is None or not request.form.get("stock", "").isdigit():
            return done("Nothing was added: price and stock must be numbers.", "products", bad=True, hash=hash)
        product = add_product(shop, request.form.to_dict())
        return done(f"{product['name']} was added with a stock of {request.form['stock']}.", "products", hash=hash)

    @pages.post("/admin/<hash>/products/<int:id>")
    def change_product(hash: str, id: int) -> Response:
        shop = shop_or_404(parts, hash)
        product, variant = shop.get("products", id), shop.get("variants", int(request.form.get("variant_id", 0)))
        if product is None or variant is None or variant["product_id"] != id:
            abort(404)
        sentence = _change(shop, product, variant, request.form.get("do", "save"))
        return done(sentence, "products", hash=hash)


def _change(shop: Shop, product: Document, variant: Document, do: str) -> str:
    name = variant["sku"] or product["name"]
    if do == "delete":
        if variant["option_values"]:
            delete_variant(shop, variant)
        else:
            delete_product(shop, product)
        return f"{name} was deleted."
    if do in {"hide", "show"}:
        update_product(shop, product, {"is_visible": do == "show"}, checked=False)
        return f"{product['name']} is now {'shown' if do == 'show' else 'hidden'}."
    return _save(shop, product, variant, name)


def _save(shop: Shop, product: Document, variant: Document, name: str) -> str:
    said, stock, price = [], request.form.get("stock", ""), _amount("price")
    if stock.isdigit() and int(stock) != shown_level(shop, variant):
        set_sku_stock(shop, product, variant, int(stock))
        said.append(f"stock {stock}")
    if price is not None and price != Decimal(str(_price(product, variant))):
        set_sku_price(shop, *_fresh(shop, product, variant), price)
        said.append(f"price {price}")
    return f"{name} now has {' and '.join(said)}." if said else f"Nothing changed on {name}."


def _fresh(shop: Shop, product: Document, variant: Document) -> tuple[Document, Document]:
    """Both as they are now, after a change of stock."""
    return shop.get("products", product["id"]) or product, shop.get("variants", variant["id"]) or variant


def _row(shop: Shop, variant: Document) -> Document:
    product = shop.get("products", variant["product_id"]) or {}
    item = find_item(shop, product_id=variant["product_id"], variant_id=variant["id"])
    return {
        "variant_id": variant["id"],
        "product_id": variant["product_id"],
        "sku": variant["sku"],
        "name": product.get("name", ""),
        "value": " / ".join(value["label"] for value in variant["option_values"]),
        "stock": shown_level(shop, variant),
        "price": f"{_price(product, variant):.2f}",
        "is_visible": product.get("is_visible", False),
        "is_tracked": item is not None,
    }


def _price(product: Document, variant: Document) -> float:
    return float(product.get("price", 0) if variant["price"] is None else variant["price"])


def _amount(name: str) -> Decimal | None:
    try:
        amount = Decimal(request.form.get(name, ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
