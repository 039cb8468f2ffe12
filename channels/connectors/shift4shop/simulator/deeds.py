"""What a person can do on the pages of a shop: each deed takes the form and gives back a sentence about its effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.connectors.shift4shop.simulator import neutral, products, shapes, shelf, statuses
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import DOWN_MODES, Shop
from channels.simkit.store import shown

Form = Mapping[str, str]
GOODS_SHOWN, MOST_AT_ONCE = 300, 50
HOUR = 3600.0

_PEOPLE = (
    ("Ada", "Moss", "12 Elm Street", "Stockport", "SK1 3AA"),
    ("Hannah", "Whitlock", "4 Mill Lane", "Leeds", "LS1 4DY"),
    ("Joseph", "Okafor", "81 Quay Road", "Bristol", "BS1 6XN"),
    ("Mia", "Lindqvist", "7 Harbour View", "Leith", "EH6 6NX"),
)


def goods(shop: Shop) -> list[Record]:
    """What can be picked for an order: SKU, name, price and stock of products and variants."""
    rows = []
    for document in shop.find("products", limit=GOODS_SHOWN):
        info = document["SKUInfo"]
        for option in document["AdvancedOptionList"]:
            name = f"{info['Name']}, {option['AdvancedOptionName']}"
            rows.append({"sku": option["AdvancedOptionSufix"], "name": name, "stock": option["AdvancedOptionStock"]})
        if not document["AdvancedOptionList"]:
            rows.append({"sku": info["SKU"], "name": info["Name"], "stock": info["Stock"]})
    return [row for row in rows if row["sku"]]


def search_products(shop: Shop, words: str, *, page: int, rows: int) -> tuple[list[Record], int]:
    """Products whose name has the words, or whose SKU is exactly that; and how many there are."""
    where = [("_name", "like", f"%{words.strip().lower()}%")] if words.strip() else []
    exact = products.find_sellable(shop, words.strip()) if words.strip() else None
    if exact is not None:
        return [exact.product], 1
    found = shop.find("products", where=where, limit=rows, offset=(page - 1) * rows)
    return [shown(document) for document in found], shop.count("products", where=where)


def read_switches(rows: Mapping[str, Mapping[str, Any]], form: Form) -> dict[str, object]:
    """The form of all switches as values of the right kind; an unticked box is not sent. Raises ValueError."""
    values: dict[str, object] = {}
    for name, row in rows.items():
        kind = type(row["default"])
        if kind is bool:
            values[name] = name in form
        elif name in form:
            values[name] = kind(form[name])
    return values


def place_order(shop: Shop, form: Form) -> str:
    """A customer orders, once or several times."""
    times = max(1, min(_whole(form, "times", 1), MOST_AT_ONCE))
    placed = [shelf.place_order(shop, _basket(shop, form)) for _ in range(times)]
    last = placed[-1]
    if times > 1:
        return f"{times} orders are placed, the last one is {neutral.invoice_of(last)}."
    state = statuses.status_text(shop, last["OrderStatusID"])
    total = f"{neutral.money(last['OrderAmount'])} {shop.currency}"
    return f"Order {neutral.invoice_of(last)} over {total} is placed as {state}."


def ship(shop: Shop, form: Form) -> str:
    """A parcel leaves: with what the form counts, or with everything open."""
    order_id = _whole(form, "order", 0)
    lines = [
        {"line_id": int(key.removeprefix("quantity-")), "quantity": value or "0"}
        for key, value in form.items()
        if key.startswith("quantity-")
    ]
    tracking = form.get("tracking", "").strip()
    if not tracking:
        raise ValueError("a parcel needs a tracking number")
    order = shelf.ship_parcel(
        shop, order_id, tracking=tracking, carrier=form.get("carrier", "").strip(), lines=lines or None
    )
    state = statuses.status_text(shop, order["OrderStatusID"])
    return f"The parcel {tracking} left. Order {neutral.invoice_of(order)} is {state} now."


def set_status(shop: Shop, form: Form) -> str:
    """An order gets another status."""
    order = shelf.set_status(shop, _whole(form, "order", 0), _whole(form, "status", 0))
    return f"Order {neutral.invoice_of(order)} is {statuses.status_text(shop, order['OrderStatusID'])} now."


def edit_product(shop: Shop, form: Form) -> str:
    """Price, stock and visibility of a product, and stock and price of its variants."""
    catalog_id = _whole(form, "product", 0)
    given: Record = {"visible": "visible" in form}
    given |= {name: form[name] for name in ("price", "stock") if form.get(name)}
    product = shelf.edit_product(shop, catalog_id, given)
    for option in product["AdvancedOptionList"]:
        code = option["AdvancedOptionCode"]
        shelf.edit_option(shop, catalog_id, code, stock=form.get(f"stock-{code}"), price=form.get(f"price-{code}"))
    hidden = "" if "visible" in form else " Customers do not see it."
    return f"{product['SKUInfo']['Name']} is saved.{hidden}"


def add_product(shop: Shop, form: Form) -> str:
    """A new product without variants."""
    if not form.get("name", "").strip():
        raise ValueError("a product needs a name")
    values = {key: form.get(key, "").strip() for key in ("name", "sku")}
    numbers = {key: form.get(key) or 0 for key in ("price", "stock")}
    product = shelf.put_on_shelf(shop, values | {key: shapes.number(value) for key, value in numbers.items()})
    return f"{product['SKUInfo']['Name']} is on the shelf as product {product['SKUInfo']['CatalogID']}."


def delete_product(shop: Shop, form: Form) -> str:
    """A product goes."""
    product = products.get_product(shop, _whole(form, "product", 0))
    if product is None:
        raise ValueError("there is no such product")
    products.remove_product(shop, product)
    return f"{product['SKUInfo']['Name']} is deleted."


def zero_catalogue(shop: Shop, form: Form) -> str:
    """Every stock becomes 0."""
    found = shop.find("products")
    for document in found:
        product = shown(document)
        after = products.without_stocks(product)
        products.change_product(shop, product, after)
    return f"The stock of {len(found)} products is 0 now."


def save_key(shop: Shop, form: Form) -> str:
    """The public key of an app, pasted into the REST API module."""
    shop.update(module_key=form.get("public_key", "").strip())
    return "The key is saved. Authorise the app to let it in."


def revoke(shop: Shop, form: Form) -> str:
    """All tokens stop to work."""
    count = shop.world.update_tokens(shop, revoked=True)
    return f"{count} tokens are revoked. The app's next call is refused."


def restore(shop: Shop, form: Form) -> str:
    """All tokens work again."""
    count = shop.world.update_tokens(shop, revoked=False)
    return f"{count} tokens work again."


def narrow(shop: Shop, form: Form) -> str:
    """The app may not write orders any more."""
    kept = [word for word in _granted(shop) if word != "Orders:write"]
    shop.world.update_tokens(shop, granted=kept)
    return "The app may read orders, but not write them any more."


def widen(shop: Shop, form: Form) -> str:
    """The app may do all it asks for again."""
    app = shop.world.app()["permissions"]
    granted = [f"{area}:{action}" for area, actions in app.items() for action in actions]
    shop.world.update_tokens(shop, granted=granted)
    return "The app may do everything that it asks for again."


def set_down(shop: Shop, form: Form) -> str:
    """The store goes down, or up again."""
    mode = form.get("mode", "")
    if mode not in DOWN_MODES:
        raise ValueError("choose how the store is down")
    shop.update(down=mode)
    return (
        "The store is up again." if mode == "up" else f"The store is down: its API answers in the manner of '{mode}'."
    )


def drop_hook(shop: Shop, form: Form) -> str:
    """The next webhook is lost."""
    shop.switches.update({"hooks_drop_next": int(shop.switches.number("hooks_drop_next")) + 1})
    return "The next webhook will not be sent."


def advance(shop: Shop, form: Form) -> str:
    """An hour passes."""
    shop.world.parts.clock.advance(HOUR)
    return f"An hour passed. The clock of the shop shows {shop.now().replace('T', ' ')}."


def set_label(shop: Shop, form: Form) -> str:
    """The merchant's own words for a status."""
    labels = {**shop.document["order_status_labels"], form.get("status", ""): form.get("label", "").strip()}
    shop.update(order_status_labels=labels)
    return "The label is saved."


DEEDS: dict[str, Callable[[Shop, Form], str]] = {
    deed.__name__.replace("_", "-"): deed
    for deed in (
        place_order,
        ship,
        set_status,
        edit_product,
        add_product,
        delete_product,
        zero_catalogue,
        save_key,
        revoke,
        restore,
        narrow,
        widen,
        set_down,
        drop_hook,
        advance,
        set_label,
    )
}


def _basket(shop: Shop, form: Form) -> Record:
    first, last, street, city, postcode = _PEOPLE[shop.count("orders") % len(_PEOPLE)]
    typed = form.get("customer", "").strip()
    if typed:
        first, _, last = typed.partition(" ")
    email = f"{first}.{last or 'customer'}@customer.example".lower().replace(" ", ".")
    customer = {"first_name": first, "last_name": last, "email": email, "phone": "020 7946 0100"}
    customer |= {"address1": street, "city": city, "postcode": postcode, "country": "GB"}
    quantity = _whole(form, "quantity", 1)
    if quantity < 1:
        raise ValueError("an order needs a quantity of at least 1")
    return {
        "lines": [{"sku": form.get("sku", ""), "quantity": quantity}],
        "customer": customer,
        "shipping_method": form.get("shipping") or "Standard",
        "shipping_cost": "0",
        "status": _whole(form, "status", statuses.NEW),
    }


def _whole(form: Form, name: str, default: int) -> int:
    try:
        return int(form.get(name) or default)
    except ValueError as error:
        raise ValueError(f"{name} takes a whole number") from error


def _granted(shop: Shop) -> list[str]:
    return next((token["granted"] for token in shop.world.tokens(shop)), [])
