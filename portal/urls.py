"""Every address of the portal."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from health_check.views import HealthCheckView

# Named one by one: the default set asks for the DNS name of the own host and for mail, which ordinary machines lack.
_HEALTH_CHECKS = ("health_check.checks.Database", "health_check.checks.Cache")

# Programs call far more often than people, so their addresses are looked through first.
urlpatterns = [
    path("", include("portal.api.urls")),
    path("", include("portal.web.urls")),
    path("", include("portal.companies.urls")),
    path("", include("catalog.urls")),
    path("", include("orders.urls")),
    path("", include("channels.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("health/", HealthCheckView.as_view(checks=list(_HEALTH_CHECKS)), name="health"),
]

handler403 = "portal.web.views.errors.forbidden"
handler404 = "portal.web.views.errors.not_found"
handler500 = "portal.web.views.errors.broken"
