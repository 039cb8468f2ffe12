"""The leaky bucket: 50 deep, 2 a second out, one per shop."""

from __future__ import annotations

from channels.connectors.shift4shop.simulator.tests.conftest import Maker, Sim


def _statuses(sim: Sim, calls: int) -> list[int]:
    return [sim.get("/OrderStatus?limit=1").status_code for _ in range(calls)]


def test_of_51_calls_at_once_the_last_is_refused_and_a_second_later_two_pass(sim: Sim) -> None:
    assert _statuses(sim, 51) == [200] * 50 + [429]
    sim.clock.forward(seconds=1)
    assert _statuses(sim, 3) == [200, 200, 429]


def test_the_refusal_has_the_shape_of_the_switches(sim: Sim) -> None:
    _statuses(sim, 50)
    full = sim.get("/OrderStatus")
    assert full.headers["Retry-After"] == "1"
    assert full.json() == [{"Key": "Error", "Value": "", "Status": "429", "Message": "Too many requests"}]
    sim.switch(rate_limit_retry_after=False, rate_limit_body=False)
    bare = sim.get("/OrderStatus")
    assert (bare.status_code, bare.text, bare.headers.get("Retry-After")) == (429, "", None)


def test_a_refused_call_does_not_fill_the_bucket(sim: Sim) -> None:
    _statuses(sim, 60)
    sim.clock.forward(seconds=0.5)
    assert _statuses(sim, 1) == [200]


def test_each_shop_has_its_own_bucket(sim: Sim) -> None:
    _statuses(sim, 51)
    sim.open(name="Other shop")
    assert _statuses(sim, 1) == [200]


def test_the_leak_follows_the_time_scale(make_sim: Maker) -> None:
    sim = make_sim(time_scale=20)
    sim.open()
    _statuses(sim, 50)
    sim.clock.forward(seconds=1)
    assert _statuses(sim, 41) == [200] * 40 + [429]
