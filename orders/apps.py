"""Django's record of this app."""

from __future__ import annotations

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    label = "orders"
    verbose_name = "Orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog import sold
        from orders import receivers  # noqa: F401
        from orders.sold import units_of

        sold.register(units_of)
