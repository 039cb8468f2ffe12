"""The public status page: by what really happens, since when, and how the last days were."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django_q.models import OrmQ

from channels import jobs, status_history, store_clocks, vitals, watch
from channels.function_status import read_all
from channels.models import (
    Difference,
    FunctionStatus,
    Health,
    Heartbeat,
    Integration,
    Level,
    Outbound,
    OutboundKind,
    Receipt,
    Reconciliation,
    RunResult,
    StatusDay,
    StepState,
    StoreClock,
    SyncRun,
)
from channels.models.reconcile import DifferenceState, ReconciliationResult
from channels.tests.factories import make_integration
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def everybody_beats() -> None:
    for cluster in vitals.clusters():
        jobs.heartbeat(cluster)
    watch.note_dispatch("trade")


@pytest.fixture
def store(kingsway) -> Integration:
    store = make_integration(kingsway, is_sandbox=False, supplies=True, sells=True)
    StepState.objects.update(next_run_at=clock.now() + timedelta(hours=1))
    everybody_beats()
    return store


def levels() -> dict[str, str]:
    return {one.function.key: str(one.level) for one in read_all()}


ALL_OK = dict.fromkeys(("orders", "stock", "prices", "shipments", "webhooks"), "ok")


def test_everything_works_while_nothing_waits(store):
    assert levels() == ALL_OK


@pytest.mark.parametrize(("minutes", "level"), [(4, "ok"), (6, "slow"), (16, "stopped")])
def test_a_step_that_is_due_and_does_not_run_makes_its_function_late(store, minutes, level):
    StepState.objects.filter(step="pull_orders").update(next_run_at=clock.now() - timedelta(minutes=minutes))
    assert levels() == {**ALL_OK, "orders": level}


def test_a_run_that_waits_in_the_queue_counts_too(store):
    StepState.objects.filter(step="pull_stock").update(queued_at=clock.now() - timedelta(minutes=7))
    assert levels() == {**ALL_OK, "stock": "slow"}


def test_a_step_that_somebody_works_on_is_not_late(store):
    StepState.objects.filter(step="pull_products").update(
        next_run_at=clock.now() - timedelta(hours=1), lease_until=clock.now() + timedelta(minutes=5)
    )
    assert levels() == ALL_OK


@pytest.mark.parametrize(
    ("kind", "function"),
    [("create_order", "orders"), ("stock", "stock"), ("price", "prices"), ("create_shipment", "shipments")],
)
def test_a_change_that_is_due_and_not_sent_makes_its_function_late(store, kind, function):
    Outbound.objects.create(integration=store, kind=kind, record_id=1, not_before=clock.now() - timedelta(minutes=20))
    assert levels() == {**ALL_OK, function: "stopped"}


def test_a_webhook_that_nobody_looks_at_is_told(store):
    Receipt.objects.create(
        integration=store, event_key="e", topic="order", received_at=clock.now() - timedelta(minutes=6)
    )
    assert levels() == {**ALL_OK, "webhooks": "slow"}


@pytest.mark.parametrize("health", [Health.WAITING, Health.NEEDS_REAUTHORISATION, Health.MISCONFIGURED])
def test_a_store_that_is_down_or_needs_its_owner_is_not_our_outage(store, health):
    Integration.objects.update(health=health)
    Outbound.objects.create(
        integration=store, kind=OutboundKind.STOCK, record_id=1, not_before=clock.now() - timedelta(hours=3)
    )
    assert levels() == ALL_OK


def test_a_sandbox_does_not_count_among_real_ones(store, settings):
    Integration.objects.update(is_sandbox=True)
    StepState.objects.update(next_run_at=clock.now() - timedelta(hours=1))
    assert levels() == ALL_OK
    settings.SANDBOX = True
    assert set(levels().values()) == {"stopped", "ok"}


def test_runs_that_fail_by_our_mistake_make_a_function_slow_and_those_of_a_store_do_not(store):
    def runs(code: str) -> None:
        SyncRun.objects.all().delete()
        for _ in range(6):
            SyncRun.objects.create(integration=store, step="pull_stock", result=RunResult.FAILED, code=code)

    runs("store_unavailable")
    assert levels() == ALL_OK
    runs("our_mistake")
    assert levels() == {**ALL_OK, "stock": "slow"}


def test_a_silent_cluster_stops_the_functions_whose_work_it_is(store):
    Heartbeat.objects.filter(cluster="bulk").update(beat_at=clock.now() - timedelta(minutes=5))
    assert levels() == {**ALL_OK, "prices": "stopped", "stock": "stopped"}
    Heartbeat.objects.all().delete()
    assert set(levels().values()) == {"stopped"}


def test_reading_costs_few_queries(store, kingsway, django_assert_max_num_queries):
    for _ in range(5):
        make_integration(kingsway, is_sandbox=False)
    with django_assert_max_num_queries(10):
        read_all()


def compared(store: Integration, **facts: object) -> Reconciliation:
    return Reconciliation.objects.create(integration=store, **{"result": ReconciliationResult.AGREES, **facts})


def differs(store: Integration, kind: str, book: str, **facts: object) -> Difference:
    """An open difference that the last comparison of ``store`` found."""
    last = Reconciliation.objects.filter(integration=store).first() or compared(store, result="differs")
    number = Difference.objects.count()
    return Difference.objects.create(integration=store, seen_in=last, book=book, kind=kind, key=f"k{number}", **facts)


@pytest.mark.parametrize(
    ("kind", "book", "function"),
    [
        ("order_not_here", "orders", "orders"),
        ("bought_not_sent", "bought", "orders"),
        ("stock_not_told", "stock", "stock"),
        ("price_missed", "prices", "prices"),
        ("parcel_not_told", "shipments", "shipments"),
    ],
)
def test_what_the_books_say_was_not_passed_on_is_a_fault_of_its_function_until_it_is_mended(
    store, kind, book, function
):
    found = differs(store, kind, book)
    reading = next(one for one in read_all() if one.function.key == function)
    assert levels() == {**ALL_OK, function: "slow"}
    assert reading.sentence.startswith("At 1 of 1 connections the last comparison found something")
    Difference.objects.filter(pk=found.pk).update(state=DifferenceState.GONE)
    assert levels() == ALL_OK


@pytest.mark.parametrize(
    ("kind", "book"), [("order_total", "orders"), ("stock_edited_there", "stock"), ("price_edited_there", "prices")]
)
def test_what_people_changed_in_a_store_is_no_fault_of_ours(store, kind, book):
    differs(store, kind, book)
    assert levels() == ALL_OK


def test_what_somebody_decided_about_and_what_is_long_past_is_no_fault_either(store):
    differs(store, "stock_not_told", "stock", state=DifferenceState.CHOSEN)
    assert levels() == ALL_OK
    differs(store, "price_not_told", "prices")
    Reconciliation.objects.update(started_at=clock.now() - timedelta(days=3))
    assert levels() == ALL_OK


def test_one_store_of_very_many_does_not_speak_for_a_function(store, kingsway):
    differs(store, "stock_not_told", "stock")
    for _ in range(99):
        compared(make_integration(kingsway, is_sandbox=False))
    StepState.objects.update(next_run_at=clock.now() + timedelta(hours=1))
    assert levels() == {**ALL_OK, "stock": "slow"}
    for _ in range(3):
        compared(make_integration(kingsway, is_sandbox=False))
    StepState.objects.update(next_run_at=clock.now() + timedelta(hours=1))
    assert levels() == ALL_OK


def at(moment, *, late: bool = False) -> None:
    """A minute of the dispatcher's job."""
    with time_machine.travel(moment, tick=False):
        everybody_beats()
        due = clock.now() + timedelta(hours=1) if not late else clock.now() - timedelta(minutes=20)
        StepState.objects.update(next_run_at=clock.now() + timedelta(hours=1))
        StepState.objects.filter(step="pull_orders").update(next_run_at=due)
        status_history.note_levels()


def test_a_day_counts_how_long_a_function_stood_still_and_each_minute_once(store):
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    at(noon)
    for minute in range(1, 11):
        at(noon + timedelta(minutes=minute), late=True)
        at(noon + timedelta(minutes=minute), late=True)
    at(noon + timedelta(minutes=11))
    orders = StatusDay.objects.get(function="orders")
    assert (orders.stopped_seconds, orders.slow_seconds) == (600, 0)
    assert StatusDay.objects.get(function="stock").stopped_seconds == 0
    assert FunctionStatus.objects.get(function="orders").level == Level.OK


def test_since_when_is_kept_while_it_lasts(store):
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    for minute in range(4):
        at(noon + timedelta(minutes=minute), late=minute > 0)
    with time_machine.travel(noon + timedelta(minutes=4), tick=False):
        (orders, *_) = status_history.shown()
    assert orders.reading.level == Level.STOPPED
    assert orders.since == noon + timedelta(minutes=1)


def test_time_in_which_nobody_looked_counts_as_stopped_and_is_split_at_midnight(store):
    evening = clock.now().replace(hour=23, minute=0, second=0, microsecond=0)
    at(evening)
    at(evening + timedelta(hours=3))
    days = list(StatusDay.objects.filter(function="orders").order_by("day").values_list("stopped_seconds", flat=True))
    assert days == [3600, 7200]


def history_of(function: str = "orders") -> str:
    return next(one.history for one in status_history.shown() if one.reading.function.key == function)


def test_without_a_past_the_page_says_so(client, store):
    assert history_of() == "No history yet"
    status_history.note_levels()
    assert history_of() == "No history yet: looked at since today"
    assert "without standing still" not in client.get(reverse("status")).content.decode()


def test_the_share_says_of_how_many_days_it_is_known_and_the_first_day_is_not_counted_whole(store):
    with time_machine.travel(clock.now().replace(hour=12, minute=0, second=0, microsecond=0), tick=False):
        today = clock.now().date()
        StatusDay.objects.create(function="orders", day=today - timedelta(days=1), stopped_seconds=40_000)
        StatusDay.objects.create(function="orders", day=today)
        assert history_of() == "100.00 % without standing still in the one day that is known"
        StatusDay.objects.create(function="orders", day=today - timedelta(days=2))
        # 40,000 of the 129,600 seconds since the first whole day began.
        assert history_of() == "69.14 % without standing still in the 2 days that are known"
        StatusDay.objects.bulk_create(
            StatusDay(function="orders", day=today - timedelta(days=number)) for number in range(3, 30)
        )
        assert history_of().endswith("in the last 30 days")


def test_old_days_are_forgotten(store):
    StatusDay.objects.create(function="orders", day=(clock.now() - timedelta(days=200)).date())
    status_history.note_levels()
    assert StatusDay.objects.filter(function="orders").count() == 1


def test_anybody_reads_the_page_and_nothing_of_any_company(client, store, kingsway):
    status_history.note_levels()
    StatusDay.objects.filter(function="stock").update(stopped_seconds=1200)
    answer = client.get(reverse("status"))
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Everything works" in page
    assert "stopped for 20 min" in page
    assert page.count("not looked at") > 100
    assert kingsway.name not in page
    assert store.name not in page


def test_the_page_says_what_has_stopped_in_words(client, store):
    Outbound.objects.create(
        integration=store, kind=OutboundKind.CREATE_ORDER, record_id=1, not_before=clock.now() - timedelta(minutes=25)
    )
    page = " ".join(client.get(reverse("status")).content.decode().split())
    assert "Something has stopped" in page
    assert "The oldest work has waited 25 min. Nothing is lost; it is caught up." in page


def test_the_page_is_made_anew_every_ten_seconds_at_most(client, store, django_assert_max_num_queries):
    client.get(reverse("status"))
    with django_assert_max_num_queries(1):
        client.get(reverse("status"))


# The same vitals on the pages for machines.


def readiness(client) -> dict[str, str]:
    return client.get(reverse("readyz")).json()["parts"]


def test_a_queue_that_grows_is_named(client, store):
    OrmQ.objects.create(key="bulk", payload="", lock=clock.now() - timedelta(minutes=6))
    OrmQ.objects.create(key="trade", payload="", lock=clock.now() + timedelta(minutes=6))
    parts = readiness(client)
    assert parts["queue bulk"].startswith("a job waits for 36")
    assert parts["queue trade"] == "ok"


def test_leases_that_nobody_takes_up_are_named(client, store):
    StepState.objects.filter(step="pull_stock").update(lease_until=clock.now() - timedelta(minutes=4))
    assert readiness(client)["leases"] == "1 steps are held by workers that are gone"


def test_our_own_wrong_clock_is_found_by_the_stores(client, store, kingsway):
    for number in range(3):
        other = make_integration(kingsway, name=f"Store no. {number}")
        store_clocks.note_offset(other.pk, -90.0)
    assert readiness(client)["clock"] == "our clock differs from the stores' by +90 seconds"


def test_one_stores_wrong_clock_is_kept_and_is_not_ours(client, store, settings):
    settings.METRICS_TOKEN = "a-long-token"
    for offset in (-400.0, 2.0):
        store_clocks.note_offset(store.pk, offset)
    row = StoreClock.objects.get()
    assert (row.offset_seconds, row.largest_seconds) == (2.0, 400.0)
    assert readiness(client)["clock"] == "ok"
    text = client.get(reverse("metrics"), headers={"Authorization": "Bearer a-long-token"}).content.decode()
    assert "tradelane_clock_largest_ever_seconds 400.0" in text
    assert 'tradelane_function_level{function="orders"} 0.0' in text


@pytest.mark.parametrize("said", ["", "yesterday", "Thu, 99 Nov 2026"])
def test_an_answer_without_a_readable_date_tells_nothing(said):
    assert store_clocks.offset_of({"Date": said}) is None


def test_a_readable_date_is_compared_with_ours():
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False):
        assert store_clocks.offset_of({"Date": "Sun, 22 Nov 2026 10:01:30 GMT"}) == 90.0


def test_the_same_offset_is_written_once(store, django_assert_num_queries):
    store_clocks.note_offset(store.pk, 3.0)
    with django_assert_num_queries(0):
        store_clocks.note_offset(store.pk, 4.0)
