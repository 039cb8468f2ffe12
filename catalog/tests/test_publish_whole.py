"""A large publish as partners see it: all the old prices, then all the new ones, whatever happens to the process that publishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection

from catalog.data import ProductData, VariantData
from catalog.models import EffectivePrice, PriceList, PriceRevision, Product, RevisionState, StagedPrice, Variant
from catalog.pricing import Rule
from catalog.pricing.change import Change
from catalog.services import (
    apply_products,
    create_price_list,
    draft_change,
    publish_change,
    publish_due,
    publish_revision,
    set_overrides,
    undo_publish,
)
from catalog.services.publishing import AT_ONCE, HOLD
from catalog.services.tags import tag_products
from catalog.signals import prices_changed
from catalog.tests.factories import product_data, trading
from catalog.visibility import visible_to
from portal.companies.models import Partnership
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
GOODS = AT_ONCE + 100
OLD, NEW = D("10.20"), D("6.38")
HALF = Change(terms={"percent_off": "50"})


class Killed(BaseException):
    """What no handler catches, like the end of a process."""


@pytest.fixture
def partnership() -> Partnership:
    """A partner who gets more goods than are written at once."""
    partnership = trading()
    some = [product_data(f"p{n}", skus=(f"SKU{n}",)) for n in range(GOODS)]
    apply_products(partnership.supplier, some, currency="GBP")
    Variant.objects.exclude(sku__startswith="SKU").delete()
    let_time_pass()
    return partnership


def let_time_pass() -> None:
    """All that was done so far was done an hour ago: a publish looks again only at what changed since it began."""
    ago = clock.now() - timedelta(hours=1)
    EffectivePrice.objects.filter(valid_until__isnull=False).delete()
    EffectivePrice.objects.update(valid_from=ago)
    Variant.objects.update(updated_at=ago)
    Product.objects.update(updated_at=ago)
    PriceRevision.objects.update(published_at=ago)


@pytest.fixture
def price_list(partnership) -> PriceList:
    return PriceList.objects.get()


@pytest.fixture
def told() -> Iterator[set[int]]:
    """The variants that anybody was told of."""
    ids: set[int] = set()
    prices_changed.connect(lambda variant_ids, **_: ids.update(variant_ids), weak=False, dispatch_uid="whole")
    yield ids
    prices_changed.disconnect(dispatch_uid="whole")


def seen(partnership: Partnership) -> set[Decimal]:
    """The different prices that the retailer sees; all goods here have one and the same."""
    prices = list(visible_to(partnership.retailer).values_list("dropship", flat=True))
    assert len(prices) == GOODS
    return set(prices)


@contextmanager
def at_each_statement(act: Callable[[int, str], None]) -> Iterator[None]:
    """Call ``act`` with the number and the text of every statement before it runs."""
    count = 0

    def wrap(execute: Callable, sql: str, *rest: Any) -> Any:
        nonlocal count
        count += 1
        act(count, sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(wrap):
        yield


# Where the process is killed: the statement that it does not live to send, the how-manieth of its kind, and what partners see then.
PLACES = {
    "before anything is staged": ('^DELETE FROM "catalog_stagedprice"', 1, OLD),
    "after all is staged": ('^SELECT.*"held_until" = ', 1, OLD),
    "when the list is written": ('^UPDATE "catalog_pricelist"', 1, OLD),
    "when the old prices end": ('^UPDATE "catalog_effectiveprice"', 1, OLD),
    "when the new prices begin": ("^INSERT INTO catalog_effectiveprice", 1, OLD),
    "before anybody is told": ('^SELECT.*"catalog_stagedprice".*LIMIT 500', 1, NEW),
    "when some were told": ('^DELETE FROM "catalog_stagedprice" WHERE "catalog_stagedprice"."id"', 2, NEW),
    "at the very end": ('^UPDATE "catalog_pricerevision" SET "state"', 2, NEW),
}


def test_wherever_a_publish_is_killed_partners_see_one_kind_of_price_and_it_ends_whole(partnership, price_list, told):
    for place, (words, which, prices) in PLACES.items():
        left = which

        def kill(number: int, sql: str, words: str = words) -> None:
            nonlocal left
            left -= bool(re.search(words, sql, re.DOTALL))
            if not left:
                raise Killed

        told.clear()
        let_time_pass()
        draft = draft_change(price_list, HALF)
        with pytest.raises(Killed), at_each_statement(kill):
            publish_revision(draft)
        assert seen(partnership) == {prices}, place
        with time_machine.travel(clock.now() + HOLD + timedelta(seconds=1), tick=True):
            publish_due()
            assert seen(partnership) == {NEW}, place
            assert told == set(Variant.objects.values_list("pk", flat=True)), place
            assert PriceRevision.objects.first().state == RevisionState.PUBLISHED
            assert not StagedPrice.objects.exists()
            undo_publish(PriceRevision.objects.first())
        assert seen(partnership) == {OLD}


def test_all_prices_of_a_publish_come_into_force_at_one_moment_under_one_version(partnership, price_list):
    moved = publish_change(price_list, HALF)
    now = EffectivePrice.objects.filter(valid_until__isnull=True)
    assert len(moved) == GOODS == PriceRevision.objects.first().counts["moved"]
    assert now.values("valid_from").distinct().count() == now.values("list_version").distinct().count() == 1
    revision = PriceRevision.objects.first()
    ended = EffectivePrice.objects.filter(valid_until=revision.published_at)
    assert (now.first().valid_from, ended.count()) == (revision.published_at, GOODS)


@pytest.mark.parametrize("place", [1, 2], ids=["seen before the switch", "seen in the switch"])
def test_what_changes_while_prices_are_staged_is_neither_lost_nor_priced_by_the_old_terms(
    partnership, price_list, place
):
    """When all is staged, a sync brings a new retail price, a colleague fixes another, and a third product is tagged for a rule."""
    synced, fixed, tagged = Variant.objects.order_by("pk")[:3]
    looks = 0

    def meddle(number: int, sql: str) -> None:
        nonlocal looks
        if connection.in_atomic_block or "stagedprice" not in sql:
            return
        looks += 1
        if looks == place:
            dearer = VariantData(key="x", variant_id=synced.pk, sku="SKU0", price=D("20.00"))
            item = ProductData(key="p0", name="Cakestand", product_id=synced.product_id, variants=(dearer,))
            apply_products(partnership.supplier, [item], currency="GBP")
            set_overrides(PriceList.objects.get(), {fixed.pk: D("7.77")})
            tag_products(partnership.supplier, [tagged.product_id], name="outlet")

    change = Change(terms={"percent_off": "50"}, rules=[Rule("tag", "outlet", D(80))])
    with at_each_statement(meddle):
        publish_revision(draft_change(price_list, change))
    assert looks >= 2
    now = EffectivePrice.objects.filter(valid_until__isnull=True)
    amounts = dict(now.values_list("variant_id", "amount"))
    assert [amounts.pop(one.pk) for one in (synced, fixed, tagged)] == [D("10.00"), D("7.77"), D("2.55")]
    assert set(amounts.values()) == {NEW}


def test_terms_that_a_colleague_publishes_meanwhile_stay_beside_ours(partnership, price_list):
    def meddle(number: int, sql: str) -> None:
        if not connection.in_atomic_block and "stagedprice" in sql and not done:
            done.append(True)
            publish_change(PriceList.objects.get(), Change(terms={"rounding_ending": "0.99"}))

    done: list[bool] = []
    with at_each_statement(meddle):
        publish_revision(draft_change(price_list, HALF))
    assert seen(partnership) == {D("5.99")}
    assert (PriceList.objects.get().percent_off, PriceList.objects.get().rounding_ending) == (D(50), D("0.99"))


def test_two_processes_do_not_publish_the_same_change(partnership, price_list):
    draft = draft_change(price_list, HALF)
    PriceRevision.objects.update(state=RevisionState.PUBLISHING, held_until=clock.now() + HOLD)
    publish_due()
    assert seen(partnership) == {OLD}
    with pytest.raises(Conflict):
        publish_revision(draft)


def test_a_change_that_makes_no_sense_any_more_leaves_the_draft_open_and_the_prices_as_they_were(
    partnership, price_list
):
    create_price_list(partnership.supplier, name="Winter")
    draft = draft_change(price_list, Change(terms={"name": "Winter", "percent_off": "50"}))
    with pytest.raises(DomainError, match="Winter"):
        publish_revision(draft)
    assert seen(partnership) == {OLD}
    assert PriceRevision.objects.get(pk=draft.pk).state == RevisionState.DRAFT
    assert not StagedPrice.objects.exists()
