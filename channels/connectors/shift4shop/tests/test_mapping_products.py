"""Products, variants and stock, field by field."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from channels.connectors.shift4shop import mapping_products as mapping
from channels.contract import ChannelProduct, ChannelVariant, StockFigure
from channels.errors import UnexpectedPayload

NEW_YORK = ZoneInfo("America/New_York")
HOST = "northwind-outdoor.3dcartstores.com"


def test_a_product_with_choices_has_a_variant_for_each_advanced_option(fixture) -> None:
    found = mapping.product(fixture("product_with_variants")[0], zone=NEW_YORK, host=HOST)

    assert found == ChannelProduct(
        remote_id="311",
        name="Alpine Tent",
        variants=(
            ChannelVariant(
                remote_id="501",
                sku="TENT-ALP-RED",
                name="Red",
                options={"Colour": "Red"},
                price=Decimal("149"),
                cost=Decimal("61.5"),
                msrp=Decimal("179"),
                weight=Decimal("5.2"),
                image_url=f"https://{HOST}/assets/images/tent-alp-1.jpg",
                stock=17,
            ),
        ),
        description="<p>Long text</p>",
        brand="Northwind",
        category="Tents",
        image_url=f"https://{HOST}/assets/images/tent-alp-1.jpg",
        modified_at=datetime(2024, 6, 13, 20, 20, 11, tzinfo=UTC),
    )


def test_a_plain_hidden_product_is_its_own_only_variant(fixture) -> None:
    found = mapping.product(fixture("product_plain_hidden")[0], zone=NEW_YORK, host=HOST)

    assert found == ChannelProduct(
        remote_id="312",
        name="Enamel mug & lid",
        variants=(
            ChannelVariant(
                remote_id="0",
                sku="MUG",
                barcode="5012345678900",
                price=Decimal("3.25"),
                image_url="https://cdn.example.com/mug.jpg",
                stock=-3,
                is_active=False,
            ),
        ),
        description="A mug",
        image_url="https://cdn.example.com/mug.jpg",
        is_active=False,
        modified_at=datetime(2024, 12, 1, 13, 0, tzinfo=UTC),
    )


def test_stock_is_that_of_the_variants_and_never_the_parents(fixture) -> None:
    assert mapping.stock_figures(fixture("product_with_variants")[0]) == [StockFigure("311", "501", 17)]
    assert mapping.stock_figures(fixture("product_plain_hidden")[0]) == [StockFigure("312", "0", -3)]


def test_a_variant_without_its_own_sku_and_price_takes_those_of_the_product(fixture) -> None:
    row = fixture("product_with_variants")[0]
    row["AdvancedOptionList"][0] |= {"AdvancedOptionSufix": "", "AdvancedOptionPrice": 0, "AdvancedOptionCost": 0}

    variant = mapping.product(row, zone=NEW_YORK, host=HOST).variants[0]

    assert (variant.sku, variant.price, variant.cost) == ("TENT-ALP", Decimal("149"), Decimal("61.5"))


def test_a_hidden_choice_is_an_inactive_variant(fixture) -> None:
    row = fixture("product_with_variants")[0]
    row["OptionSetList"][0]["OptionList"][0]["OptionHide"] = True

    found = mapping.product(row, zone=NEW_YORK, host=HOST)

    assert found.is_active
    assert not found.variants[0].is_active


def test_two_option_sets_name_a_variant_in_the_order_of_its_code(fixture) -> None:
    row = fixture("product_with_variants")[0]
    size = {"OptionSetName": "Size", "OptionList": [{"OptionID": 601, "OptionName": "2 &quot;long&quot;"}]}
    row["OptionSetList"].append(size)
    row["AdvancedOptionList"][0]["AdvancedOptionCode"] = "501-601"

    variant = mapping.product(row, zone=NEW_YORK, host=HOST).variants[0]

    assert variant.remote_id == "501-601"
    assert variant.options == {"Colour": "Red", "Size": '2 "long"'}
    assert variant.name == 'Red / 2 "long"'


def test_a_zero_price_arrives_as_zero(fixture) -> None:
    row = fixture("product_plain_hidden")[0]
    row["SKUInfo"]["Price"] = 0

    assert mapping.product(row, zone=NEW_YORK, host=HOST).variants[0].price == Decimal(0)


def test_a_product_without_an_id_is_an_unexpected_answer() -> None:
    with pytest.raises(UnexpectedPayload) as caught:
        mapping.product({"SKUInfo": {"SKU": "X"}}, zone=NEW_YORK, host=HOST)

    assert caught.value.path == "$.SKUInfo.CatalogID"
