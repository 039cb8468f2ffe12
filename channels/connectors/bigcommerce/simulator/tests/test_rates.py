"""The quota, its headers, and what a 429 carries."""

from __future__ import annotations

from channels.connectors.bigcommerce.simulator import create_app
from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store, TestClock


def test_every_answer_tells_the_window(store: Store) -> None:
    headers = store.call("GET", "/v2/time").headers

    assert headers["X-Rate-Limit-Requests-Quota"] == "150"
    assert headers["X-Rate-Limit-Requests-Left"] == "149"
    assert headers["X-Rate-Limit-Time-Window-Ms"] == "30000"
    assert headers["X-Rate-Limit-Time-Reset-Ms"] == "30000"
    assert "X-Rate-Limit-Requests-Left" in store.call("GET", "/v3/nothing").headers


def test_the_quota_ends_in_429_until_the_window_is_over(store: Store) -> None:
    store.door("PATCH", f"/stores/{HASH}", {"quota": 3})
    answers = [store.call("GET", "/v2/time").status_code for _ in range(4)]
    store.clock.move(seconds=12.5)

    refused = store.call("GET", "/v2/time")

    assert answers == [200, 200, 200, 429]
    assert refused.status_code == 429
    assert refused.json()["title"] == "Too many requests"
    assert refused.headers["X-Rate-Limit-Time-Reset-Ms"] == "17500"
    assert refused.headers["X-Retry-After"] == "18"
    store.clock.move(seconds=17.5)
    assert store.call("GET", "/v2/time").status_code == 200


def test_a_429_may_come_without_any_header(store: Store) -> None:
    store.switch(rate_headers_on_429=False, rate_retry_after=False)
    store.door("PATCH", f"/stores/{HASH}", {"quota": 1})
    store.call("GET", "/v2/time")

    headers = store.call("GET", "/v2/time").headers

    assert not [name for name in headers if "rate" in name.lower() or "retry" in name.lower()]


def test_another_app_eats_the_same_quota(store: Store) -> None:
    store.switch(rate_other_app=100)
    store.call("GET", "/v2/time")
    store.clock.move(seconds=15)

    assert store.call("GET", "/v2/time").headers["X-Rate-Limit-Requests-Left"] == "98"


def test_the_time_scale_shortens_the_window_and_what_the_headers_say() -> None:
    clock = TestClock()
    store = Store(create_app(now=clock, time_scale=20), clock)

    assert store.call("GET", "/v2/time").headers["X-Rate-Limit-Time-Window-Ms"] == "1500"


def test_an_unlimited_plan_sends_no_rate_headers(store: Store) -> None:
    store.door("PATCH", f"/stores/{HASH}", {"quota": 0})

    assert not [name for name in store.call("GET", "/v2/time").headers if name.startswith("X-Rate-Limit")]
