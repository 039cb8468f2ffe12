"""Django's record of this app."""

from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "channels"
    label = "channels"
    verbose_name = "Channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog import stock_age as catalog_stock_age
        from channels import checks, platforms, receivers, stock_age  # noqa: F401
        from channels.alerts import inbox, standard  # noqa: F401
        from portal.ui import navigation

        platforms.register()
        catalog_stock_age.provide(stock_age.last_read)
        navigation.count("alerts", inbox.unread)
