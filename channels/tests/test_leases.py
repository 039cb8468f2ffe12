"""One worker a step: leases, heartbeats and take-over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.leases import Lease, LeaseLost
from channels.models import StepState
from channels.tests.factories import make_integration
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration():
    return make_integration()


def test_a_second_worker_gets_no_lease(integration):
    assert Lease.take(integration.pk, "pull_stock")
    assert Lease.take(integration.pk, "pull_stock") is None


def test_a_stale_lease_is_taken_over_and_the_first_worker_learns_of_it(integration):
    first = Lease.take(integration.pk, "pull_stock")
    StepState.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert Lease.take(integration.pk, "pull_stock")
    with pytest.raises(LeaseLost):
        first.save_cursor({"modified": "x"})
    assert first.release() is False


def test_a_heartbeat_keeps_the_lease(integration, time_machine):
    time_machine.move_to(clock.now())
    lease = Lease.take(integration.pk, "pull_stock")
    time_machine.shift(timedelta(minutes=4))
    lease.beat()
    time_machine.shift(timedelta(minutes=4))
    assert Lease.take(integration.pk, "pull_stock") is None


def test_taking_the_lease_answers_the_wish_that_queued_it(integration):
    StepState.objects.filter(step="pull_stock").update(queued_at=clock.now())
    Lease.take(integration.pk, "pull_stock")
    assert StepState.objects.get(step="pull_stock").queued_at is None
