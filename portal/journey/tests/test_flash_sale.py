"""A small flash sale, and that the count would notice a shop that is not told."""

from __future__ import annotations

import pytest

from catalog.models import Variant
from catalog.selectors import available
from portal.journey import flash_sale
from portal.journey.flash_sale import Plan, hold

pytestmark = pytest.mark.django_db


def test_shops_that_share_a_stock_oversell_nothing_that_could_have_been_known():
    outcome = hold(Plan(orders=15, retailers=3, skus=2, units=7))
    assert outcome.is_good, outcome.lines()
    assert (outcome.knowable, outcome.orders) == (0, outcome.arrived)
    assert outcome.units - outcome.stock <= 3 * 2 * 2


def test_a_shop_that_is_not_told_would_be_counted(monkeypatch):
    monkeypatch.setattr(flash_sale, "run_step", lambda *args, **more: None)
    outcome = hold(Plan(orders=10, retailers=3, skus=1, units=4))
    assert outcome.knowable > 0
    assert not outcome.is_good


def test_the_portals_own_figure_never_goes_below_zero():
    hold(Plan(orders=8, retailers=2, skus=1, burst=3))
    assert min(available(Variant.objects.values_list("pk", flat=True)).values()) >= 0
