"""The addresses of the Prices page and its panels."""

from __future__ import annotations

from django.urls import path

from catalog.views.breaks import price_breaks, price_policy
from catalog.views.bulk_undo import undo_bulk
from catalog.views.explain import explain
from catalog.views.price_list import new_price_list, price_list_partners, price_list_terms
from catalog.views.prices import PriceListView, prices_home, set_price
from catalog.views.publishing import price_history, price_preview
from catalog.views.rules import price_rules

urlpatterns = [
    path("prices/", prices_home, name="prices"),
    path("prices/new/", new_price_list, name="price-list-new"),
    path("prices/<int:pk>/", PriceListView.as_view(), name="price-list"),
    path("prices/<int:pk>/terms/", price_list_terms, name="price-list-terms"),
    path("prices/<int:pk>/rules/", price_rules, name="price-list-rules"),
    path("prices/<int:pk>/breaks/", price_breaks, name="price-list-breaks"),
    path("prices/<int:pk>/preview/", price_preview, name="price-list-preview"),
    path("prices/<int:pk>/history/", price_history, name="price-list-history"),
    path("prices/<int:pk>/undo/", undo_bulk, name="price-list-undo"),
    path("prices/<int:pk>/approval/", price_policy, name="price-policy"),
    path("prices/<int:pk>/partners/", price_list_partners, name="price-list-partners"),
    path("prices/<int:pk>/cells/<int:variant_id>/", set_price, name="price-cell"),
    path("prices/<int:pk>/explain/<int:variant_id>/", explain, name="price-explain"),
]
