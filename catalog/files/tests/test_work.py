"""Long imports: chunks, a kill in the middle, two workers at once, a stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from catalog import jobs
from catalog.files import services, work
from catalog.files.tests.files import csv_file
from catalog.models import ImportFile, ImportState, Product, StockChange, Variant
from catalog.tests.factories import StockLevelFactory, VariantFactory
from portal.lib import clock
from portal.lib.errors import InvalidMove

ROWS = 1_000


@pytest.fixture
def checked(kingsway):
    """A thousand new products, checked, about to be applied."""
    lines = [f"{n:06},Product {n},1.50" for n in range(ROWS)]
    file = services.receive(kingsway, csv_file("SKU,Name,Price", *lines), kind="products")
    begin(file, ImportState.CHECKING)
    work.work(file.pk)
    file.refresh_from_db()
    assert file.state == ImportState.CHECKED
    begin(file, ImportState.APPLYING)
    return file


def begin(file: ImportFile, state: str) -> None:
    """The move alone: the test is the worker."""
    ImportFile.objects.filter(pk=file.pk).update(state=state, position=0, counts={}, lease_until=None)
    file.refresh_from_db()


def die_after(monkeypatch, chunks: int) -> None:
    """The worker's machine goes off after so many chunks."""
    real, done = work._take, []

    def take(*args):
        if len(done) == chunks:
            raise KeyboardInterrupt
        done.append(1)
        return real(*args)

    monkeypatch.setattr(work, "_take", take)


def test_an_import_goes_on_where_its_worker_was_killed(checked, monkeypatch):
    with monkeypatch.context() as patch:
        die_after(patch, 2)
        with pytest.raises(KeyboardInterrupt):
            work.work(checked.pk)
    checked.refresh_from_db()
    assert (checked.position, Product.objects.count()) == (800, 800)
    assert work.due() == []
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert work.due() == [checked.pk]
        jobs.work_on_file(checked.pk)
    checked.refresh_from_db()
    assert (checked.state, checked.counts["create"]) == (ImportState.DONE, ROWS)
    assert Variant.objects.values("sku_key").distinct().count() == Variant.objects.count() == ROWS


def test_the_job_twice_changes_nothing(checked):
    jobs.work_on_file(checked.pk)
    jobs.work_on_file(checked.pk)
    assert Product.objects.count() == ROWS


def test_while_one_works_another_leaves_the_file_alone(checked):
    assert work._claim(checked.pk, "one") is not None
    assert work.work(checked.pk) is False
    assert Product.objects.count() == 0


def test_a_worker_whose_lease_was_taken_over_writes_nothing(checked):
    mine = work._claim(checked.pk, "one")
    ImportFile.objects.update(lease_owner="another")
    with pytest.raises(work.LeaseLost):
        work._go(mine, "one", None)
    assert Product.objects.count() == 0


def test_stopping_takes_effect_at_the_next_chunk_and_keeps_what_was_done(checked):
    work.work(checked.pk, seconds=0)
    checked.refresh_from_db()
    held = work._claim(checked.pk, "one")
    services.cancel(checked)
    services.cancel(checked)
    with pytest.raises(work.LeaseLost):
        work._go(held, "one", None)
    checked.refresh_from_db()
    assert (checked.state, checked.position, Product.objects.count()) == (ImportState.CANCELLED, 400, 400)


def test_a_stopped_import_can_be_checked_again_and_finds_what_is_there(checked):
    work.work(checked.pk, seconds=0)
    checked.refresh_from_db()
    services.cancel(checked)
    services.check(checked)
    while checked.state == ImportState.CHECKING:
        work.work(checked.pk)
        checked.refresh_from_db()
    assert (checked.counts["unchanged"], checked.counts["create"]) == (400, 600)


def test_a_file_that_kills_its_workers_is_given_up(checked):
    ImportFile.objects.update(attempts=work.MOST_ATTEMPTS)
    work.work(checked.pk)
    checked.refresh_from_db()
    assert checked.state == ImportState.FAILED
    assert "Split the file" in checked.failure


def test_applying_needs_a_check(kingsway):
    file = services.receive(kingsway, csv_file("SKU,Name", "1,A"), kind="products")
    with pytest.raises(InvalidMove, match="columns to confirm"):
        services.apply(file)


def test_two_people_apply_the_same_file_once(kingsway):
    variant = VariantFactory(product__company=kingsway, sku="22423")
    StockLevelFactory(variant=variant, on_hand=1)
    file = services.receive(kingsway, csv_file("SKU,On hand", "22423,5"), kind="stock")
    services.check(file)
    stale = ImportFile.objects.get(pk=file.pk)
    services.apply(file)
    with pytest.raises(InvalidMove, match="Somebody else"):
        services.apply(stale)
    assert StockChange.objects.count() == 1


def test_rows_of_one_product_stay_in_one_chunk(kingsway):
    lines = [f"s{n:04},Single {n},,," for n in range(398)] + [f"c{n:02},Chair,chair,Colour,Tint {n}" for n in range(30)]
    file = services.receive(kingsway, csv_file("SKU,Name,Product code,Option 1 name,Option 1", *lines), kind="products")
    for state in (ImportState.CHECKING, ImportState.APPLYING):
        begin(file, state)
        work.work(file.pk)
    assert Product.objects.get(name="Chair").variants.count() == 30


def test_a_chunk_costs_the_same_queries_however_many_rows_it_has(checked, django_assert_max_num_queries):
    with django_assert_max_num_queries(150):
        work.work(checked.pk)
