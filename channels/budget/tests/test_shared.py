"""The shared budget, in both stores: a share is kept for orders while any wait, and lent to catalogue work while none does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.budget import RESERVED_SHARE, SharedBudget, blocked_count, budget_of, store_for
from channels.budget.figures import Figures
from channels.connectors.bigcommerce.connector import BigCommerce
from channels.errors import RateLimited
from channels.models import RateBudget, StepState
from channels.tests.factories import make_integration
from portal.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


@pytest.fixture
def integration():
    return make_integration()


def budget_for(integration, lane: str) -> SharedBudget:
    return SharedBudget(integration.pk, limit=BigCommerce.rate_limit, headers=BigCommerce.rate_headers, lane=lane)


def leave(integration, left: float) -> None:
    """So many requests are left for the next hour."""
    store = store_for(integration.pk)
    store.swap(store.read(), Figures(left, 150, clock.now(), resets_at=clock.after(3600)))


def left_of(integration) -> float:
    return store_for(integration.pk).read().left


def headers(*, left: int, reset_ms: int, quota: int = 150) -> dict[str, str]:
    return {
        "X-Rate-Limit-Requests-Left": str(left),
        "X-Rate-Limit-Time-Reset-Ms": str(reset_ms),
        "X-Rate-Limit-Requests-Quota": str(quota),
    }


def test_the_share_is_lent_while_no_order_waits(integration):
    StepState.objects.update(queued_at=None)
    leave(integration, 5)
    budget_for(integration, "catalogue").acquire()
    assert left_of(integration) == 4


def test_the_share_is_kept_while_orders_wait(integration):
    StepState.objects.filter(step="push_orders").update(queued_at=clock.now())
    leave(integration, RESERVED_SHARE * 150)
    with pytest.raises(RateLimited):
        budget_for(integration, "catalogue").acquire()


def test_orders_use_the_share(integration):
    StepState.objects.filter(step="push_orders").update(queued_at=clock.now())
    leave(integration, 5)
    budget_for(integration, "orders").acquire()
    assert left_of(integration) == 4


def test_the_channels_headers_are_the_truth(integration):
    leave(integration, 100)
    budget_for(integration, "orders").observe(200, headers(left=20, reset_ms=9000))
    assert left_of(integration) == 20


def test_an_answer_that_is_read_in_the_next_window_leaves_that_alone(integration):
    """A walk sleeps until the turn while answers of the window before wait to be read: they came then and speak of then."""
    store = store_for(integration.pk)
    store.swap(None, Figures(140, 150, clock.now(), resets_at=clock.now() + timedelta(seconds=29)))
    came_at = clock.now() - timedelta(seconds=22)
    budget_for(integration, "catalogue").observe(200, headers(left=3, reset_ms=20_500), at=came_at)
    assert left_of(integration) == 140


def test_a_refusal_blocks_every_worker_until_the_window_turns(integration):
    leave(integration, 100)
    budget_for(integration, "orders").observe(429, headers(left=0, reset_ms=60_000))
    with pytest.raises(RateLimited) as caught:
        budget_for(integration, "orders").acquire()
    assert caught.value.retry_at > clock.now() + timedelta(seconds=50)


def test_the_page_and_the_metrics_read_the_store_in_use(integration, kept):
    assert (budget_of(integration), blocked_count(clock.now())) == (None, 0)
    leave(integration, 30)
    shown = budget_of(integration)
    assert (shown.used, shown.quota, shown.reserve, shown.blocked_until) == (120, 150, 22, None)
    budget_for(integration, "orders").observe(429, headers(left=0, reset_ms=60_000))
    assert budget_of(integration).blocked_until > clock.now()
    assert blocked_count(clock.now()) == 1
    assert blocked_count(clock.now() + timedelta(minutes=2)) == 0
    assert RateBudget.objects.exists() == (kept == "database")


def test_a_place_that_another_worker_took_is_not_taken_twice(integration):
    store = store_for(integration.pk)
    leave(integration, 10)
    seen = store.read()
    budget_for(integration, "orders").acquire()
    assert not store.swap(seen, Figures(9, 150, clock.now()))
    assert left_of(integration) == 9


def test_two_integrations_do_not_share(integration):
    other = make_integration(integration.company, remote_store_id="other")
    leave(integration, 1)
    leave(other, 50)
    budget_for(integration, "orders").acquire()
    assert (left_of(integration), left_of(other)) == (0, 50)
