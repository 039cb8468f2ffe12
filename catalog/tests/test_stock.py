"""Stock figures and reservations: what is written, what is available."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.data import ReservationData, StockData
from catalog.models import Location, Reservation, StockChange, StockLevel
from catalog.selectors import UNCOUNTED, available
from catalog.services import apply_stock, note_deducted, release, reserve
from catalog.signals import stock_changed
from catalog.tests.factories import LocationFactory, StockLevelFactory, VariantFactory
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """The variant ids of every ``stock_changed`` sent."""
    ids: list[list[int]] = []
    stock_changed.connect(lambda variant_ids, **_: ids.append(variant_ids), weak=False, dispatch_uid="test")
    yield ids
    stock_changed.disconnect(dispatch_uid="test")


def test_the_first_figure_makes_a_level_in_the_default_place():
    variant = VariantFactory()
    counts = apply_stock(variant.company, [StockData(variant.pk, 96)])
    level = StockLevel.objects.get()
    assert (level.variant, level.on_hand, level.location.key, level.location.is_counted) == (
        variant,
        96,
        "default",
        True,
    )
    assert (counts.created, counts.updated, counts.unchanged) == (1, 0, 0)


def test_only_changes_are_written_each_with_its_history(heard):
    level, same = StockLevelFactory(on_hand=96), None
    same = StockLevelFactory(on_hand=12, variant__product=level.variant.product, location=level.location)
    figures = [StockData(level.variant_id, 90), StockData(same.variant_id, 12)]
    counts = apply_stock(level.variant.company, figures, cause="webhook")
    change = StockChange.objects.get()
    assert (change.variant_id, change.before, change.after, change.cause) == (level.variant_id, 96, 90, "webhook")
    assert (counts.updated, counts.unchanged) == (1, 1)
    assert heard == [[level.variant_id]]


def test_the_same_figures_again_write_and_announce_nothing(heard):
    level = StockLevelFactory(on_hand=96)
    counts = apply_stock(level.variant.company, [StockData(level.variant_id, 96)])
    assert (counts.read, counts.unchanged) == (1, 1)
    assert (StockChange.objects.count(), heard) == (0, [])


def test_figures_for_variants_of_others_are_left_alone():
    ours, theirs = VariantFactory(), StockLevelFactory(on_hand=5)
    counts = apply_stock(ours.company, [StockData(theirs.variant_id, 0), StockData(999_999, 1)])
    assert counts.unknown == 2
    assert StockLevel.objects.get().on_hand == 5


def test_other_places_count_only_by_choice():
    level = StockLevelFactory(on_hand=10)
    apply_stock(level.variant.company, [StockData(level.variant_id, 5, location="north")])
    assert available([level.variant_id]) == {level.variant_id: 10}
    Location.objects.filter(key="north").update(is_counted=True)
    assert available([level.variant_id]) == {level.variant_id: 15}


def test_available_is_on_hand_less_reservations_and_buffer_and_never_below_zero():
    level = StockLevelFactory(on_hand=10)
    reserve([ReservationData("line-1", level.variant_id, 4)])
    assert available([level.variant_id]) == {level.variant_id: 6}
    assert available([level.variant_id], buffers={level.variant_id: 2}) == {level.variant_id: 4}
    assert available([level.variant_id], buffers={level.variant_id: 20}) == {level.variant_id: 0}


def test_inactive_goods_have_nothing_and_uncounted_goods_enough():
    off, uncounted = StockLevelFactory(variant__is_active=False).variant, VariantFactory(tracks_stock=False)
    assert available([off.pk, uncounted.pk]) == {off.pk: 0, uncounted.pk: UNCOUNTED}


def test_reserving_and_releasing_twice_changes_nothing_the_second_time(heard):
    variant = StockLevelFactory(on_hand=10).variant
    line = ReservationData("line-1", variant.pk, 4)
    assert (reserve([line]), reserve([line])) == (1, 0)
    assert (release(["line-1"]), release(["line-1"])) == (1, 0)
    assert available([variant.pk]) == {variant.pk: 10}
    assert heard == [[variant.pk], [variant.pk]]


def test_what_the_store_deducted_counts_until_a_reading_that_began_later():
    level = StockLevelFactory(on_hand=10)
    reserve([ReservationData("line-1", level.variant_id, 4)])
    confirmed = clock.now()
    note_deducted(["line-1"], at=confirmed)
    supplier = level.variant.company
    apply_stock(supplier, [StockData(level.variant_id, 10)], read_at=confirmed - timedelta(minutes=1))
    assert available([level.variant_id]) == {level.variant_id: 6}
    apply_stock(supplier, [StockData(level.variant_id, 6)], read_at=confirmed + timedelta(minutes=1))
    assert available([level.variant_id]) == {level.variant_id: 6}
    assert Reservation.objects.get().released_at is not None


def test_many_figures_go_in_a_bounded_number_of_statements(django_assert_max_num_queries):
    place = LocationFactory()
    variants = [VariantFactory(product__company=place.company) for _ in range(50)]
    with django_assert_max_num_queries(9):
        apply_stock(place.company, (StockData(variant.pk, 3) for variant in variants))
    assert StockLevel.objects.filter(on_hand=3).count() == 50
