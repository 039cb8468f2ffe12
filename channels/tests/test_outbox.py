"""Outbound rows: folding, claiming, settling, and what a dead worker leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels import outbox
from channels.models import Outbound, OutboundKind, OutboundState
from channels.tests.factories import make_integration
from portal.lib import clock

pytestmark = pytest.mark.django_db
KIND = OutboundKind.CREATE_ORDER


@pytest.fixture
def integration():
    return make_integration()


def claim_one(integration) -> Outbound:
    (row,) = outbox.claim(integration.pk, KIND, most=10)
    return row


def test_later_changes_fold_into_the_live_row(integration):
    outbox.enqueue(integration, KIND, [7])
    outbox.enqueue(integration, KIND, [7, 8])
    assert list(Outbound.objects.order_by("record_id").values_list("record_id", "version")) == [(7, 2), (8, 1)]


def test_a_finished_row_makes_room_for_a_new_one(integration):
    outbox.enqueue(integration, KIND, [7])
    outbox.confirm(claim_one(integration))
    outbox.enqueue(integration, KIND, [7])
    assert sorted(Outbound.objects.values_list("state", flat=True)) == ["confirmed", "waiting"]


def test_a_row_is_claimed_by_one_worker_only(integration):
    outbox.enqueue(integration, KIND, [7])
    assert claim_one(integration).attempts == 1
    assert outbox.claim(integration.pk, KIND, most=10) == []


def test_a_change_during_sending_returns_the_row_to_waiting(integration):
    outbox.enqueue(integration, KIND, [7])
    row = claim_one(integration)
    outbox.enqueue(integration, KIND, [7])
    outbox.confirm(row)
    assert Outbound.objects.get().state == OutboundState.WAITING


def test_bulk_rows_that_changed_meanwhile_wait_again(integration):
    outbox.enqueue(integration, OutboundKind.STOCK, [1, 2])
    rows = outbox.claim_many(integration.pk, OutboundKind.STOCK, most=10)
    outbox.enqueue(integration, OutboundKind.STOCK, [2])
    outbox.confirm_many(rows)
    assert dict(Outbound.objects.values_list("record_id", "state")) == {1: "confirmed", 2: "waiting"}


def test_a_postponed_row_is_not_due_before_its_time(integration):
    outbox.enqueue(integration, KIND, [7])
    outbox.postpone(claim_one(integration), until=clock.now() + timedelta(minutes=5), code="store_unavailable")
    assert outbox.claim(integration.pk, KIND, most=10) == []


def test_back_off_grows_and_has_an_end():
    assert outbox.back_off(1) < outbox.back_off(4) < outbox.back_off(8)
    assert outbox.back_off(50) <= outbox.LONGEST_WAIT * 1.2


def test_an_unclear_row_is_claimed_for_a_look_up(integration):
    outbox.enqueue(integration, KIND, [7])
    outbox.unclear(claim_one(integration))
    Outbound.objects.update(not_before=clock.now())
    assert claim_one(integration).was_unknown


def test_what_a_dead_worker_left_sending_becomes_unknown_never_waiting(integration):
    outbox.enqueue(integration, KIND, [7])
    claim_one(integration)
    Outbound.objects.update(sending_since=clock.now() - timedelta(hours=1))
    assert outbox.take_up_stale() == 1
    assert Outbound.objects.get().state == OutboundState.UNKNOWN


def test_a_row_that_is_being_sent_is_left_alone(integration):
    outbox.enqueue(integration, KIND, [7])
    claim_one(integration)
    assert outbox.take_up_stale() == 0


def test_the_answer_of_a_worker_that_lost_its_row_changes_nothing(integration):
    outbox.enqueue(integration, KIND, [7])
    row = claim_one(integration)
    Outbound.objects.update(sending_since=clock.now() - timedelta(hours=1))
    outbox.take_up_stale()
    outbox.confirm(row)
    assert Outbound.objects.get().state == OutboundState.UNKNOWN


def test_rows_of_one_record_go_in_order(integration):
    outbox.enqueue(integration, OutboundKind.CREATE_SHIPMENT, [1], order_key="order-5")
    outbox.enqueue(integration, OutboundKind.CREATE_SHIPMENT, [2], order_key="order-5")
    outbox.enqueue(integration, OutboundKind.CREATE_SHIPMENT, [3], order_key="order-6")
    claimed = outbox.claim(integration.pk, OutboundKind.CREATE_SHIPMENT, most=10)
    assert [row.record_id for row in claimed] == [1, 3]


def test_retrying_a_refused_row_makes_one_live_row(integration):
    outbox.enqueue(integration, KIND, [7])
    row = claim_one(integration)
    outbox.refuse(row, code="record_rejected", answer="No.")
    assert outbox.retry(row).pk == outbox.retry(row).pk
    assert Outbound.objects.filter(state=OutboundState.WAITING).count() == 1


def test_enqueueing_two_thousand_records_takes_a_handful_of_statements(integration, django_assert_max_num_queries):
    # SQLite takes at most 999 parameters a statement; PostgreSQL needs a handful.
    with django_assert_max_num_queries(45):
        outbox.enqueue(integration, OutboundKind.STOCK, range(1, 2001))
    assert Outbound.objects.count() == 2000
