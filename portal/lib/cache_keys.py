"""Keys of the cache: installations that share one Redis keep out of each other's way, and so do tests."""

from __future__ import annotations

from django.conf import settings


def own_key(key: str, key_prefix: str, version: int) -> str:
    """The key as the cache stores it; the setting ``REDIS_PREFIX`` is read at each call (Django: ``CACHES`` → ``KEY_FUNCTION``)."""
    return f"{settings.REDIS_PREFIX}:{key_prefix}:{version}:{key}"
