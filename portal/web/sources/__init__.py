"""What Home, the search, the banners and the counts show of each app: one module an app, registered when Django starts."""

from __future__ import annotations

from portal.web.sources import goods, partners, stores, trade


def register() -> None:
    """Fill the frame's registries; twice is once."""
    for source in (stores, goods, partners, trade):
        source.register()
