"""The catalogue's addresses."""

from __future__ import annotations

from django.urls import path

from catalog.views.catalogue import CatalogueView
from catalog.views.listings import ListingsView, set_shelf_price
from catalog.views.price_list import new_price_list, price_list_partners, price_list_terms
from catalog.views.prices import PriceListView, explain, prices_home, set_price
from catalog.views.product import choose_product, product_page
from catalog.views.products import ProductsView

urlpatterns = [
    path("products/", ProductsView.as_view(), name="products"),
    path("products/<int:pk>/", product_page, name="product"),
    path("products/<int:pk>/choose/", choose_product, name="product-choose"),
    path("catalogue/", CatalogueView.as_view(), name="catalogue"),
    path("listings/", ListingsView.as_view(), name="listings"),
    path("listings/<int:pk>/price/", set_shelf_price, name="listing-price"),
    path("prices/", prices_home, name="prices"),
    path("prices/new/", new_price_list, name="price-list-new"),
    path("prices/<int:pk>/", PriceListView.as_view(), name="price-list"),
    path("prices/<int:pk>/terms/", price_list_terms, name="price-list-terms"),
    path("prices/<int:pk>/partners/", price_list_partners, name="price-list-partners"),
    path("prices/<int:pk>/cells/<int:variant_id>/", set_price, name="price-cell"),
    path("prices/<int:pk>/explain/<int:variant_id>/", explain, name="price-explain"),
]
