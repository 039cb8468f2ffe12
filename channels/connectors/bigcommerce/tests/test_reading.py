"""Walking through lists that change meanwhile, break off, or come in one second."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from channels.connectors.bigcommerce import flight
from channels.connectors.bigcommerce.tests.conftest import Shop
from channels.connectors.conformance import LONG_AGO, all_of, mugs
from channels.errors import RateLimited, Unavailable
from channels.http import Http


def skus(pages: object) -> list[str]:
    return [product.variants[0].sku for product in all_of(pages)]  # type: ignore[arg-type]


def test_a_deletion_during_the_walk_skips_nothing(empty_shop: Shop) -> None:
    made = empty_shop.at("POST", "/products", mugs(700))["products"]
    pages = empty_shop.connect().products()
    first = next(iter(pages))
    empty_shop.at("DELETE", f"/products/{made[3]['id']}")
    rest = skus(pages)
    told = [product.variants[0].sku for product in first] + rest
    assert sorted(set(told)) == [product["sku"] for product in mugs(700)]
    assert len(told) == 700


def test_only_changed_products_are_asked_for(shop: Shop) -> None:
    asked_from = datetime.now(UTC) + timedelta(hours=1)
    assert all_of(shop.connect().products(modified_since=asked_from)) == []
    (call,) = [call for call in shop.calls() if "date_modified" in call["query"]]
    assert f"date_modified%3Amin={(asked_from - timedelta(minutes=5)):%Y-%m-%dT%H%%3A%M%%3A%SZ}" in call["query"]


@pytest.mark.parametrize("fault", ["truncated", "timeout"])
def test_a_large_page_that_breaks_off_is_asked_for_in_small_ones(empty_shop: Shop, fault: str) -> None:
    empty_shop.at("POST", "/products", mugs(260))
    empty_shop.fault(fault, method="GET", path="/catalog/products", times=2)
    empty_shop.forget_calls()
    assert len(set(skus(empty_shop.connect().products()))) == 260
    limits = [call["query"].rsplit("limit=", 1)[1] for call in empty_shop.calls()]
    assert limits[:8] == ["250", "250", "50", "50", "50", "50", "50", "250"]


@pytest.mark.parametrize("count", [249, 250, 251, 500, 620])
def test_orders_that_changed_in_the_same_second_are_all_read_once(shop: Shop, count: int) -> None:
    shop.at("POST", "/orders", [{"lines": [{"name": "Postcard", "quantity": 1, "price": "1"}]} for _ in range(count)])
    ids = [int(order.remote_id) for order in all_of(shop.connect().orders(modified_since=LONG_AGO))]
    assert sorted(set(ids)) == sorted(book["id"] for book in shop.books())
    assert len(set(ids)) == len(ids) == count


def test_an_order_with_many_lines_is_read_whole(shop: Shop) -> None:
    order_id = shop.place(lines=[{"name": f"Card {n}", "quantity": 1, "price": "1"} for n in range(251)])
    assert len(shop.connect().order(order_id).lines) == 251


def test_a_cart_that_was_never_ordered_costs_no_further_reads(shop: Shop) -> None:
    shop.place(status=0)
    shop.forget_calls()
    (order,) = all_of(shop.connect().orders(modified_since=LONG_AGO))
    assert (order.state, order.lines, len(shop.calls())) == ("incomplete", (), 1)


def test_without_the_inventory_permission_the_catalogues_own_stock_is_told(shop: Shop) -> None:
    shop.at("POST", "/scopes", {"granted": ["store_v2_products", "store_v2_orders", "store_v2_information"]})
    figures = all_of(shop.connect().stock())
    by_id = {(figure.remote_product_id, figure.remote_variant_id): figure.on_hand for figure in figures}
    assert {sku: by_id[ids] for sku, ids in shop.goods.items()} == {"MUG": 10, "TENT-RED": 17, "TENT-BLUE": 5}


class CountingBudget:
    """Counts places and answers, and remembers which threads came."""

    def __init__(self) -> None:
        self.taken = self.observed = 0
        self.threads: set[int] = set()

    def acquire(self) -> None:
        self.taken += 1
        self.threads.add(threading.get_ident())

    def observe(self, status: int, headers: Mapping[str, str], *, at: datetime | None = None) -> None:
        self.observed += 1
        self.threads.add(threading.get_ident())


def test_every_page_takes_its_place_in_the_budget_from_the_calling_thread(empty_shop: Shop) -> None:
    empty_shop.at("POST", "/products", mugs(1300))
    budget = CountingBudget()
    assert len(skus(empty_shop.connect(http=Http(adapter=empty_shop.adapter, budget=budget)).products())) == 1300
    assert (budget.taken, budget.observed) == (6, 6)
    assert budget.threads == {threading.get_ident()}


class SleepyBudget(CountingBudget):
    """Waits at its fourth place until the answers before are there, and notes when each came and how many were handed on by then."""

    def __init__(self, told: list[object]) -> None:
        super().__init__()
        self.told, self.handed_on, self.woke_at, self.came_at = told, 0, datetime.max.replace(tzinfo=UTC), []

    def acquire(self) -> None:
        super().acquire()
        if self.taken == 4:
            threading.Event().wait(0.3)
            self.handed_on, self.woke_at = len(self.told), datetime.now(UTC)

    def observe(self, status: int, headers: Mapping[str, str], *, at: datetime | None = None) -> None:
        super().observe(status, headers, at=at)
        self.came_at.append(at)


def test_an_answer_is_told_with_the_moment_it_came_however_late_it_is_read() -> None:
    def read(http: Http) -> int:
        http.budget.observe(200, {})
        return 1

    told: list[object] = []
    budget = SleepyBudget(told)
    for answer in flight.in_flight(Http(budget=budget), [read] * 5):
        told.append(answer)
    assert len(told) == 5
    assert sum(at < budget.woke_at for at in budget.came_at if at) >= 3


def test_what_is_there_is_handed_on_before_a_place_is_waited_for() -> None:
    told: list[object] = []
    budget, is_there = SleepyBudget(told), threading.Event()

    def read(http: Http) -> int:
        is_there.set()
        return 1

    def reads():
        for _ in range(5):
            yield read
            # The answer is there when the next place is asked for.
            is_there.wait(5)
            threading.Event().wait(0.05)

    for answer in flight.in_flight(Http(budget=budget), reads()):
        told.append(answer)
    assert budget.handed_on == 3


def test_a_page_that_was_asked_to_slow_down_is_read_again_in_its_turn(empty_shop: Shop) -> None:
    empty_shop.at("POST", "/products", mugs(1300))
    empty_shop.fault("rate_limited", method="GET", path="/catalog/products", skip=2, times=1)
    budget = CountingBudget()
    assert len(skus(empty_shop.connect(http=Http(adapter=empty_shop.adapter, budget=budget)).products())) == 1300
    assert (budget.taken, budget.observed) == (7, 7)


def test_reads_in_flight_keep_their_order_and_their_errors() -> None:
    def read(number: int) -> object:
        def run(http: Http) -> int:
            if number == 5:
                raise Unavailable("page 5")
            return number

        return run

    told: list[object] = []
    with pytest.raises(Unavailable):
        told.extend(flight.in_flight(Http(), [read(number) for number in range(9)]))
    assert told == [0, 1, 2, 3, 4]


class SmallBudget(CountingBudget):
    """Has a few places and then asks to wait."""

    def acquire(self) -> None:
        super().acquire()
        if self.taken > 4:
            raise RateLimited("used up")


def test_a_budget_that_is_used_up_keeps_the_pages_that_are_under_way(empty_shop: Shop) -> None:
    empty_shop.at("POST", "/products", mugs(1300))
    pages = empty_shop.connect(http=Http(adapter=empty_shop.adapter, budget=SmallBudget())).products()
    told: list[object] = []
    with pytest.raises(RateLimited):
        told.extend(pages)
    assert len(told) == 4


def test_never_more_reads_are_under_way_than_allowed() -> None:
    running, most, lock = 0, 0, threading.Lock()
    gate = threading.Barrier(3)

    def run(http: Http) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait(timeout=5)
        with lock:
            running -= 1

    assert len(list(flight.in_flight(Http(), [run] * 9, at_once=3))) == 9
    assert most == 3
