"""Listings, stock and prices in a retailer's store."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from channels.connectors.shift4shop.tests.conftest import Shop
from channels.contract import ListingRequest, ListingVariant, PriceUpdate, StockUpdate
from channels.errors import NeedsReauthorisation, NotFound, Rejected, UnclearOutcome


def variant(listing_id: str, sku: str, **values: Any) -> ListingVariant:
    base = {"listing_id": listing_id, "sku": sku, "price": Decimal("9.90"), "stock": 3, "cost": Decimal("4.20")}
    return ListingVariant(**(base | values))


def lamp(*variants: ListingVariant, **values: Any) -> ListingRequest:
    base = {"name": "Desk lamp", "description": "<p>Bright</p>", "brand": "Lux"}
    return ListingRequest(variants=variants or (variant("1", "LAMP"),), **(base | values))


def known(shop: Shop, request: ListingRequest) -> ListingRequest:
    """The same listing, with the places that publishing gave."""
    places = {listing.listing_id: listing for listing in shop.connect().publish(request).listings}
    variants = tuple(
        replace(
            one,
            remote_product_id=places[one.listing_id].remote_product_id,
            remote_variant_id=places[one.listing_id].remote_variant_id,
        )
        for one in request.variants
    )
    return replace(request, variants=variants)


def raw(shop: Shop, sku: str) -> dict[str, Any]:
    return shop.connect().client.one(f"Products/{shop.shelf()[sku]['id']}")


def test_a_plain_product_is_published_whole(empty_shop: Shop) -> None:
    result = empty_shop.connect(settings={"category": "12"}).publish(lamp(variant("1", "LAMP", msrp=Decimal(12))))

    product = raw(empty_shop, "LAMP")
    info = product["SKUInfo"]
    assert (info["Name"], info["Price"], info["Cost"], info["RetailPrice"], info["Stock"]) == (
        "Desk lamp", Decimal("9.9"), Decimal("4.2"), 12, 3,
    )  # fmt: skip
    assert (product["Description"], product["ManufacturerName"], product["Hide"]) == ("<p>Bright</p>", "Lux", False)
    assert product["CategoryList"] == [{"CategoryID": 12}]
    assert result.listings[0].remote_product_id == str(info["CatalogID"])
    assert result.notes == ()


def test_the_dropship_price_reaches_no_price_that_shoppers_see(empty_shop: Shop) -> None:
    empty_shop.connect().publish(lamp())

    info = raw(empty_shop, "LAMP")["SKUInfo"]
    seen = {key: value for key, value in info.items() if key != "Cost"}
    assert Decimal("4.2") not in seen.values()


def test_variants_become_products_of_their_own_and_the_result_says_so(empty_shop: Shop) -> None:
    red = variant("1", "LAMP-R", options={"Colour": "Red", "Plug": "UK"})
    blue = variant("2", "LAMP-B", options={"Colour": "Blue", "Plug": "UK"}, image_url="https://example.com/b.jpg")

    result = empty_shop.connect().publish(lamp(red, blue))

    shelf = empty_shop.shelf()
    assert {row["name"] for row in shelf.values()} == {"Desk lamp - Red / UK", "Desk lamp - Blue / UK"}
    assert [note.split(",")[0] for note in result.notes] == [
        "Shift4Shop cannot take variants from us",
        "Images are not sent to Shift4Shop. Add them in the store.",
    ]


def test_publishing_twice_makes_nothing_twice(empty_shop: Shop) -> None:
    first = empty_shop.connect().publish(lamp())
    again = empty_shop.connect().publish(lamp())

    assert first.listings == again.listings
    assert len(empty_shop.shelf()) == 1


@pytest.mark.parametrize("fault", ["cut_after", "error_after", "truncated"])
def test_a_product_whose_answer_was_lost_is_adopted_by_its_sku(empty_shop: Shop, fault: str) -> None:
    empty_shop.fault(fault, method="POST", path="/Products$")

    with pytest.raises(UnclearOutcome):
        empty_shop.connect().publish(lamp())
    result = empty_shop.connect().publish(lamp())

    assert len(empty_shop.shelf()) == 1
    assert result.listings[0].remote_product_id == str(empty_shop.shelf()["LAMP"]["id"])


@pytest.mark.parametrize("name", ["Alpine tent", "Tent for two"])
def test_options_of_the_retailers_own_product_are_adopted_by_sku(shop: Shop, name: str) -> None:
    red, blue = variant("1", "tent-red", options={"Colour": "Red"}), variant("2", "TENT-BLUE")

    result = shop.connect().publish(lamp(red, blue, name=name))

    tent = shop.shelf()["TENT"]
    places = [(listing.remote_product_id, listing.remote_variant_id) for listing in result.listings]
    assert places == [shop.goods["TENT-RED"], shop.goods["TENT-BLUE"]]
    assert [(row["price"], row["stock"]) for row in tent["variants"]] == [("9.90", 3), ("9.90", 3)]
    assert (tent["name"], tent["price"], tent["visible"]) == ("Alpine tent", "149.50", True)
    assert result.notes == ()


def test_an_adopted_product_keeps_the_retailers_own_words(shop: Shop) -> None:
    shop.connect().publish(lamp(variant("1", "MUG"), name="Supplier's mug"))

    assert (shop.shelf()["MUG"]["name"], shop.shelf()["MUG"]["price"]) == ("Enamel mug", "9.90")


@pytest.mark.parametrize(("settings", "name"), [({}, "Desk lamp"), ({"update_texts": "yes"}, "Better lamp")])
def test_words_follow_the_supplier_only_where_the_retailer_chose_so(empty_shop: Shop, settings, name: str) -> None:
    request = known(empty_shop, lamp())

    empty_shop.connect(settings=settings).publish(replace(request, name="Better lamp"))

    assert empty_shop.shelf()["LAMP"]["name"] == name


def test_a_product_that_the_retailer_deleted_is_made_again(empty_shop: Shop) -> None:
    request = known(empty_shop, lamp())
    empty_shop.at("DELETE", f"/products/{empty_shop.shelf()['LAMP']['id']}")

    result = empty_shop.connect().publish(request)

    assert result.listings[0].remote_product_id == str(empty_shop.shelf()["LAMP"]["id"])


def test_two_hundred_variants_are_all_published_once(empty_shop: Shop) -> None:
    many = tuple(variant(str(n), f"L-{n}", options={"Size": str(n)}) for n in range(200))

    first = empty_shop.connect().publish(lamp(*many))
    again = empty_shop.connect().publish(lamp(*many))

    assert len(empty_shop.shelf()) == 200
    assert first.listings == again.listings


def test_a_name_that_is_too_long_is_cut_before_its_choice_and_the_result_says_so(empty_shop: Shop) -> None:
    request = lamp(variant("1", "LAMP", options={"Colour": "Red 🔴"}), name="Lamp " * 80)

    result = empty_shop.connect().publish(request)

    name = raw(empty_shop, "LAMP")["SKUInfo"]["Name"]
    assert len(name.encode("utf-16-le")) // 2 <= 255
    assert name.endswith(" - Red 🔴")
    assert "was shortened" in result.notes[0]


def test_a_variant_without_a_sku_is_refused_before_anything_is_made(empty_shop: Shop) -> None:
    with pytest.raises(Rejected) as caught:
        empty_shop.connect().publish(lamp(variant("1", "")))

    assert caught.value.code == "sku_missing"
    assert empty_shop.shelf() == {}


def test_stopped_goods_are_hidden_with_no_stock_and_never_deleted(shop: Shop) -> None:
    places = shop.goods
    mug = variant("1", "MUG", remote_product_id=places["MUG"][0], remote_variant_id=places["MUG"][1])
    red = variant("2", "TENT-RED", remote_product_id=places["TENT-RED"][0], remote_variant_id=places["TENT-RED"][1])
    gone = variant("3", "GONE", remote_product_id="999", remote_variant_id="0")

    shop.connect().unpublish(lamp(mug, red, gone))

    shelf = shop.shelf()
    assert (shelf["MUG"]["stock"], shelf["MUG"]["visible"]) == (0, False)
    assert [row["stock"] for row in shelf["TENT"]["variants"]] == [0, 5]
    assert shelf["TENT"]["visible"] is True


def test_a_product_that_is_not_to_be_seen_is_published_hidden_and_empty(empty_shop: Shop) -> None:
    empty_shop.connect().publish(lamp(variant("1", "LAMP", is_active=False), is_visible=False))

    assert (empty_shop.shelf()["LAMP"]["stock"], empty_shop.shelf()["LAMP"]["visible"]) == (0, False)


def test_a_stopped_variant_is_hidden_where_it_is_and_not_made_where_it_is_not(empty_shop: Shop) -> None:
    request = known(empty_shop, lamp(variant("1", "LAMP-R"), variant("2", "LAMP-B")))
    red, blue = request.variants
    stopped = (replace(red, is_active=False), blue, variant("3", "LAMP-G", is_active=False))

    result = empty_shop.connect().publish(replace(request, variants=stopped))

    shelf = empty_shop.shelf()
    assert {sku: row["visible"] for sku, row in shelf.items()} == {"LAMP-R": False, "LAMP-B": True}
    assert [listing.listing_id for listing in result.listings] == ["1", "2"]


def test_stock_goes_in_batches_of_a_hundred_with_an_outcome_for_each(empty_shop: Shop) -> None:
    rows = [{"name": f"P{n}", "sku": f"P{n}", "price": "1", "stock": 0} for n in range(150)]
    ids = [row["id"] for row in empty_shop.at("POST", "/products", rows)["products"]]
    empty_shop.forget_calls()

    outcomes = list(empty_shop.connect().update_stock([StockUpdate(str(id), "0", 7) for id in ids]))

    assert len(empty_shop.calls()) == 2
    assert [outcome.error for outcome in outcomes] == [None] * 150
    assert {row["stock"] for row in empty_shop.shelf().values()} == {7}


@pytest.mark.parametrize("as_206", [True, False])
@pytest.mark.parametrize("status_as_int", [True, False])
def test_one_bad_entry_spoils_no_other(shop: Shop, as_206: bool, status_as_int: bool) -> None:
    shop.switch(partial_206=as_206, status_as_int=status_as_int, message_capitals="upper")
    updates = [StockUpdate("999", "0", 4), StockUpdate(*shop.goods["MUG"], 4), StockUpdate(*shop.goods["TENT-RED"], -2)]

    outcomes = {outcome.remote_product_id: outcome.error for outcome in shop.connect().update_stock(updates)}

    assert isinstance(outcomes["999"], NotFound)
    assert outcomes[shop.goods["MUG"][0]] is None
    assert shop.shelf()["MUG"]["stock"] == 4
    assert shop.shelf()["TENT"]["variants"][0]["stock"] == 0


def test_a_variant_that_the_merchant_rebuilt_is_not_found_and_its_siblings_are_written(shop: Shop) -> None:
    product_id, code = shop.goods["TENT-RED"]
    updates = [PriceUpdate(product_id, "77", Decimal(1)), PriceUpdate(product_id, code, Decimal("5.55"), Decimal(2))]

    outcomes = list(shop.connect().update_prices(updates))

    assert isinstance(outcomes[0].error, NotFound)
    assert outcomes[1].error is None
    assert shop.shelf()["TENT"]["variants"][0]["price"] == "5.55"


def test_a_listing_that_was_never_published_is_refused_without_a_call(shop: Shop) -> None:
    shop.forget_calls()

    outcomes = list(shop.connect().update_stock([StockUpdate("", "", 4)]))

    assert isinstance(outcomes[0].error, Rejected)
    assert shop.calls() == []


def test_prices_and_costs_are_set_without_touching_stock(shop: Shop) -> None:
    list(shop.connect().update_prices([PriceUpdate(*shop.goods["MUG"], Decimal("4.10"), Decimal("2.00"))]))

    mug = shop.shelf()["MUG"]
    assert (mug["price"], mug["cost"], mug["stock"]) == ("4.10", "2.00", 10)


def test_what_stops_everything_stops_a_batch(shop: Shop) -> None:
    shop.at("POST", "/revoke")

    with pytest.raises(NeedsReauthorisation):
        list(shop.connect().update_stock([StockUpdate(*shop.goods["MUG"], 4)]))
