"""Listings in the retailer's store: made hidden, found again, adopted, cut, refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from channels.connectors.bigcommerce.connector import BigCommerce
from channels.connectors.bigcommerce.tests.conftest import Shop
from channels.connectors.conformance import all_of, lamp, mugs
from channels.contract import ChannelProduct, ListingRequest, ListingVariant, PriceUpdate, StockUpdate
from channels.errors import Misconfigured, Rejected, Unavailable, UnclearOutcome

CATALOGUE_ONLY = ("store_v2_products", "store_v2_orders", "store_v2_information")


def bag(*sizes: str, **values: object) -> ListingRequest:
    """A product in sizes."""
    variants = [
        ListingVariant(f"L-{size}", f"BAG-{size}", Decimal("12.50") + n, 3 + n, {"Size": size}, cost=Decimal("6"))
        for n, size in enumerate(sizes)
    ]
    return replace(ListingRequest("Bag", tuple(variants), description="<p>Holds</p>"), **values)


def told(connector: BigCommerce, sku: str) -> ChannelProduct:
    (product,) = [p for p in all_of(connector.products()) if any(v.sku == sku for v in p.variants)]
    return product


def test_a_product_with_choices_gets_a_variant_each_with_its_own_price_and_stock(shop: Shop) -> None:
    connector = shop.connect()
    connector.publish(bag("S", "M", "L"))
    product = told(connector, "BAG-M")
    assert [(v.sku, v.options, v.price, v.cost, v.stock) for v in product.variants] == [
        ("BAG-S", {"Size": "S"}, Decimal("12.5"), Decimal(6), 3),
        ("BAG-M", {"Size": "M"}, Decimal("13.5"), Decimal(6), 4),
        ("BAG-L", {"Size": "L"}, Decimal("14.5"), Decimal(6), 5),
    ]
    assert product.is_active


def test_a_product_is_hidden_until_it_is_complete(shop: Shop) -> None:
    shop.fault("cut_before", method="PUT", path="/catalog/products/")
    connector = shop.connect()
    with pytest.raises(UnclearOutcome):
        connector.publish(lamp())
    assert not told(connector, "LAMP").is_active
    connector.publish(lamp())
    assert told(connector, "LAMP").is_active


def test_a_variant_chosen_later_joins_the_product_that_is_there(shop: Shop) -> None:
    connector = shop.connect()
    first = connector.publish(bag("S", "M"))
    again = connector.publish(bag("S", "M", "XL", remote_product_id=first.listings[0].remote_product_id))
    assert again.listings[:2] == first.listings
    assert {each.remote_product_id for each in again.listings} == {first.listings[0].remote_product_id}
    assert [v.sku for v in told(connector, "BAG-XL").variants] == ["BAG-S", "BAG-M", "BAG-XL"]


def test_a_stopped_variant_has_no_stock_and_cannot_be_bought(shop: Shop) -> None:
    connector = shop.connect()
    connector.publish(bag("S", "M"))
    request = bag("S", "M")
    connector.publish(replace(request, variants=(request.variants[0], replace(request.variants[1], is_active=False))))
    assert [(v.sku, v.stock, v.is_active) for v in told(connector, "BAG-S").variants] == [
        ("BAG-S", 3, True),
        ("BAG-M", 0, False),
    ]


def test_two_hundred_variants_are_one_product(shop: Shop) -> None:
    connector = shop.connect()
    sizes = [f"{n:03}" for n in range(200)]
    assert len(connector.publish(bag(*sizes)).listings) == 200
    assert len(told(connector, "BAG-199").variants) == 200
    assert len(connector.publish(bag(*sizes)).listings) == 200


def test_more_variants_than_the_store_takes_are_refused_with_the_number(shop: Shop) -> None:
    with pytest.raises(Rejected) as caught:
        shop.connect().publish(bag(*[f"{n:03}" for n in range(601)]))
    assert caught.value.code == "too_many_variants"
    assert "600" in caught.value.message


def test_a_variant_without_sku_is_refused(shop: Shop) -> None:
    with pytest.raises(Rejected) as caught:
        shop.connect().publish(lamp(sku=""))
    assert caught.value.code == "sku_missing"


def test_a_name_that_is_taken_gets_the_sku_appended(shop: Shop) -> None:
    shop.stock_up({"name": "Desk Lamp", "sku": "OLD", "price": "8", "stock": 1})
    connector = shop.connect()
    result = connector.publish(lamp())
    assert told(connector, "LAMP").name == "Desk lamp (LAMP)"
    assert "Desk lamp (LAMP)" in result.notes[0]


def test_a_long_name_is_cut_and_stands_in_full_in_the_description(shop: Shop) -> None:
    name = "Lamp <bright> 💡 " * 30
    connector = shop.connect()
    connector.publish(replace(lamp(), name=name))
    product = told(connector, "LAMP")
    assert len(product.name) <= 250
    assert "Lamp &lt;bright&gt; 💡 " * 29 in product.description


def test_variants_with_the_same_choices_are_told_apart_by_sku(shop: Shop) -> None:
    connector = shop.connect()
    request = bag("S", "M")
    twice = replace(request, variants=tuple(replace(v, options={"Size": "S"}) for v in request.variants))
    connector.publish(twice)
    assert [v.name for v in told(connector, "BAG-S").variants] == ["S (BAG-S)", "S (BAG-M)"]


def test_variants_without_choices_get_one(shop: Shop) -> None:
    connector = shop.connect()
    request = bag("S", "M")
    connector.publish(replace(request, variants=tuple(replace(v, options={}) for v in request.variants)))
    assert [v.options for v in told(connector, "BAG-S").variants] == [{"Choice": "BAG-S"}, {"Choice": "BAG-M"}]


def test_a_sku_that_differs_by_case_only_is_the_same_product(shop: Shop) -> None:
    connector = shop.connect()
    (listing,) = connector.publish(lamp(sku="mug")).listings
    assert (listing.remote_product_id, listing.remote_variant_id) == shop.goods["MUG"]


def test_an_adopted_product_keeps_its_own_texts(shop: Shop) -> None:
    connector = shop.connect()
    connector.publish(lamp(sku="MUG"))
    product = told(connector, "MUG")
    assert (product.name, product.description) == ("Enamel mug", "")
    assert (product.variants[0].price, product.variants[0].stock) == (Decimal("9.9"), 3)


def test_a_sku_met_in_the_middle_of_many_is_adopted_and_the_rest_is_made(shop: Shop) -> None:
    shop.stock_up({"name": "Old bag", "sku": "BAG-007", "price": "8", "stock": 1})
    connector = shop.connect()
    result = connector.publish(bag(*[f"{n:03}" for n in range(30)]))
    places = {each.listing_id: (each.remote_product_id, each.remote_variant_id) for each in result.listings}
    assert places["L-007"] == shop.goods["BAG-007"]
    assert len(set(places.values())) == 30
    assert len(told(connector, "BAG-029").variants) == 29


def test_a_product_deleted_in_the_store_is_made_again(shop: Shop) -> None:
    connector = shop.connect()
    (first,) = connector.publish(lamp()).listings
    shop.at("DELETE", f"/products/{first.remote_product_id}")
    gone = lamp(remote_product_id=first.remote_product_id, remote_variant_id=first.remote_variant_id)
    (again,) = connector.publish(gone).listings
    assert again.remote_product_id != first.remote_product_id
    assert told(connector, "LAMP").is_active


def test_a_product_whose_stock_was_not_saved_gets_it_again(shop: Shop) -> None:
    shop.switch(products_207=True)
    connector = shop.connect()
    connector.publish(lamp())
    assert told(connector, "LAMP").variants[0].stock == 3


def test_stock_that_the_catalogue_did_not_save_is_tried_again_later(shop: Shop) -> None:
    shop.at("POST", "/scopes", {"granted": list(CATALOGUE_ONLY)})
    shop.switch(products_207=True)
    with pytest.raises(Unavailable):
        list(shop.connect().update_stock([StockUpdate(*shop.goods["MUG"], 4)]))


def test_a_picture_without_public_address_is_left_out_with_a_note(shop: Shop) -> None:
    result = shop.connect().publish(replace(lamp(), image_url="assets/lamp.jpg"))
    assert "picture" in result.notes[0]


CDN = "https://cdn.example.com"


def published(shop: Shop, **values: object) -> tuple[BigCommerce, ListingRequest]:
    """A lamp in the store with a picture, and the request that knows where it is."""
    connector = shop.connect()
    first = connector.publish(replace(lamp(), image_url=f"{CDN}/first.jpg"))
    place = first.listings[0].remote_product_id
    return connector, replace(lamp(), remote_product_id=place, told_image_url=first.image_url, **values)


def test_a_new_picture_takes_the_old_ones_place_where_the_retailer_lets_us_and_is_sent_once(shop: Shop) -> None:
    connector, again = published(shop, keeps=frozenset(), image_url=f"{CDN}/second.jpg")
    assert connector.publish(again).image_url == f"{CDN}/second.jpg"
    assert told(connector, "LAMP").image_url == f"{CDN}/second.jpg"
    shop.forget_calls()
    assert connector.publish(replace(again, told_image_url=f"{CDN}/second.jpg")).image_url == ""
    assert not [call for call in shop.calls() if call["path"].endswith("/images") and call["method"] == "POST"]


@pytest.mark.parametrize("keeps", [frozenset({"images"}), None], ids=["kept by rule", "no rule"])
def test_a_picture_that_the_retailer_keeps_is_left_alone(shop: Shop, keeps: frozenset[str] | None) -> None:
    connector, again = published(shop, keeps=keeps, image_url=f"{CDN}/second.jpg")
    assert connector.publish(again).image_url == ""
    assert told(connector, "LAMP").image_url == f"{CDN}/first.jpg"


def test_publishing_without_the_permission_names_it(shop: Shop) -> None:
    shop.at("POST", "/scopes", {"granted": ["store_v2_products_read_only", "store_v2_information"]})
    with pytest.raises(Misconfigured) as caught:
        shop.connect().publish(lamp())
    assert "“Products: modify”" in caught.value.message


def test_without_the_inventory_permission_stock_goes_through_the_catalogue(shop: Shop) -> None:
    shop.at("POST", "/scopes", {"granted": list(CATALOGUE_ONLY)})
    updates = [StockUpdate(*shop.goods["MUG"], 4), StockUpdate(*shop.goods["TENT-RED"], 6)]
    outcomes = list(shop.connect().update_stock(updates))
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert shop.stock() | {"TENT-BLUE": 5} == {"MUG": 4, "TENT-RED": 6, "TENT-BLUE": 5}


@pytest.mark.parametrize("atomic", [True, False])
def test_a_refused_entry_is_told_alone_and_the_others_are_set(shop: Shop, atomic: bool) -> None:
    shop.switch(inventory_batch_atomic=atomic)
    product_id, _ = shop.goods["TENT-RED"]
    updates = [
        StockUpdate(*shop.goods["MUG"], 4),
        StockUpdate(product_id, "999999", 5),
        StockUpdate(*shop.goods["TENT-RED"], 6),
        StockUpdate(*shop.goods["TENT-BLUE"], 7),
    ]
    outcomes = {outcome.remote_variant_id: outcome.error for outcome in shop.connect().update_stock(updates)}
    assert isinstance(outcomes.pop("999999"), Rejected)
    assert set(outcomes.values()) == {None}
    assert shop.stock() == {"MUG": 4, "TENT-RED": 6, "TENT-BLUE": 7}


def test_two_thousand_figures_are_one_write(empty_shop: Shop) -> None:
    empty_shop.stock_up(*mugs(2000))
    updates = [StockUpdate(*ids, 9) for ids in empty_shop.goods.values()]
    empty_shop.forget_calls()
    assert all(outcome.error is None for outcome in empty_shop.connect().update_stock(updates))
    assert [call["method"] for call in empty_shop.calls()].count("PUT") == 1
    assert set(empty_shop.stock().values()) == {9}


def test_prices_go_in_batches_of_ten_products_and_fifty_variants(empty_shop: Shop) -> None:
    empty_shop.stock_up(*mugs(25))
    connector = empty_shop.connect()
    connector.publish(bag(*[f"{n:03}" for n in range(60)]))
    every = {v.sku: (p.remote_id, v.remote_id) for p in all_of(connector.products()) for v in p.variants}
    updates = [PriceUpdate(*ids, Decimal("7.77"), Decimal("3.33")) for ids in every.values()]
    empty_shop.forget_calls()
    assert all(outcome.error is None for outcome in connector.update_prices(updates))
    writes = [call["path"].rsplit("/", 1)[1] for call in empty_shop.calls() if call["method"] == "PUT"]
    assert (writes.count("products"), writes.count("variants")) == (3, 2)
    prices = {(v.price, v.cost) for p in all_of(connector.products()) for v in p.variants}
    assert prices == {(Decimal("7.77"), Decimal("3.33"))}


def test_negative_availability_is_no_stock(shop: Shop) -> None:
    list(shop.connect().update_stock([StockUpdate(*shop.goods["MUG"], -3)]))
    assert shop.stock()["MUG"] == 0
