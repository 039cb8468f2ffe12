"""Django's record of this app."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "portal.ui"
    label = "ui"
    verbose_name = "Pages"
    default_auto_field = "django.db.models.BigAutoField"
