"""Faults on demand: what a caller sees, and whether the work was done."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store

LINE = {"name": "A", "quantity": 1, "price_ex_tax": 1, "price_inc_tax": 1}


def count(store: Store) -> int:
    """Orders in the store."""
    return len(store.door("GET", f"/stores/{HASH}/orders").json())


@pytest.mark.parametrize(
    ("fault", "error", "orders"),
    [
        ({"name": "cut_before"}, requests.ConnectionError, 0),
        ({"name": "cut_after"}, requests.ConnectionError, 1),
        ({"name": "timeout"}, requests.ReadTimeout, 0),
        ({"name": "timeout", "committed": True}, requests.ReadTimeout, 1),
        ({"name": "truncated"}, requests.exceptions.ChunkedEncodingError, 1),
    ],
)
def test_a_broken_connection_leaves_the_order_there_or_not(
    store: Store, fault: dict[str, Any], error: type[Exception], orders: int
) -> None:
    store.door("POST", "/faults", {"method": "POST", "path": "/v2/orders$", **fault})

    with pytest.raises(error):
        store.order([LINE])

    assert count(store) == orders


@pytest.mark.parametrize(
    ("name", "status", "orders"),
    [("unavailable", 503, 0), ("html", 502, 0), ("rate_limited", 429, 0), ("rate_limited_bare", 429, 0),
     ("error_after", 500, 1), ("slow", 201, 1)],
)  # fmt: skip
def test_a_fault_answers_as_its_name_says(store: Store, name: str, status: int, orders: int) -> None:
    store.door("POST", "/faults", {"name": name})

    response = store.order([LINE])

    assert (response.status_code, count(store)) == (status, orders)
    assert ("X-Rate-Limit-Time-Reset-Ms" in response.headers) == (name in {"rate_limited", "error_after", "slow"})


def test_a_fault_hits_as_often_as_armed_and_only_what_it_is_meant_for(store: Store) -> None:
    store.door("POST", "/faults", {"name": "unavailable", "method": "GET", "path": "/v2/time", "times": 2, "skip": 1})

    time = [store.call("GET", "/v2/time").status_code for _ in range(4)]

    assert time == [200, 503, 503, 200]
    assert store.call("GET", "/v2/store").status_code == 200


def test_a_share_of_calls_fails_alike_for_a_seed(store: Store) -> None:
    def run() -> list[int]:
        store.door("DELETE", "/faults")
        store.door("POST", "/faults", {"name": "unavailable", "share": 0.2, "seed": 7})
        return [store.call("GET", "/v2/time").status_code for _ in range(50)]

    first, second = run(), run()

    assert first == second
    assert 3 <= first.count(503) <= 20


def test_an_unknown_fault_or_switch_is_refused_with_a_sentence(store: Store) -> None:
    fault = store.session.post("https://x/_sim/faults", json={"name": "earthquake"})
    switch = store.session.put("https://x/_sim/switches", json={"hooks_signed": "yes"})

    assert (fault.status_code, switch.status_code) == (400, 400)
    assert "hooks_signed takes a bool" in switch.json()["error"]


def test_calls_are_noted_newest_last(store: Store) -> None:
    store.call("GET", "/v2/time")
    store.call("GET", "/v2/orders", params={"limit": 5})

    calls = store.door("GET", f"/calls?store={HASH}").json()

    assert [(call["method"], call["path"], call["status"]) for call in calls] == [
        ("GET", f"/stores/{HASH}/v2/time", 200),
        ("GET", f"/stores/{HASH}/v2/orders", 204),
    ]


def test_fields_that_nobody_documented_come_by_switch(store: Store) -> None:
    store.switch(unknown_fields=True)
    store.product()

    assert "x_unannounced" in store.get("/v3/catalog/products")["data"][0]
