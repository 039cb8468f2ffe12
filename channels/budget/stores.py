"""Where the figures of a rate budget are kept, so that all workers share them: Redis where REDIS_URL is set, else the database.

Both stores do one thing: ``read``, and ``swap`` that writes only if nobody else wrote meanwhile. So the rules stand once, in ``figures``, and no two
workers take the same place.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Protocol, TypeVar

import redis
from django.conf import settings
from redis.commands.core import Script

from channels.budget.figures import Figures
from channels.models import RateBudget

log = logging.getLogger(__name__)
T = TypeVar("T")
# Figures that nobody touched for so long say nothing any more.
KEPT_SECONDS = 24 * 3600


class Store(Protocol):
    """The figures of one integration."""

    def read(self) -> Figures | None:
        """As they stand; None before the first request."""

    def swap(self, before: Figures | None, after: Figures) -> bool:
        """Write ``after`` if ``before`` still stands; whether it did."""


def store_for(integration_id: int) -> Store:
    """The store of this installation."""
    return RedisStore(integration_id) if settings.REDIS_URL else DatabaseStore(integration_id)


def blocked_count(now: datetime) -> int:
    """How many integrations are told to wait by their stores at this moment."""
    if settings.REDIS_URL:
        return RedisStore.blocked_count(now)
    return DatabaseStore.blocked_count(now)


class DatabaseStore:
    """One row an integration; a swap is one conditional UPDATE that names every old value."""

    def __init__(self, integration_id: int) -> None:
        self.rows = RateBudget.objects.filter(integration_id=integration_id)
        self.integration_id = integration_id

    def read(self) -> Figures | None:
        row = self.rows.values_list("left", "quota", "updated_at", "resets_at", "blocked_until").first()
        return Figures(*row) if row else None

    def swap(self, before: Figures | None, after: Figures) -> bool:
        if before is None:
            _, is_new = RateBudget.objects.get_or_create(integration_id=self.integration_id, defaults=_values(after))
            return is_new
        old = {f"{name}__isnull" if value is None else name: value or True for name, value in _times(before).items()}
        return bool(self.rows.filter(left=before.left, quota=before.quota, **old).update(**_values(after)))

    @staticmethod
    def blocked_count(now: datetime) -> int:
        return RateBudget.objects.filter(blocked_until__gt=now).count()


def _values(figures: Figures) -> dict[str, object]:
    return {"left": figures.left, "quota": figures.quota, **_times(figures)}


def _times(figures: Figures) -> dict[str, datetime | None]:
    return {name: getattr(figures, name) for name in ("updated_at", "resets_at", "blocked_until")}


class RedisStore:
    """One text an integration; a swap is one script. While Redis cannot be reached the database serves: a store's limit is never forgotten."""

    def __init__(self, integration_id: int) -> None:
        self.integration_id = integration_id
        self.key = f"{_prefix()}:{integration_id}"
        self.instead = DatabaseStore(integration_id)

    def read(self) -> Figures | None:
        return _or_else(lambda: _parsed(_client(settings.REDIS_URL).get(self.key)), self.instead.read)

    def swap(self, before: Figures | None, after: Figures) -> bool:
        blocked = after.blocked_until.timestamp() if after.blocked_until else ""
        args = (_text(before) if before else "", _text(after), KEPT_SECONDS, blocked, self.integration_id)
        return _or_else(
            lambda: bool(_swap_script(settings.REDIS_URL)(keys=[self.key, _blocked_key()], args=args)),
            lambda: self.instead.swap(before, after),
        )

    @staticmethod
    def blocked_count(now: datetime) -> int:
        moment = now.timestamp()

        def count() -> int:
            client = _client(settings.REDIS_URL)
            client.zremrangebyscore(_blocked_key(), "-inf", moment)
            return int(client.zcount(_blocked_key(), moment, "+inf"))

        return _or_else(count, lambda: DatabaseStore.blocked_count(now))


# KEYS: figures, the set of the blocked. ARGV: before ("" for none), after, seconds to keep, blocked until ("" for not), integration.
_SWAP = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
if ARGV[4] == '' then redis.call('ZREM', KEYS[2], ARGV[5]) else redis.call('ZADD', KEYS[2], ARGV[4], ARGV[5]) end
return 1
"""


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


@cache
def _swap_script(url: str) -> Script:
    return _client(url).register_script(_SWAP)


def _prefix() -> str:
    return f"{settings.REDIS_PREFIX}:budget"


def _blocked_key() -> str:
    return f"{_prefix()}:blocked"


def _or_else(ask: Callable[[], T], instead: Callable[[], T]) -> T:
    try:
        return ask()
    except redis.RedisError as error:
        log.warning("redis does not answer; the database keeps the budgets", extra={"data": type(error).__name__})
        return instead()


def _text(figures: Figures) -> str:
    times = [moment.isoformat() if moment else None for moment in _times(figures).values()]
    return json.dumps([figures.left, figures.quota, *times])


def _parsed(text: bytes | str | None) -> Figures | None:
    if not text:
        return None
    left, quota, updated_at, *later = json.loads(text)
    times = (datetime.fromisoformat(each) if each else None for each in later)
    return Figures(left, quota, datetime.fromisoformat(updated_at), *times)
