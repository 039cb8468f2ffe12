"""Home: to-do first, then numbers, then history; the checklist until it is done."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from portal.companies.models import Membership
from portal.companies.tests.factories import MembershipFactory
from portal.lib.prepared import Number, Prepared
from portal.ui import finding, navigation, todo
from portal.ui.tests.test_lists import member

pytestmark = pytest.mark.django_db
NOTHING_YET = todo.Step(10, "Connect your platform", "Your store, read back.", url="/", action="Connect", blocker="")


@pytest.fixture
def sources(monkeypatch):
    """Only what the test registers: the apps' own sources stand aside."""
    for registry in (todo.todos, todo.figures, todo.charts, todo.lanes, todo.steps, todo.summaries):
        monkeypatch.setattr(registry, "_sources", [])
    monkeypatch.setattr(finding, "_sources", {})
    monkeypatch.setattr(navigation, "_counters", {})
    monkeypatch.setattr(navigation, "_banners", {})


@pytest.fixture
def reader(client, sources):
    client.person = member("Kingsway")
    client.force_login(client.person)
    return client


def home(reader) -> str:
    return reader.get(reverse("home")).content.decode()


def test_nothing_to_do_is_said_in_one_line(reader):
    assert "Nothing needs you now." in home(reader)


def test_the_gravest_thing_to_do_stands_first(reader):
    todo.todos.register(lambda scope: [todo.Todo("Six orders are held", "£284.10", "/b", "Map it", weight=40)])
    todo.todos.register(
        lambda scope: [todo.Todo("The key was refused", "14 orders wait", "/a", "Reauthorise", weight=10)]
    )
    page = home(reader)
    assert page.index("The key was refused") < page.index("Six orders are held")
    assert "Two things need you." in page


def test_one_thing_needs_you_in_the_singular(reader):
    todo.todos.register(lambda scope: [todo.Todo("Six orders are held", "£284.10", "/b", "Map it")])
    assert "One thing needs you." in home(reader)


def test_the_checklist_shows_what_blocks_and_the_next_step(reader):
    todo.steps.register(lambda scope: [todo.Step(30, "Set prices", "A list.", blocker="They see 0 products.")])
    todo.steps.register(lambda scope: [todo.Step(10, "Connect your platform", "Read back.", is_done=True)])
    page = home(reader)
    assert page.index("Connect your platform") < page.index("Set prices")
    assert "1 of 2 done" in page
    assert "They see 0 products." in page


def test_the_checklist_goes_once_every_step_is_done(reader):
    todo.steps.register(lambda scope: [todo.Step(10, "Connect your platform", "Read back.", is_done=True)])
    assert "Getting started" not in home(reader)


def test_the_chart_has_its_figures_in_a_table(reader):
    days = (todo.Day(date(2026, 11, 19), (92, 36)), todo.Day(date(2026, 11, 20), (60, 26)))
    todo.charts.register(lambda scope: [todo.Chart(("Acme Outdoor", "Others"), days, "Highest 128 on 19 November.")])
    page = home(reader)
    assert '<td class="num">92</td><td class="num">36</td>' in page
    assert 'aria-label="Highest 128 on 19 November."' in page


def test_a_banner_and_a_count_stand_on_every_page(reader):
    people = Prepared(lambda company: Membership.objects.filter(company=company).values_list("pk"))
    nobody = Prepared(lambda company: Membership.objects.filter(company=company, role="").values_list("pk"))
    navigation.banner_source(
        lambda scope: [navigation.Banner("14 orders are waiting.", "The key was refused.")],
        lambda scope: Number(people, {"company": scope.company.pk}, 1),
    )
    navigation.banner_source(
        lambda scope: [navigation.Banner("Nobody sees this.", "Nothing is there.")],
        lambda scope: Number(nobody, {"company": scope.company.pk}, 1),
    )
    MembershipFactory.create_batch(3, company=reader.person.memberships.get().company)
    navigation.count("activity", lambda scope: Number(people, {"company": scope.company.pk}))
    page = reader.get(reverse("help")).content.decode()
    assert "14 orders are waiting." in page
    assert "Nobody sees this." not in page
    assert '<span class="count bad">4' in page


def test_the_frame_costs_no_query_of_its_own_for_strangers(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/nowhere/")


def test_search_groups_what_the_apps_find(reader):
    finding.register("Orders", "shopping-cart", lambda scope, text: [finding.Hit(f"Order {text}", "/orders/1/")])
    finding.register("Products", "package", lambda scope, text: [])
    page = reader.get(reverse("search"), {"q": "TL7"}).content.decode()
    assert "Order TL7" in page
    assert "Products</h2>" not in page


def test_search_without_hits_says_what_can_be_searched(reader):
    assert "Nothing matches “zzz”" in reader.get(reverse("search"), {"q": "zzz"}).content.decode()
