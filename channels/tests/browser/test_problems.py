"""The Problems page in Chromium: groups that open in place, the keyboard, the phone, both colour schemes."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from channels.models import (
    Integration,
    Outbound,
    OutboundKind,
    OutboundState,
    Problem,
    ProblemState,
    Replay,
    ReplayItem,
    ReplayState,
)
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from orders.tests.factories import line, trade
from portal.companies.tests.factories import MembershipFactory
from portal.lib import clock
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Where pictures go for whoever wants to look; none are made without it.
PICTURES = os.environ.get("TRADELANE_PICTURES", "")


@pytest.fixture
def stuck(acme) -> Integration:
    """Three orders with one unknown SKU, one without an address, a product that the store refuses, a change that waits."""
    trading = trade(retailer=acme)
    for number in range(3):
        trading.place(line("85099Z", name="Jumbo bag red"), number=f"AC-2088{number}", source_id=str(number))
    trading.place(line("22423", quantity=-2, name="Cakestand"), number="AC-20901", source_id="9")
    store = make_integration(acme, name="Acme Outdoor", sells=True)
    refused = Outbound.objects.create(
        integration=store,
        kind=OutboundKind.PUBLISH,
        record_id=trading.goods["85123A"].product_id,
        state=OutboundState.REFUSED,
        attempts=1,
        last_answer="The product name is taken.",
    )
    raise_problem(
        acme,
        "already_there",
        "White hanging heart: the store has another product with this name.",
        integration=store,
        record_name="White hanging heart",
        outbound=refused,
        detail='{"status": 409, "title": "The product name is a duplicate"}',
    )
    Outbound.objects.create(
        integration=store,
        kind=OutboundKind.STOCK,
        record_id=1,
        attempts=4,
        not_before=clock.after(1500),
        last_answer="The store is not available.",
    )
    return store


def look(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name.replace('/', '-')}.png"), full_page=True)


def replay_of(problem: Problem) -> Replay:
    """Tried again yesterday, and refused once more."""
    replay = Replay.objects.create(
        company=problem.company, code=problem.code, cause_key=problem.cause_key, title=problem.sentence,
        state=ReplayState.DONE, finished_at=clock.now(),
    )  # fmt: skip
    ReplayItem.objects.create(
        replay=replay, problem=problem, verdict="send", first_attempt=problem.outbound, outbound=problem.outbound
    )
    return replay


@pytest.fixture
def put_off(stuck) -> Problem:
    """A cause that somebody snoozed."""
    problem = Problem.objects.get(sentence__contains="22423")
    Problem.objects.filter(pk=problem.pk).update(snoozed_until=clock.now() + timedelta(hours=15))
    return problem


def test_a_group_opens_in_place_and_is_tried_again_with_the_keyboard(enter, live_server, stuck, monkeypatch):
    monkeypatch.setattr("channels.dispatch.async_task", lambda *args, **more: None)
    page = enter(MembershipFactory(company=stuck.company).user)
    page.goto(f"{live_server.url}/problems/")
    look(page, "problems")
    group = page.locator("details.pg", has_text="White hanging heart")
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    button = group.get_by_role("button", name="Try 1 again")
    expect(button).to_be_visible()
    look(page, "problems-open")
    assert faults_of(page) == []
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 sent again.")).to_be_visible()
    assert Outbound.objects.filter(kind=OutboundKind.PUBLISH, state=OutboundState.WAITING).exists()


def test_a_cause_is_put_away_with_a_reason_and_taken_back(enter, live_server, stuck):
    page = enter(MembershipFactory(company=stuck.company).user)
    page.goto(f"{live_server.url}/problems/")
    group = page.locator("details.pg", has_text="3 orders")
    group.locator("summary").first.click()
    group.get_by_text("Ignore…").click()
    group.get_by_label("Why can this be ignored?").fill("Bags are our own goods")
    group.get_by_role("button", name="Ignore 3").click()
    expect(page.get_by_text("3 are under Ignored now")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 are open again.")).to_be_visible()
    assert Problem.objects.filter(sentence__contains="85099Z", state=ProblemState.OPEN).count() == 3


def test_a_cause_is_snoozed_and_brought_back_by_undo(enter, live_server, stuck):
    page = enter(MembershipFactory(company=stuck.company).user)
    page.goto(f"{live_server.url}/problems/")
    group = page.locator("details.pg", has_text="3 orders")
    group.locator("summary").first.click()
    group.get_by_text("Snooze", exact=True).click()
    look(page, "snooze-menu")
    group.get_by_role("button", name="Until tomorrow, 09:00").click()
    expect(page.get_by_text("Snoozed until")).to_be_visible()
    expect(page.locator("details.pg", has_text="3 orders")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is back under Open.")).to_be_visible()
    expect(page.locator("details.pg", has_text="3 orders")).to_have_count(1)


def test_one_match_frees_three_orders_in_two_clicks(enter, live_server, stuck):
    page = enter(MembershipFactory(company=stuck.company).user)
    page.goto(f"{live_server.url}/problems/")
    group = page.locator("details.pg", has_text="3 orders")
    group.locator("summary").first.click()
    button = group.get_by_role("button", name="It is my own product")
    expect(button).to_be_visible()
    look(page, "match-here")
    button.click()
    expect(page.get_by_text("Everything it held goes on.")).to_be_visible()
    assert not Problem.objects.filter(sentence__contains="85099Z", state=ProblemState.OPEN).exists()


def test_a_cause_is_talked_about_and_given_to_a_colleague(enter, live_server, stuck):
    user = MembershipFactory(company=stuck.company).user
    page = enter(user)
    page.goto(f"{live_server.url}/problems/{Problem.objects.filter(code='no_such_sku').first().pk}/")
    page.get_by_text("Comment", exact=True).click()
    page.get_by_label("What should colleagues know?").fill("The bags are ours; I ask the shop.")
    page.get_by_role("button", name="Write it here").click()
    expect(page.get_by_text("The bags are ours; I ask the shop.")).to_be_visible()
    page.get_by_text("Assign", exact=True).click()
    page.get_by_role("button", name=f"{user} (you)").click()
    expect(page.get_by_text(f"It is with {user} now.")).to_be_visible()
    look(page, "talked-about")
    assert Problem.objects.filter(assigned_to=user).count() == 3


def test_search_narrows_the_groups_while_one_types(enter, live_server, stuck):
    page = enter(MembershipFactory(company=stuck.company).user)
    page.goto(f"{live_server.url}/problems/")
    page.get_by_label("Order, SKU, words").press_sequentially("hanging")
    expect(page.locator("details.pg")).to_have_count(1)
    assert "q=hanging" in page.url


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (320, "dark")])
def test_every_problems_page_is_accessible_and_fits(enter, live_server, stuck, put_off, width, theme):
    page = enter(MembershipFactory(company=stuck.company).user)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    one = Problem.objects.filter(sentence__contains="85099Z").first()
    found: dict[str, object] = {}
    replay = replay_of(Problem.objects.get(code="already_there"))
    paths = ("", "waiting/", "snoozed/", "resolved/", "ignored/", f"{one.pk}/", "tried/", f"tried/{replay.pk}/")
    for path in (*(f"problems/{path}" for path in paths), "status/", "help/causes/"):
        page.goto(f"{live_server.url}/{path}")
        if faults := faults_of(page):
            found[path] = faults
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[path] = f"{wide} px wide"
        look(page, f"{width}-{theme}-{path.strip('/') or 'open'}")
    assert found == {}
