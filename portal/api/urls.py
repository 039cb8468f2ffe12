"""Addresses of the API: ``/api/v1/…`` for programs, the schema and its documentation for people."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from portal.api import partners

router = SimpleRouter()
partners.register(router)
for _module in ("catalog.api", "orders.api", "channels.api", "channels.alerts.api", "channels.reconcile.api"):
    if find_spec(_module):
        import_module(_module).register(router)

_v1 = [path("company/", partners.CompanyView.as_view(), name="company"), *router.urls]

urlpatterns = [
    path("api/v1/", include((_v1, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
