"""Django's record of this app."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    label = "catalog"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog import home, receivers  # noqa: F401
        from catalog.search import receivers as search_receivers  # noqa: F401
        from portal.companies import notices
        from portal.ui import finding, todo

        todo.todos.register(home.todos)
        todo.steps.register(home.steps)
        finding.register("Products", "package", home.find_products)
        notices.register("price-list", home.price_list_notices)
