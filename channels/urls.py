"""Addresses of channels."""

from __future__ import annotations

from django.urls import include, path

from channels.views import (
    checking,
    consent,
    detail,
    hooks,
    integrations,
    mapping,
    reauthorise,
    status,
    store_settings,
    stuck,
    wizard,
)

# What outside systems and their browsers call, under a name space of its own.
_OUTSIDE = [
    path("hooks/<slug:kind>/<str:key>/", hooks.receive, name="hook"),
    path("integrations/return/<slug:kind>/", consent.consent_return, name="consent-return"),
    path("integrations/callback/<slug:kind>/", consent.callback, name="callback"),
    path("apps/<slug:kind>/<slug:what>", consent.app, name="app"),
]
_DRAFT = "integrations/add/<slug:kind>/<str:key>/"
_ONE = "integrations/<int:pk>/"

urlpatterns = [
    path("", include((_OUTSIDE, "channels"))),
    path("problems/", include("channels.problem_urls")),
    path("alerts/", include("channels.alerts.urls")),
    path("", include("channels.reconcile.urls")),
    path("healthz", status.healthz, name="healthz"),
    path("readyz", status.readyz, name="readyz"),
    path("status/", status.status, name="status"),
    path("metrics", status.prometheus, name="metrics"),
    path("settings/store/", store_settings.store_settings, name="store-settings"),
    path("integrations/", integrations.IntegrationsView.as_view(), name="integrations"),
    path("integrations/add/", integrations.gallery, name="integration-gallery"),
    path("integrations/installed/<str:ticket>/", consent.installed, name="integration-installed"),
    path("integrations/add/<slug:kind>/", wizard.add, name="integration-add"),
    path(f"{_DRAFT}name/", wizard.name, name="integration-name"),
    path(f"{_DRAFT}authorise/", wizard.authorise, name="integration-authorise"),
    path(f"{_DRAFT}paste/", wizard.paste, name="integration-paste"),
    path(f"{_DRAFT}address/", wizard.address, name="integration-address"),
    path(f"{_DRAFT}waiting/", wizard.waiting, name="integration-waiting"),
    path(f"{_DRAFT}consent/", wizard.consent, name="integration-consent"),
    path(f"{_DRAFT}check/", checking.check, name="integration-check"),
    path(f"{_DRAFT}check/run/", checking.run, name="integration-check-run"),
    path(f"{_DRAFT}what-to-sync/", wizard.sync, name="integration-sync"),
    path(f"{_DRAFT}cancel/", wizard.cancel, name="integration-cancel"),
    path(_ONE, detail.overview, name="integration"),
    path(f"{_ONE}connected/", detail.connected, name="integration-connected"),
    path(f"{_ONE}arriving/", detail.arriving, name="integration-arriving"),
    path(f"{_ONE}jobs/", detail.jobs, name="integration-jobs"),
    path(f"{_ONE}sync-now/", detail.sync_now, name="integration-sync-now"),
    path(f"{_ONE}pause/", detail.pause, name="integration-pause"),
    path(f"{_ONE}resume/", detail.resume, name="integration-resume"),
    path(f"{_ONE}resume/orders/", detail.resume_orders, name="integration-resume-orders"),
    path(f"{_ONE}settings/", detail.settings, name="integration-settings"),
    path(f"{_ONE}activity/", detail.activity, name="integration-activity"),
    path(f"{_ONE}problems/", stuck.problems, name="integration-problems"),
    path(f"{_ONE}mapping/", mapping.show, name="integration-mapping"),
    path(f"{_ONE}mapping/save/", mapping.save, name="integration-mapping-save"),
    path(f"{_ONE}mapping/read/", mapping.read_again, name="integration-mapping-read"),
    path(f"{_ONE}mapping/undo/<int:event>/", mapping.undo, name="integration-mapping-undo"),
    path(f"{_ONE}queue/", detail.queue, name="integration-queue"),
    path(f"{_ONE}remove/", detail.remove, name="integration-remove"),
    path(f"{_ONE}reauthorise/", reauthorise.reauthorise, name="integration-reauthorise"),
    path(f"{_ONE}reauthorise/check/", reauthorise.check, name="integration-reauthorise-check"),
    path(f"{_ONE}reauthorise/consent/", reauthorise.consent, name="integration-reauthorise-consent"),
]
