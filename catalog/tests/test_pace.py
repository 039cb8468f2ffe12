"""Parts of a long write: as large as the time allows, none of them cut through an item."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from catalog.services.pace import Budget, paced


def parts(items: list[int], *, seconds_a_row: float, budget: Budget) -> list[int]:
    """The rows of each part when each row takes so long."""
    watch = [0.0]
    found = []

    for part in paced(items, rows=int, budget=budget, seconds=lambda: watch[0]):
        found.append(sum(part))
        watch[0] += seconds_a_row * sum(part)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_slow_machine_gets_smaller_parts_and_a_fast_one_larger():
    budget = Budget(seconds=0.1, first_rows=600)
    slow = parts([3] * 1000, seconds_a_row=0.0005, budget=budget)
    assert slow[0] == 600
    assert max(slow[1:]) <= 201
    fast = parts([3] * 5000, seconds_a_row=0.00001, budget=budget)
    assert fast[:3] == [600, 1200, 2400]
    assert sum(slow) == 3000
    assert sum(fast) == 15000


@pytest.mark.django_db(transaction=True)
def test_an_item_larger_than_the_budget_is_a_part_of_its_own():
    assert parts([5000, 1, 1], seconds_a_row=0.0, budget=Budget(0.1, 600))[0] == 5000


@pytest.mark.django_db
def test_inside_a_transaction_everything_is_one_part():
    with transaction.atomic():
        assert connection.in_atomic_block
        assert list(paced([1, 2, 3], rows=int)) == [[1, 2, 3]]
    assert list(paced([], rows=int)) == []
