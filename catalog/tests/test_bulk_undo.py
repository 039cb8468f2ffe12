"""Taking a bulk edit of prices back."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from catalog.models import EffectivePrice, PriceOverride, Variant
from catalog.pricing.change import Change, Fixed
from catalog.services import draft_change, set_overrides, set_policy
from catalog.services.previews import planned_prices
from catalog.services.revisions import open_revision
from catalog.tests.factories import trading

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def price_list():
    return trading(goods=3).price_assignment.price_list


@pytest.fixture
def browser(price_list, login):
    return login(price_list.company)


def ids() -> list[int]:
    return list(Variant.objects.order_by("pk").values_list("pk", flat=True))


def amounts() -> list[Decimal]:
    rows = EffectivePrice.objects.filter(valid_until__isnull=True).order_by("variant_id")
    return list(rows.values_list("amount", flat=True))


def drafted(price_list) -> list[Decimal | None]:
    prices, _ = planned_prices(price_list, Change.from_json(open_revision(price_list).change), ids())
    return [prices[pk].amount for pk in ids()]


def edit(browser, price_list, text: str, rows: list[int], action: str = "set") -> str:
    address = reverse("price-list", args=[price_list.pk])
    return browser.post(address, {"action": action, "bulk": text, "row": rows}, follow=True).content.decode()


def undo(browser, price_list) -> str:
    return browser.post(reverse("price-list-undo", args=[price_list.pk]), follow=True).content.decode()


def page(browser, name: str, price_list) -> str:
    return browser.get(reverse(name, args=[price_list.pk])).content.decode()


def test_an_edit_is_taken_back_to_the_rules_and_to_earlier_overrides(browser, price_list):
    first, second, _ = ids()
    set_overrides(price_list, {first: D("9.00")})
    before = amounts()
    page = edit(browser, price_list, "8.00", [first, second])
    assert amounts() == [D("8.00"), D("8.00"), before[2]]
    assert reverse("price-list-undo", args=[price_list.pk]) in page
    assert "Undone. 2 prices are as before." in undo(browser, price_list)
    assert amounts() == before
    assert list(PriceOverride.objects.values_list("variant_id", "amount")) == [(first, D("9.00"))]


def test_what_somebody_changed_since_stays(browser, price_list):
    first, second, _ = ids()
    before = amounts()
    edit(browser, price_list, "8.00", [first, second])
    set_overrides(price_list, {first: D("7.00")})
    assert "1 price is as before. 1 that changed since stays." in undo(browser, price_list)
    assert amounts() == [D("7.00"), *before[1:]]


def test_a_cleared_override_comes_back(browser, price_list):
    first, *_ = ids()
    set_overrides(price_list, {first: D("9.00")})
    edit(browser, price_list, "", [first], action="give-back")
    assert not PriceOverride.objects.exists()
    undo(browser, price_list)
    assert PriceOverride.objects.get().amount == D("9.00")


def test_an_edit_is_taken_back_once(browser, price_list):
    edit(browser, price_list, "8.00", ids())
    undo(browser, price_list)
    assert "There is nothing to take back any more." in undo(browser, price_list)


def test_a_step_goes_from_what_the_draft_shows_and_back_to_it(browser, price_list):
    first, second, _ = ids()
    draft_change(price_list, Change(overrides={first: Fixed(D("9.00"))}))
    before = drafted(price_list)
    edit(browser, price_list, "+1", [first, second])
    assert drafted(price_list)[:2] == [D("10.00"), before[1] + 1]
    undo(browser, price_list)
    assert drafted(price_list) == before


def test_after_an_undo_the_draft_counts_what_differs_from_the_list(browser, price_list):
    first, second, third = ids()
    set_overrides(price_list, {third: D("9.50")})
    draft_change(price_list, Change(overrides={first: Fixed(D("9.00"))}))
    edit(browser, price_list, "8.00", [second, third])
    assert "3 edits" in page(browser, "price-list", price_list)
    undo(browser, price_list)
    assert "1 edit." in page(browser, "price-list", price_list)
    preview = page(browser, "price-list-preview", price_list)
    assert "In this draft: 1 price set by hand." in preview
    assert "Publish 1 change<" in preview


def test_a_draft_of_which_an_undo_leaves_nothing_says_so(browser, price_list):
    set_policy(price_list.company, share=50, move_percent=None)
    edit(browser, price_list, "8.00", ids())
    undo(browser, price_list)
    assert "0 edits" in page(browser, "price-list", price_list)
    assert "In this draft: No change." in page(browser, "price-list-preview", price_list)


def test_a_strangers_edit_is_not_taken_back(browser, price_list, login, stranger):
    edit(browser, price_list, "8.00", ids())
    answer = login(stranger).post(reverse("price-list-undo", args=[price_list.pk]))
    assert answer.status_code == 404
    assert amounts() == [D("8.00")] * 3


# --- at the same moment -----------------------------------------------------------------------------------------------

IS_READ = '^SELECT "catalog_priceoverride"."variant_id".*"amount".*"is_locked"'
DRAFT_IS_READ = '^SELECT.*FROM "catalog_pricerevision"'
IS_KEPT = '^UPDATE "django_session"'


class Killed(BaseException):
    """What no handler catches, like the end of a process."""


@contextmanager
def at_first(words: str, act: Callable[[], None], *, after: bool = False) -> Iterator[None]:
    """Call ``act`` before (``after``: after) the first statement that matches."""
    left = [act]

    def wrap(execute: Callable, sql: str, *rest: Any) -> Any:
        now = left.pop() if left and re.search(words, sql, re.DOTALL) else None
        if now and not after:
            now()
        answer = execute(sql, *rest)
        if now and after:
            now()
        return answer

    with connection.execute_wrapper(wrap):
        yield
    assert not left, f"no statement matched {words}"


class Colleague:
    """Somebody who edits at the same time as we do, and whom the database lets in as soon as it can."""

    def __init__(self, edit: Callable[[], object]) -> None:
        self.edit, self.thread, self.waits = edit, threading.Thread(target=self._in_own_connection), False

    def begin(self) -> None:
        """On PostgreSQL with a connection of their own. The tests' SQLite serves one thread: there an open transaction keeps everybody out."""
        if connection.vendor == "postgresql":
            self.thread.start()
            self.thread.join(timeout=1)
        elif connection.in_atomic_block:
            self.waits = True
        else:
            self.edit()

    def end(self) -> None:
        if connection.vendor == "postgresql":
            self.thread.join()
        elif self.waits:
            self.edit()

    def _in_own_connection(self) -> None:
        try:
            self.edit()
        finally:
            connection.close()


def kill() -> None:
    raise Killed


@pytest.mark.django_db(transaction=True)
def test_a_price_that_a_colleague_fixes_while_we_undo_is_theirs_afterwards(browser, price_list):
    first, second, _ = ids()
    before = amounts()
    edit(browser, price_list, "8.00", [first, second])
    colleague = Colleague(lambda: set_overrides(price_list, {first: D("7.00")}))
    with at_first(IS_READ, colleague.begin, after=True):
        undo(browser, price_list)
    colleague.end()
    assert amounts() == [D("7.00"), *before[1:]]


@pytest.mark.django_db(transaction=True)
def test_a_price_that_a_colleague_drafts_while_we_undo_is_theirs_afterwards(browser, price_list):
    first, second, _ = ids()
    draft_change(price_list, Change(overrides={first: Fixed(D("9.00"))}))
    edit(browser, price_list, "8.00", [first, second])
    theirs = Change(overrides={first: Fixed(D("7.00"))})
    colleague = Colleague(lambda: draft_change(price_list, theirs))
    with at_first(DRAFT_IS_READ, colleague.begin, after=True):
        undo(browser, price_list)
    colleague.end()
    assert drafted(price_list)[0] == D("7.00")


@pytest.mark.django_db(transaction=True)
def test_what_a_colleague_fixed_just_before_our_edit_comes_back_with_the_undo(browser, price_list):
    first, second, _ = ids()
    colleague = Colleague(lambda: set_overrides(price_list, {first: D("7.00")}))
    with at_first(IS_READ, colleague.begin, after=True):
        edit(browser, price_list, "8.00", [first, second])
    colleague.end()
    undo(browser, price_list)
    assert amounts()[0] == D("7.00")


def test_an_edit_that_is_killed_before_its_way_back_is_kept_is_not_made(browser, price_list):
    before = amounts()
    with pytest.raises(Killed), at_first(IS_KEPT, kill):
        edit(browser, price_list, "8.00", ids())
    assert amounts() == before


def test_who_is_signed_out_in_the_middle_of_an_edit_changes_nothing(browser, price_list):
    before = amounts()
    with at_first(IS_KEPT, Session.objects.all().delete):
        answer = browser.post(
            reverse("price-list", args=[price_list.pk]), {"action": "set", "bulk": "8.00", "row": ids()}
        )
    assert answer.status_code == 400
    assert amounts() == before
