"""The catalogue's addresses."""

from __future__ import annotations

from django.urls import path

from catalog import price_urls
from catalog.views.catalogue import CatalogueView
from catalog.views.facets import FacetsView
from catalog.views.files import (
    ImportsView,
    import_apply,
    import_back,
    import_cancel,
    import_check,
    import_columns,
    import_page,
    import_prices,
    import_products,
    import_stock,
    import_undo,
)
from catalog.views.files_out import file_export, file_template, import_odd, import_original, import_refused
from catalog.views.listings import ListingsView, set_shelf_price
from catalog.views.product import adopt_product, choose_product, product_page, tag_product
from catalog.views.products import ProductsView
from catalog.views.retail_rules import retail_rule, retail_rules
from catalog.views.review import review
from catalog.views.sku_health import SkuHealthView, look_again

urlpatterns = [
    *price_urls.urlpatterns,
    path("products/", ProductsView.as_view(), name="products"),
    path("products/<int:pk>/", product_page, name="product"),
    path("products/<int:pk>/tags/", tag_product, name="product-tags"),
    path("products/<int:pk>/choose/", choose_product, name="product-choose"),
    path("products/<int:pk>/adopt/", adopt_product, name="product-adopt"),
    path("catalogue/", CatalogueView.as_view(), name="catalogue"),
    path("imports/", ImportsView.as_view(), name="imports"),
    path("imports/new/products/", import_products, name="import-products"),
    path("imports/new/stock/", import_stock, name="import-stock"),
    path("imports/new/prices/", import_prices, name="import-prices"),
    path("imports/<int:pk>/", import_page, name="import"),
    path("imports/<int:pk>/columns/", import_columns, name="import-columns"),
    path("imports/<int:pk>/check/", import_check, name="import-check"),
    path("imports/<int:pk>/back/", import_back, name="import-back"),
    path("imports/<int:pk>/apply/", import_apply, name="import-apply"),
    path("imports/<int:pk>/cancel/", import_cancel, name="import-cancel"),
    path("imports/<int:pk>/undo/", import_undo, name="import-undo"),
    path("imports/<int:pk>/original/", import_original, name="import-original"),
    path("imports/<int:pk>/refused.<str:form>", import_refused, name="import-refused"),
    path("imports/<int:pk>/odd.<str:form>", import_odd, name="import-odd"),
    path("sku-health/", SkuHealthView.as_view(), name="sku-health"),
    path("sku-health/look/", look_again, name="sku-health-look"),
    path("files/templates/<str:kind>.<str:form>", file_template, name="file-template"),
    path("files/exports/<str:kind>.<str:form>", file_export, name="file-export"),
    path("catalogue/facets/", FacetsView.as_view(), name="catalogue-facets"),
    path("catalogue/review/", review, name="catalogue-review"),
    path("listings/rules/", retail_rules, name="retail-rules"),
    path("listings/rules/<int:pk>/", retail_rule, name="retail-rule"),
    path("listings/", ListingsView.as_view(), name="listings"),
    path("listings/<int:pk>/price/", set_shelf_price, name="listing-price"),
]
