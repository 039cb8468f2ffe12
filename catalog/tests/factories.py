"""Factories of the catalogue; made rows are valid and differ from each other."""

from __future__ import annotations

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from catalog import models
from catalog.data import ProductData, VariantData
from catalog.services import assign_price_list, create_price_list
from portal.companies.models import Partnership
from portal.companies.tests.factories import PartnershipFactory, SupplierFactory


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = models.Product

    company = factory.SubFactory(SupplierFactory)
    name = factory.Sequence(lambda n: f"Regency cakestand {n} tier")
    brand = "Regency"
    category = "Kitchen and cake"


class VariantFactory(DjangoModelFactory):
    """An active variant at £12.75 retail; a plain row, no price in force (see ``traded_variant``)."""

    class Meta:
        model = models.Variant

    product = factory.SubFactory(ProductFactory)
    company = factory.SelfAttribute("product.company")
    sku = factory.Sequence(lambda n: f"2242{n:04}")
    sku_key = factory.LazyAttribute(lambda one: models.sku_key(one.sku))
    currency = "GBP"
    price = Decimal("12.75")
    cost = Decimal("6.90")


class LocationFactory(DjangoModelFactory):
    class Meta:
        model = models.Location
        django_get_or_create = ("company", "key")

    company = factory.SubFactory(SupplierFactory)
    key = "default"
    is_counted = True


class StockLevelFactory(DjangoModelFactory):
    class Meta:
        model = models.StockLevel

    variant = factory.SubFactory(VariantFactory)
    location = factory.SubFactory(LocationFactory, company=factory.SelfAttribute("..variant.company"))
    on_hand = 96


class PriceListFactory(DjangoModelFactory):
    """A bare live list; ``create_price_list`` makes one with prices."""

    class Meta:
        model = models.PriceList

    company = factory.SubFactory(SupplierFactory)
    name = factory.Sequence(lambda n: f"Trade {n}")
    currency = "GBP"
    percent_off = Decimal(20)


class ListingFactory(DjangoModelFactory):
    class Meta:
        model = models.Listing

    partnership = factory.SubFactory(PartnershipFactory)
    company = factory.SelfAttribute("partnership.retailer")
    variant = factory.SubFactory(VariantFactory, product__company=factory.SelfAttribute("...partnership.supplier"))
    product = factory.SelfAttribute("variant.product")


def trading(*, percent_off: str = "20", goods: int = 1, **terms: object) -> Partnership:
    """A supplier with ``goods`` variants, a retailer that trades with it, and a live list between them."""
    partnership = PartnershipFactory()
    for _ in range(goods):
        VariantFactory(product__company=partnership.supplier)
    price_list = create_price_list(partnership.supplier, name="Trade", percent_off=Decimal(percent_off), **terms)
    assign_price_list(partnership, price_list)
    return partnership


def product_data(key: str = "p1", *, skus: tuple[str, ...] = ("22423",), **fields: object) -> ProductData:
    """A product as a source sends it: one variant a SKU, at £12.75."""
    variants = tuple(
        VariantData(key=f"{key}-{n}", sku=sku, price=Decimal("12.75"), cost=Decimal("6.90"), position=n)
        for n, sku in enumerate(skus)
    )
    return ProductData(**{"key": key, "name": "Regency cakestand", "variants": variants, **fields})
