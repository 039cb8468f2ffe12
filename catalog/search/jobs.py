"""The job that brings the index up to a first load."""

from __future__ import annotations

from catalog.search import index


def catch_up() -> int:
    """Put what waits into the index. Safe to run twice or beside itself."""
    return index.catch_up()
