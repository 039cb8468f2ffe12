"""Several workers on one integration: the store that counts never refuses one of them, and no place is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
import requests
from django.db import connection
from requests.adapters import BaseAdapter

from channels.budget import DatabaseStore, RedisStore, SharedBudget, store_for
from channels.budget.figures import Figures
from channels.connectors.bigcommerce.flight import in_flight
from channels.contract import RateHeaders, RateLimit
from channels.errors import RateLimited
from channels.http import Http
from channels.models import RateBudget
from channels.tests.factories import make_integration
from portal.lib import clock

WORKERS = 8
LIMIT = RateLimit(requests=100, seconds=3600)


def take_all(integration_id: int, taken: list[int]) -> None:
    """Take places until none is left; how many."""
    budget = SharedBudget(integration_id, limit=LIMIT, lane="orders")
    number = 0
    try:
        while True:
            budget.acquire()
            number += 1
    except RateLimited:
        taken.append(number)
    finally:
        connection.close()


@pytest.mark.usefixtures("redis_url")
def test_threads_share_a_window_in_redis():
    taken: list[int] = []
    threads = [threading.Thread(target=take_all, args=(4711, taken)) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == LIMIT.requests


@pytest.mark.django_db(transaction=True)
def test_threads_share_a_window_in_the_database(settings):
    settings.REDIS_URL = ""
    integration, taken = make_integration(), []
    # The tests' SQLite lives in memory and serves one thread; the swap itself is tried on every database.
    workers = WORKERS if connection.vendor == "postgresql" else 1
    threads = [threading.Thread(target=take_all, args=(integration.pk, taken)) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == LIMIT.requests


class Shop:
    """Counts requests in windows that begin with the first request, as a store does."""

    def __init__(self, quota: int, window: float) -> None:
        self.quota, self.window = quota, window
        self.began, self.used, self.windows = float("-inf"), 0, 0
        self.answers: Counter[int] = Counter()
        self.lock = threading.Lock()

    def ask(self) -> tuple[int, dict[str, str]]:
        with self.lock:
            now = time.monotonic()
            if now >= self.began + self.window:
                self.began, self.used, self.windows = now, 0, self.windows + 1
            status = 200 if self.used < self.quota else 429
            self.used += status == 200
            self.answers[status] += 1
            reset = max((self.began + self.window - now) * 1000, 1)
            return status, {"left": str(self.quota - self.used), "reset": str(reset), "quota": str(self.quota)}


class ShopDoor(BaseAdapter):
    """The shop as a transport: each request takes a moment."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        time.sleep(0.3)
        response = requests.Response()
        response.status_code, headers = self.shop.ask()
        response.headers.update(headers)
        response.request, response._content = request, b"{}"
        return response

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.usefixtures("redis_url")
def test_window_after_window_the_store_refuses_nobody():
    shop, names = Shop(quota=40, window=0.5), RateHeaders(left="left", reset_ms="reset", quota="quota")
    end = time.monotonic() + 2.2

    def work() -> None:
        budget = SharedBudget(4712, limit=RateLimit(requests=40, seconds=0.5), headers=names, lane="orders")
        while time.monotonic() < end:
            budget.acquire()
            budget.observe(*shop.ask())

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shop.answers[429] <= 0.02 * shop.answers[200]
    assert shop.answers[200] >= 3 * 40


@pytest.mark.usefixtures("redis_url")
def test_two_long_walks_at_once_leave_no_window_half_used():
    """While a walk sleeps until the turn, answers of the window before lie unread: they must not count against the next."""
    shop, names = Shop(quota=40, window=2.0), RateHeaders(left="left", reset_ms="reset", quota="quota")

    limit, adapter = RateLimit(requests=40, seconds=2.0), ShopDoor(shop)

    def walk() -> None:
        budget = SharedBudget(4714, limit=limit, headers=names, lane="orders")
        for _ in in_flight(Http(budget=budget, adapter=adapter), [lambda http: http.get("http://shop.test/")] * 60):
            continue

    threads = [threading.Thread(target=walk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shop.answers[200] == 120
    assert shop.windows <= 5, "three windows are enough for 120 requests"


_CHILD = """
import django; django.setup()
from django.conf import settings
settings.REDIS_PREFIX = {prefix!r}
from channels.budget.tests.test_many_workers import take_all
taken = []
take_all(4713, taken)
print(taken[0])
"""


def test_processes_share_a_window_in_redis(redis_url, settings):
    import os

    command = [sys.executable, "-c", _CHILD.format(prefix=settings.REDIS_PREFIX)]
    environment = {**os.environ, "REDIS_URL": redis_url, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    children = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(child.communicate(timeout=120)[0].split()[-1]) for child in children) == LIMIT.requests


@pytest.mark.django_db
def test_while_redis_does_not_answer_the_database_keeps_the_budget(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    integration = make_integration()
    SharedBudget(integration.pk, limit=LIMIT, lane="orders").acquire()
    assert RateBudget.objects.get(integration=integration).left == 99


@pytest.mark.django_db
@pytest.mark.parametrize("store_class", [DatabaseStore, RedisStore])
def test_of_two_first_requests_one_makes_the_figures(store_class, settings, request):
    settings.REDIS_URL = request.getfixturevalue("redis_url") if store_class is RedisStore else ""
    store = store_for(make_integration().pk)
    assert isinstance(store, store_class)
    assert store.swap(None, Figures(9, 10, clock.now()))
    assert not store.swap(None, Figures(5, 10, clock.now()))
    assert store.read().left == 9
