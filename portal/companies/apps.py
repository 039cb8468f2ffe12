"""Django's record of this app."""

from __future__ import annotations

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "portal.companies"
    label = "companies"
    verbose_name = "Companies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.companies import receivers  # noqa: F401
