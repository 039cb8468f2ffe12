"""Taking a bulk edit of prices back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import EffectivePrice, PriceOverride, Variant
from catalog.pricing.change import Change, Fixed
from catalog.services import draft_change, set_overrides
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


def test_a_strangers_edit_is_not_taken_back(browser, price_list, login, stranger):
    edit(browser, price_list, "8.00", ids())
    answer = login(stranger).post(reverse("price-list-undo", args=[price_list.pk]))
    assert answer.status_code == 404
    assert amounts() == [D("8.00")] * 3
