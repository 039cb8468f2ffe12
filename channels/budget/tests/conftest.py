"""Both places where budgets are kept. Redis is the local one, or what TRADELANE_TEST_REDIS names; without it its tests are skipped, loudly."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest
import redis

REDIS = os.environ.get("TRADELANE_TEST_REDIS", "redis://127.0.0.1:6379/4")


@pytest.fixture
def redis_url(settings) -> Iterator[str]:
    """A Redis that answers, with a prefix that no other test uses; what was written goes in the end."""
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        pytest.skip(f"no Redis answers at {REDIS}, so budgets in Redis were not tried")
    settings.REDIS_URL, settings.REDIS_PREFIX = REDIS, f"test-{secrets.token_hex(6)}"
    yield REDIS
    for key in client.scan_iter(f"{settings.REDIS_PREFIX}:*"):
        client.delete(key)


@pytest.fixture(params=["database", "redis"])
def kept(request, settings) -> str:
    """Where budgets are kept in this test."""
    settings.REDIS_URL = ""
    if request.param == "redis":
        request.getfixturevalue("redis_url")
    return request.param
