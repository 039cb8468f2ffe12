"""Two installations on one Redis do not see each other's counts."""

from django.core.cache import cache


def test_what_one_installation_kept_is_unknown_to_another(settings):
    settings.REDIS_PREFIX = "north"
    cache.set("calls", 600)
    settings.REDIS_PREFIX = "south"
    assert cache.get("calls") is None
    settings.REDIS_PREFIX = "north"
    assert cache.get("calls") == 600
