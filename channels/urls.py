"""Addresses of channels."""

from __future__ import annotations

from django.urls import path

from channels.views import hooks

app_name = "channels"
urlpatterns = [
    path("hooks/<slug:kind>/<str:key>/", hooks.receive, name="hook"),
]
