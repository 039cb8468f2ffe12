"""Goods, prices and listings of the cast."""

from __future__ import annotations

from catalog.files.services import Upload, receive
from catalog.models import EffectivePrice, PriceList, SkuFinding, Variant
from catalog.pricing.change import Change
from catalog.services import assign_price_list, create_price_list, draft_change
from catalog.sku_health.services import ask
from catalog.tests.factories import ListingFactory, PriceListFactory, ProductFactory, VariantFactory
from portal.tests.examples.base import Cast, Example, Maker


def _product(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": ProductFactory(company=cast.kingsway).pk})


def _price_list(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": PriceListFactory(company=cast.kingsway).pk})


def _drafted_list(cast: Cast) -> Example:
    made = _price_list(cast)
    draft_change(PriceList.objects.get(**made.values), Change(terms={"percent_off": "30"}))
    return made


def _price(cast: Cast) -> Example:
    variant = VariantFactory(product__company=cast.kingsway)
    return Example(cast.kingsway, {**_price_list(cast).values, "variant_id": variant.pk})


def _listing(cast: Cast) -> Example:
    return Example(cast.acme, {"pk": ListingFactory(partnership=cast.partnership).pk})


def _offer(cast: Cast) -> Example:
    variant = VariantFactory(product__company=cast.kingsway)
    assign_price_list(cast.partnership, create_price_list(cast.kingsway, name="Trade"))
    return Example(cast.acme, {"pk": variant.pk})


def _offered_product(cast: Cast) -> Example:
    pk = _offer(cast).values["pk"]
    return Example(cast.acme, {"pk": Variant.objects.get(pk=pk).product_id})


def _partnership(cast: Cast) -> Example:
    return Example(cast.acme, {"pk": cast.partnership.pk})


def _assignment(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": cast.partnership.pk})


def _effective_price(cast: Cast) -> Example:
    _offer(cast)
    return Example(cast.kingsway, {"pk": EffectivePrice.objects.get().pk})


def _import(cast: Cast) -> Example:
    upload = Upload("goods.csv", b"SKU,Name\n22423,Cakestand\n")
    return Example(cast.kingsway, {"pk": receive(cast.kingsway, upload, kind="products").pk})


def _refused(cast: Cast) -> Example:
    return Example(cast.kingsway, {**_import(cast).values, "form": "csv"})


def _price_import(cast: Cast) -> Example:
    price_list = PriceListFactory(company=cast.kingsway)
    upload = Upload("prices.csv", b"SKU,Price\n22423,5\n")
    return Example(cast.kingsway, {"pk": receive(cast.kingsway, upload, kind="prices", price_list=price_list).pk})


def _sku_finding(cast: Cast) -> Example:
    VariantFactory(product__company=cast.acme, sku="022423")
    offered = VariantFactory(product__company=cast.kingsway, sku="22423")
    assign_price_list(cast.partnership, create_price_list(cast.kingsway, name=f"Trade {offered.pk}"))
    ask(cast.acme)
    return Example(cast.acme, {"pk": SkuFinding.objects.get(company=cast.acme, kind="near").pk})


NO_OBJECT: dict[str, dict[str, str]] = {
    "file-template": {"kind": "products", "form": "csv"},
    "file-export": {"kind": "products", "form": "csv"},
}
EXAMPLES: dict[str, Maker] = {
    "import": _import,
    "import-columns": _import,
    "import-check": _import,
    "import-back": _import,
    "import-apply": _import,
    "import-cancel": _import,
    "import-undo": _import,
    "import-original": _import,
    "import-refused": _refused,
    "import-odd": _refused,
    "api:sku-finding-detail": _sku_finding,
    "api:sku-finding-same": _sku_finding,
    "api:sku-finding-different": _sku_finding,
    "api:import-detail": _import,
    "api:import-columns": _import,
    "api:import-check": _import,
    "api:import-apply": _import,
    "api:import-cancel": _import,
    "api:import-issues": _import,
    "api:import-warnings": _import,
    "api:import-read": _import,
    "api:import-refused": _import,
    "api:import-undo": _import,
    "api:price-import-detail": _price_import,
    "api:price-import-columns": _price_import,
    "api:price-import-check": _price_import,
    "api:price-import-apply": _price_import,
    "api:price-import-cancel": _price_import,
    "api:price-import-issues": _price_import,
    "api:price-import-read": _price_import,
    "api:price-import-refused": _price_import,
    "api:price-import-undo": _price_import,
    "product": _product,
    "product-tags": _product,
    "product-choose": _offered_product,
    "product-adopt": _offered_product,
    "price-list": _price_list,
    "price-list-terms": _price_list,
    "price-list-partners": _price_list,
    "price-list-rules": _price_list,
    "price-list-breaks": _price_list,
    "price-list-preview": _price_list,
    "price-list-history": _price_list,
    "price-list-undo": _price_list,
    "price-policy": _price_list,
    "price-cell": _price,
    "price-explain": _price,
    "listing-price": _listing,
    "retail-rule": _partnership,
    "api:retail-rule-detail": _partnership,
    "api:product-detail": _product,
    "api:product-tags": _product,
    "api:offer-detail": _offer,
    "api:listing-detail": _listing,
    "api:listing-stop": _listing,
    "api:listing-resume": _listing,
    "api:price-list-detail": _price_list,
    "api:price-list-overrides": _price_list,
    "api:price-list-draft": _drafted_list,
    "api:price-list-publish": _drafted_list,
    "api:price-list-approve": _drafted_list,
    "api:price-list-history": _price_list,
    "api:price-list-undo": _price_list,
    "api:price-assignment-detail": _assignment,
    "api:price-assignment-plan-exception": _assignment,
    "api:price-assignment-drop-exception": _assignment,
    "api:price-detail": _effective_price,
}
