"""What every store connector must obey, written once: a connector's ``tests/test_conformance.py`` inherits ``StoreConformance`` in a few lines.

The class works on two fixtures of the connector's own ``conftest.py``, both made of its simulator in process:

- ``open_shop(**values)`` makes a store and returns a ``Shop``; ``empty_shop`` is one; ``shop`` is one with a mug (MUG, 10 units) and a tent in two colours
  (TENT-RED, 17 units; TENT-BLUE, 5 units);
- a ``Shop`` has ``at(method, path, body)`` and ``door(…)`` for the state door, ``fault(name, **values)``, ``calls()``, ``forget_calls()``, ``books()``,
  ``place(**order)`` → order id, ``connect(**session)`` → our connector, ``request(number)`` → an ``OrderRequest``, and ``goods``: SKU → ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
import requests

from channels.contract import (
    ChannelShipmentLine,
    Check,
    ListingRequest,
    ListingVariant,
    PriceUpdate,
    RemoteOrderState,
    ShipmentRequest,
    StockUpdate,
    StoreConnector,
)
from channels.errors import (
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    NotFound,
    RateLimited,
    Unavailable,
    UnclearOutcome,
    UnexpectedPayload,
    WrongStore,
)
from channels.http import Http
from portal.lib import clock

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOOK_ADDRESS = "https://portal.example.com/hooks/abc"
Read = Callable[[StoreConnector], Any]

READS: dict[str, Read] = {
    "products": lambda connector: [list(page) for page in connector.products()],
    "stock": lambda connector: [list(page) for page in connector.stock()],
    "orders": lambda connector: [list(page) for page in connector.orders(modified_since=LONG_AGO)],
    "statuses": lambda connector: list(connector.order_statuses()),
    "store": lambda connector: connector.store_info(),
    "find": lambda connector: connector.find_order(reference="TLX7-1", reference_prefix="TLX7", number=1),
}


def all_of(pages: Iterable[Sequence[Any]]) -> list[Any]:
    """The records of all pages."""
    return [record for page in pages for record in page]


def lamp(**values: Any) -> ListingRequest:
    """A partner's product with one variant, to be published."""
    one: dict[str, Any] = {
        "listing_id": "L1",
        "sku": "LAMP",
        "price": Decimal("9.90"),
        "stock": 3,
        "cost": Decimal("4.20"),
    }
    return ListingRequest("Desk lamp", (ListingVariant(**(one | values)),), description="Bends.", brand="Lumen")


def mugs(count: int) -> list[dict[str, Any]]:
    """So many products for the state door."""
    return [{"name": f"Mug {n}", "sku": f"M-{n:05}", "price": "3.00", "stock": n % 50} for n in range(count)]


def signature(connector: StoreConnector, shop: Any, number: int = 17) -> dict[str, Any]:
    """What an order of ours is looked up by."""
    request = shop.request(number)
    return {"reference": request.reference, "reference_prefix": request.reference_prefix, "number": number}


def stock(shop: Any, sku: str, available: int) -> StockUpdate:
    """A new figure for what the shop has under a SKU."""
    product_id, variant_id = shop.goods[sku]
    return StockUpdate(product_id, variant_id, available)


def price(shop: Any, sku: str, amount: Decimal, cost: Decimal | None = None) -> PriceUpdate:
    """A new shelf price for what the shop has under a SKU."""
    product_id, variant_id = shop.goods[sku]
    return PriceUpdate(product_id, variant_id, amount, cost)


class OnlyDeclared(requests.adapters.BaseAdapter):
    """A transport that lets declared calls through and fails on any other one."""

    def __init__(
        self, inner: requests.adapters.BaseAdapter, calls: Iterable[Any], path_of: Callable[[str], str]
    ) -> None:
        super().__init__()
        self.inner, self.path_of = inner, path_of
        self.allowed = [
            (call.method, re.compile("^" + re.escape(call.path).replace(r"\{\}", "[^/]+") + "$")) for call in calls
        ]
        self.refused: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        path = self.path_of(str(request.path_url).split("?", 1)[0])
        if not any(request.method == method and pattern.match(path) for method, pattern in self.allowed):
            self.refused.append(f"{request.method} {path}")
            raise requests.ConnectionError(f"undeclared call: {request.method} {path}")
        return self.inner.send(request, *args, **kwargs)

    def close(self) -> None:
        self.inner.close()


class StoreConformance:
    """Inherit, set the few facts that differ, and every promise of the contract is tested."""

    # Products that one page of the catalogue takes.
    page_size: ClassVar[int] = 250
    # Whether a 429 of theirs tells when they will listen again.
    tells_retry: ClassVar[bool] = True
    # A path of theirs that creates an order, and one that creates a parcel (patterns for faults).
    order_path: ClassVar[str] = r"/orders$"
    order_method: ClassVar[str] = "POST"
    shipment_path: ClassVar[str] = r"/shipments$"
    shipment_method: ClassVar[str] = "POST"
    # The grants of a token that lacks what orders need, and the word that names it.
    scopes_without_orders: ClassVar[Sequence[str]] = ()
    orders_word: ClassVar[str] = "Order"

    def path_of(self, path: str) -> str:
        """The path of a call below the store's base, as the connector declares it."""
        raise NotImplementedError

    def state_of(self, status: str) -> RemoteOrderState:
        """Our meaning of a vendor's status id."""
        raise NotImplementedError

    # -- credentials --

    @pytest.mark.parametrize("name", READS)
    def test_a_revoked_token_needs_a_person(self, shop: Any, name: str) -> None:
        shop.at("POST", "/revoke")
        with pytest.raises(NeedsReauthorisation):
            READS[name](shop.connect())

    def test_a_revoked_token_creates_no_order(self, shop: Any) -> None:
        shop.at("POST", "/revoke")
        with pytest.raises(NeedsReauthorisation):
            shop.connect().create_order(shop.request())
        assert shop.books() == []

    def test_a_token_revoked_between_pages_stops_the_walk(self, empty_shop: Any) -> None:
        empty_shop.at("POST", "/products", mugs(2 * self.page_size + 1))
        pages = empty_shop.connect().products()
        first = next(iter(pages))
        empty_shop.at("POST", "/revoke")
        with pytest.raises(NeedsReauthorisation):
            all_of(pages)
        assert len(first) == self.page_size

    def test_the_check_of_a_good_store_passes_and_reads_its_name_back(self, shop: Any) -> None:
        checks = list(shop.connect().check())
        assert [check for check in checks if check.passed is False] == []
        assert any("Northwind Outdoor" in check.sentence for check in checks)

    def test_the_check_names_a_rejected_key(self, shop: Any) -> None:
        shop.at("POST", "/revoke")
        failed = _failed(shop.connect().check())
        assert failed[0].code == "credentials_rejected"
        assert failed[0].field

    def test_the_check_names_a_missing_permission_and_where_to_grant_it(self, shop: Any) -> None:
        if not self.scopes_without_orders:
            pytest.skip("this channel has no permissions to take away")
        shop.at("POST", "/scopes", {"granted": list(self.scopes_without_orders)})
        failed = [check for check in _failed(shop.connect().check()) if self.orders_word in check.name]
        assert failed
        assert failed[0].code == "permission_missing"
        assert failed[0].menu

    def test_a_missing_permission_is_named_in_the_middle_of_work(self, shop: Any) -> None:
        if not self.scopes_without_orders:
            pytest.skip("this channel has no permissions to take away")
        shop.at("POST", "/scopes", {"granted": list(self.scopes_without_orders)})
        with pytest.raises(Misconfigured) as caught:
            READS["orders"](shop.connect())
        assert self.orders_word in caught.value.area

    @pytest.mark.row("S2-52")
    def test_the_token_of_another_store_is_refused(self, shop: Any, open_shop: Any) -> None:
        known = shop.connect().store_info().store_id
        other = open_shop(name="Southwind Indoor")
        with pytest.raises(WrongStore):
            other.connect(store_id=known).store_info()

    def test_the_check_says_so_when_the_token_is_of_another_store(self, shop: Any, open_shop: Any) -> None:
        known = shop.connect().store_info().store_id
        other = open_shop(name="Southwind Indoor")
        assert "another_store" in [check.code for check in _failed(other.connect(store_id=known).check())]

    # -- trouble on the way --

    def test_a_rate_limit_says_when_to_go_on(self, shop: Any) -> None:
        shop.fault("rate_limited", times=9)
        with pytest.raises(RateLimited) as caught:
            READS["products"](shop.connect())
        assert (caught.value.retry_at is not None) == self.tells_retry
        assert caught.value.retry_at is None or caught.value.retry_at > clock.now() - timedelta(seconds=5)

    def test_a_rate_limit_without_headers_is_a_rate_limit(self, shop: Any) -> None:
        shop.fault("rate_limited_bare", times=9)
        with pytest.raises(RateLimited) as caught:
            READS["products"](shop.connect())
        assert caught.value.retry_at is None

    def test_a_rate_limited_write_did_nothing(self, shop: Any) -> None:
        shop.fault("rate_limited", method=self.order_method, path=self.order_path)
        with pytest.raises(RateLimited):
            shop.connect().create_order(shop.request())
        assert shop.books() == []

    @pytest.mark.parametrize("mode", ["503", "html", "suspended"])
    def test_a_store_that_is_down_is_waited_for(self, shop: Any, mode: str) -> None:
        shop.at("POST", "/down", {"mode": mode})
        with pytest.raises(Unavailable):
            READS["orders"](shop.connect())

    @pytest.mark.parametrize("fault", ["html", "truncated", "cut_before", "unavailable"])
    def test_one_bad_answer_to_a_read_is_got_over(self, shop: Any, fault: str) -> None:
        shop.fault(fault, method="GET")
        assert len(READS["products"](shop.connect())[0]) == 2

    @pytest.mark.parametrize("fault", ["html", "truncated", "cut_before", "timeout"])
    def test_bad_answers_to_a_read_are_a_named_failure(self, shop: Any, fault: str) -> None:
        shop.fault(fault, method="GET", times=50)
        with pytest.raises((Unavailable, UnexpectedPayload)):
            READS["products"](shop.connect())

    # -- reading --

    def test_an_empty_store_has_empty_lists(self, empty_shop: Any) -> None:
        connector = empty_shop.connect()
        assert all_of(connector.products()) == []
        assert all_of(connector.stock()) == []
        assert all_of(connector.orders(modified_since=LONG_AGO)) == []

    @pytest.mark.parametrize("beyond", [0, 1])
    def test_the_last_page_is_read_once(self, empty_shop: Any, beyond: int) -> None:
        wanted = mugs(2 * self.page_size + beyond)
        empty_shop.at("POST", "/products", wanted)
        skus = [product.variants[0].sku for product in all_of(empty_shop.connect().products())]
        assert sorted(skus) == [product["sku"] for product in wanted]

    def test_a_product_that_is_gone_is_not_found(self, shop: Any) -> None:
        with pytest.raises(NotFound):
            shop.connect().product("99999")

    def test_inactive_products_are_told_as_inactive(self, shop: Any) -> None:
        product_id, _ = shop.goods["MUG"]
        shop.at("PATCH", f"/products/{product_id}", {"visible": False})
        told = {product.remote_id: product.is_active for product in all_of(shop.connect().products())}
        assert told.pop(product_id) is False
        assert set(told.values()) == {True}

    def test_stock_is_told_by_variant(self, shop: Any) -> None:
        figures = all_of(shop.connect().stock())
        by_id = {(figure.remote_product_id, figure.remote_variant_id): figure.on_hand for figure in figures}
        assert {sku: by_id[ids] for sku, ids in shop.goods.items()} == {"MUG": 10, "TENT-RED": 17, "TENT-BLUE": 5}

    def test_a_status_that_nobody_documented_is_unknown(self) -> None:
        assert self.state_of("4711") == RemoteOrderState.UNKNOWN

    def test_the_amounts_of_an_order_add_up(self, shop: Any) -> None:
        order_id = shop.place(
            lines=[{"sku": "MUG", "quantity": 3}, {"sku": "TENT-BLUE", "quantity": 1}], shipping_cost="4.95"
        )
        order = shop.connect().order(order_id)
        assert sum(line.total for line in order.lines) + order.shipping - order.discount == order.total
        assert [line.quantity for line in order.lines] == [3, 1]

    def test_dirty_lines_are_read_as_they_are(self, shop: Any) -> None:
        order_id = shop.place(
            lines=[{"sku": "MUG", "quantity": -2}, {"name": "Free gift 🎁", "quantity": 1, "price": "0"}],
            customer={
                "first_name": "N" * 200,
                "address1": "Ω 1 🏠",
                "city": "Łódź",
                "postcode": "90-001",
                "country": "PL",
            },
        )
        order = shop.connect().order(order_id)
        assert [line.quantity for line in order.lines] == [-2, 1]
        assert order.lines[1].unit_price == 0
        assert order.lines[1].remote_product_id == ""
        assert order.ship_to.email == ""
        assert order.ship_to.address1 == "Ω 1 🏠"

    # -- orders out --

    @pytest.mark.row("S1-23", "S1-25")
    def test_an_order_is_created_with_our_reference_and_price(self, shop: Any) -> None:
        connector = shop.connect()
        created = connector.create_order(shop.request())
        (book,) = shop.books()
        assert str(book["id"]) == created.remote_id
        assert book["reference"] == "TLX7-17"
        assert [(line["sku"], line["quantity"], Decimal(line["price"])) for line in book["lines"]] == [
            ("MUG", 2, Decimal("2.10")),
            ("TENT-RED", 1, Decimal("61.50")),
        ]
        assert book["ship_to"]["city"] == "Dover"
        assert Decimal(book["total"]) == Decimal("70.20")

    def test_the_line_ids_of_a_created_order_are_told(self, shop: Any) -> None:
        created = shop.connect().create_order(shop.request())
        (book,) = shop.books()
        assert dict(created.line_ids) == {"71": str(book["lines"][0]["id"]), "72": str(book["lines"][1]["id"])}

    def test_our_reference_is_visible_on_orders_read_back(self, shop: Any) -> None:
        connector = shop.connect()
        connector.create_order(shop.request())
        shop.place()
        references = {order.reference for order in all_of(connector.orders(modified_since=LONG_AGO))}
        assert "TLX7-17" in references
        assert len(references) == 2

    def test_an_order_that_was_never_sent_is_surely_not_there(self, shop: Any) -> None:
        connector = shop.connect()
        connector.create_order(shop.request(170))
        assert connector.find_order(**signature(connector, shop, 17)) is None

    @pytest.mark.row("S1-25")
    @pytest.mark.parametrize("fault", ["cut_after", "error_after", "truncated"])
    def test_an_order_whose_answer_was_lost_is_found_and_stands_once(self, shop: Any, fault: str) -> None:
        connector = shop.connect()
        shop.fault(fault, method=self.order_method, path=self.order_path)
        with pytest.raises(UnclearOutcome):
            connector.create_order(shop.request())
        found = connector.find_order(**signature(connector, shop))
        (book,) = shop.books()
        assert found is not None
        assert found.remote_id == str(book["id"])

    @pytest.mark.parametrize("fault", ["cut_before", "timeout", "html"])
    def test_an_order_that_got_no_clear_answer_and_is_not_there_is_not_found(self, shop: Any, fault: str) -> None:
        connector = shop.connect()
        shop.fault(fault, method=self.order_method, path=self.order_path)
        with pytest.raises(UnclearOutcome):
            connector.create_order(shop.request())
        assert connector.find_order(**signature(connector, shop)) is None
        assert shop.books() == []

    # -- parcels --

    def test_a_parcel_with_everything_ships_the_order(self, shop: Any) -> None:
        connector, order_id = shop.connect(), shop.place()
        told = connector.create_shipment(parcel(connector.order(order_id), "1Z1", completes=True))
        assert connector.order(order_id).state == RemoteOrderState.SHIPPED
        assert [each.tracking_number for each in connector.shipments(order_id)] == ["1Z1"]
        assert told.tracking_number == "1Z1"

    @pytest.mark.row("S3-20")
    def test_two_parcels_of_an_order_are_both_told_and_ship_it_together(self, shop: Any) -> None:
        order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "TENT-RED", "quantity": 1}])
        connector = shop.connect()
        mug, tent = connector.order(order_id).lines
        first = parcel(connector.order(order_id), "1Z1", completes=False, lines={mug.remote_id: 1})
        connector.create_shipment(first)
        assert connector.order(order_id).state == RemoteOrderState.PARTLY_SHIPPED
        rest = {mug.remote_id: 1, tent.remote_id: 1}
        connector.create_shipment(
            parcel(connector.order(order_id), "1Z2", completes=True, lines=rest, other_tracking=("1Z1",))
        )
        assert connector.order(order_id).state == RemoteOrderState.SHIPPED
        numbers = " ".join(each.tracking_number for each in connector.shipments(order_id))
        assert "1Z1" in numbers
        assert "1Z2" in numbers

    def test_a_parcel_whose_answer_was_lost_is_found(self, shop: Any) -> None:
        connector, order_id = shop.connect(), shop.place()
        request = parcel(connector.order(order_id), "1Z1", completes=True)
        shop.fault("cut_after", method=self.shipment_method, path=self.shipment_path)
        with pytest.raises(UnclearOutcome):
            connector.create_shipment(request)
        found = connector.find_shipment(request)
        assert found is not None
        assert found.tracking_number == "1Z1"
        assert connector.order(order_id).state == RemoteOrderState.SHIPPED
        assert len(connector.shipments(order_id)) == 1

    def test_a_parcel_with_another_number_is_not_the_same(self, shop: Any) -> None:
        connector, order_id = shop.connect(), shop.place()
        request = parcel(connector.order(order_id), "1Z1", completes=True)
        connector.create_shipment(request)
        assert connector.find_shipment(parcel(connector.order(order_id), "1Z9", completes=True)) is None

    # -- listings --

    def test_a_listing_is_published_once(self, shop: Any) -> None:
        connector = shop.connect()
        first = connector.publish(lamp())
        again = connector.publish(lamp())
        assert first.listings == again.listings
        told = [product for product in all_of(connector.products()) if product.variants[0].sku == "LAMP"]
        assert [(product.is_active, product.variants[0].price, product.variants[0].stock) for product in told] == [
            (True, Decimal("9.9"), 3)
        ]

    def test_a_listing_whose_answer_was_lost_stands_once(self, shop: Any) -> None:
        connector = shop.connect()
        shop.fault("cut_after", method="POST", path="(?i)products$")
        with pytest.raises(UnclearOutcome):
            connector.publish(lamp())
        connector.publish(lamp())
        assert [each.variants[0].sku for each in all_of(connector.products())].count("LAMP") == 1

    def test_a_product_that_the_store_has_under_the_sku_is_adopted(self, shop: Any) -> None:
        published = shop.connect().publish(lamp(sku="MUG", price=Decimal("7.50"), stock=6))
        (listing,) = published.listings
        assert (listing.remote_product_id, listing.remote_variant_id) == shop.goods["MUG"]

    def test_the_dropship_price_never_stands_on_the_shelf(self, shop: Any) -> None:
        connector = shop.connect()
        connector.publish(lamp())
        (told,) = [each for each in all_of(connector.products()) if each.variants[0].sku == "LAMP"]
        assert told.variants[0].price == Decimal("9.9")
        assert told.variants[0].cost == Decimal("4.2")
        assert told.variants[0].msrp is None

    def test_stock_and_prices_are_set_and_setting_them_again_changes_nothing(self, shop: Any) -> None:
        connector = shop.connect()
        for _ in range(2):
            outcomes = [
                *connector.update_stock([stock(shop, "MUG", 4), stock(shop, "TENT-RED", 0)]),
                *connector.update_prices([price(shop, "MUG", Decimal("3.75"), Decimal("2.00"))]),
            ]
            assert [outcome.error for outcome in outcomes] == [None, None, None]
        told = {each.sku: each for product in all_of(connector.products()) for each in product.variants}
        assert (told["MUG"].stock, told["TENT-RED"].stock, told["TENT-BLUE"].stock) == (4, 0, 5)
        assert (told["MUG"].price, told["MUG"].cost) == (Decimal("3.75"), Decimal("2"))

    def test_an_entry_of_a_bulk_write_that_is_refused_does_not_stop_the_others(self, shop: Any) -> None:
        connector = shop.connect()
        updates = [StockUpdate("99999", "99999", 1), stock(shop, "MUG", 4)]
        outcomes = {outcome.remote_product_id: outcome.error for outcome in connector.update_stock(updates)}
        assert isinstance(outcomes["99999"], ChannelError)
        assert outcomes[shop.goods["MUG"][0]] is None

    def test_an_unpublished_listing_is_hidden_with_no_stock(self, shop: Any) -> None:
        connector = shop.connect()
        (place,) = connector.publish(lamp()).listings
        ids = {"remote_product_id": place.remote_product_id, "remote_variant_id": place.remote_variant_id}
        connector.unpublish(lamp(**ids))
        told = connector.product(place.remote_product_id)
        assert not told.is_active
        assert told.variants[0].stock == 0

    # -- webhooks --

    def test_webhooks_are_registered_once_and_removed(self, shop: Any) -> None:
        connector = shop.connect()
        connector.register_hooks(HOOK_ADDRESS)
        first = list(connector.hooks())
        connector.register_hooks(HOOK_ADDRESS)
        assert list(connector.hooks()) == first
        assert first
        assert all(hook.is_active for hook in first)
        connector.unregister_hooks(HOOK_ADDRESS)
        assert list(connector.hooks()) == []

    def test_a_webhook_that_is_not_json_is_unexpected(self, shop: Any) -> None:
        with pytest.raises(UnexpectedPayload):
            type(shop.connect()).parse_hook(body=b"<html>", headers={})

    # -- what we call --

    @pytest.mark.row("S1-18")
    def test_nothing_is_called_that_is_not_declared(self, shop: Any) -> None:
        declared = type(shop.connect()).calls  # type: ignore[attr-defined]
        only = OnlyDeclared(shop.adapter, declared, self.path_of)
        connector = shop.connect(http=Http(adapter=only))
        exercise(connector, shop)
        assert only.refused == []


def parcel(
    order: Any,
    tracking: str,
    *,
    completes: bool,
    lines: dict[str, int] | None = None,
    other_tracking: tuple[str, ...] = (),
) -> ShipmentRequest:
    """A parcel of an order; without ``lines`` everything in it."""
    units = lines or {line.remote_id: int(line.quantity) for line in order.lines if not line.is_charge}
    return ShipmentRequest(
        remote_order_id=order.remote_id,
        tracking_number=tracking,
        carrier="Royal Mail",
        service="Tracked 48",
        shipped_at=clock.now(),
        lines=tuple(ChannelShipmentLine(line_id, quantity) for line_id, quantity in units.items()),
        completes=completes,
        other_tracking=other_tracking,
    )


def exercise(connector: StoreConnector, shop: Any) -> None:
    """Use everything that a connector can do, once."""
    list(connector.check())
    for read in READS.values():
        read(connector)
    connector.product(shop.goods["MUG"][0])
    connector.product_count()
    request = shop.request()
    connector.ensure_customer(request.bill_to, key="p1")
    connector.create_order(request)
    order_id = shop.place()
    told = parcel(connector.order(order_id), "1Z1", completes=True)
    connector.find_shipment(told)
    connector.create_shipment(told)
    connector.shipments(order_id)
    connector.publish(lamp())
    list(connector.update_stock([stock(shop, "MUG", 4)]))
    list(connector.update_prices([price(shop, "TENT-RED", Decimal("99.00"))]))
    connector.register_hooks(HOOK_ADDRESS)
    connector.hooks()
    connector.unregister_hooks(HOOK_ADDRESS)
    for field in connector.setting_fields:
        connector.setting_choices(field.name)


def _failed(checks: Iterable[Check]) -> list[Check]:
    return [check for check in checks if check.passed is False]
