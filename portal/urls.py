"""Every address of the portal."""

from __future__ import annotations

from importlib import import_module

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

_APPS = ("portal.companies.urls", "catalog.urls", "orders.urls", "channels.urls", "portal.api.urls")


def _present() -> list[URLPattern | URLResolver]:
    found = []
    for module in _APPS:
        try:
            import_module(module)
        except ImportError:
            continue
        found.append(path("", include(module)))
    return found


urlpatterns = [
    path("", include("portal.web.urls")),
    *_present(),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler403 = "portal.web.views.errors.forbidden"
handler404 = "portal.web.views.errors.not_found"
handler500 = "portal.web.views.errors.broken"
