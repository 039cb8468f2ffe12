"""The rate budget: a share is kept for orders while any wait, and lent to catalogue work while none does."""

from __future__ import annotations

import pytest

from channels.budget import RESERVED_SHARE, SharedBudget
from channels.connectors.bigcommerce.connector import BigCommerce
from channels.errors import RateLimited
from channels.models import RateBudget, StepState
from channels.tests.factories import make_integration
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration():
    return make_integration()


def budget_of(integration, lane: str) -> SharedBudget:
    return SharedBudget(integration, BigCommerce, lane=lane)


def leave(integration, left: float) -> None:
    RateBudget.objects.filter(integration=integration).update(
        left=left, quota=150, resets_at=clock.after(3600), updated_at=clock.now()
    )


def test_the_share_is_lent_while_no_order_waits(integration):
    StepState.objects.update(queued_at=None)
    budget = budget_of(integration, "catalogue")
    leave(integration, 5)
    budget.acquire()
    assert RateBudget.objects.get().left == 4


def test_the_share_is_kept_while_orders_wait(integration):
    StepState.objects.filter(step="push_orders").update(queued_at=clock.now())
    budget = budget_of(integration, "catalogue")
    leave(integration, RESERVED_SHARE * 150)
    with pytest.raises(RateLimited):
        budget.acquire()


def test_orders_use_the_share(integration):
    StepState.objects.filter(step="push_orders").update(queued_at=clock.now())
    budget = budget_of(integration, "orders")
    leave(integration, 5)
    budget.acquire()
    assert RateBudget.objects.get().left == 4


def test_the_channels_headers_are_the_truth(integration):
    budget = budget_of(integration, "orders")
    leave(integration, 100)
    budget.observe(
        200,
        {
            "X-Rate-Limit-Requests-Left": "20",
            "X-Rate-Limit-Time-Reset-Ms": "9000",
            "X-Rate-Limit-Requests-Quota": "150",
        },
    )
    assert RateBudget.objects.get().left == 20


def test_a_refusal_blocks_every_worker_until_the_window_turns(integration):
    budget = budget_of(integration, "orders")
    leave(integration, 100)
    budget.observe(429, {"X-Rate-Limit-Requests-Left": "0", "X-Rate-Limit-Time-Reset-Ms": "60000"})
    with pytest.raises(RateLimited):
        budget_of(integration, "orders").acquire()
