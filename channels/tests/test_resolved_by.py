"""The list of resolved problems says who did it where a person did, and “by itself” only where nobody did."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import PriceListAssignment
from channels.models import Problem
from orders.models import Order, OrderLine
from orders.services import recheck_order
from orders.tests.factories import line, trade
from portal.companies.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return trade("85123A")


@pytest.fixture
def hannah(pair, member) -> User:
    """Of the retailer, at work on its problems."""
    user = member(pair.retailer, "operations")
    user.name = "Hannah Reed"
    user.save(update_fields=["name"])
    return user


@pytest.fixture
def browser(pair, hannah, login) -> Client:
    return login(pair.retailer, user=hannah)


def place(pair, number: int, sku: str = "LAN-9") -> Order:
    return pair.place(line(sku, name="Red lantern"), number=f"AC-{number}", source_id=str(number)).order


def by_whom(browser: Client) -> list[str]:
    """What the list of resolved problems says under “By”, as its file has it."""
    answer = browser.get(reverse("problems-resolved"), {"export": "csv"})
    said = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [row["By"] for row in csv.DictReader(io.StringIO(said))]


def test_matching_a_line_on_the_page_of_the_cause_is_the_persons_doing_for_every_order_that_it_frees(pair, browser):
    for number in (1, 2):
        place(pair, number)
    problem = Problem.objects.open().latest("pk")
    asked = {"line": OrderLine.objects.first().pk, "variant": pair.goods["85123A"].pk}
    browser.post(reverse("problem-mend", args=[problem.pk, "match"]), asked)
    assert by_whom(browser) == ["Hannah Reed", "Hannah Reed"]
    closed = browser.get(reverse("problem", args=[problem.pk])).content.decode()
    assert "by Hannah Reed: The order goes on." in " ".join(closed.split())


def test_matching_a_line_on_the_page_of_its_order_is_the_persons_doing(pair, browser):
    order = place(pair, 1)
    address = reverse("order-match", args=[order.pk, order.lines.get().pk])
    browser.post(address, {"variant": pair.goods["85123A"].pk})
    assert by_whom(browser) == ["Hannah Reed"]


def test_an_answer_after_which_the_order_waits_for_something_else_is_the_persons_doing_too(pair, browser):
    order = pair.place(line("LAN-9"), line("LAN-8"), number="AC-1", source_id="1").order
    first = order.lines.get(sku="LAN-9")
    browser.post(reverse("order-match", args=[order.pk, first.pk]), {"variant": pair.goods["85123A"].pk})
    assert Problem.objects.open().get().cause_key == "no_such_sku:lan-8"
    assert by_whom(browser) == ["Hannah Reed"]


def test_letting_through_and_cancelling_are_the_persons_doing(pair, browser):
    passed = pair.place(line(variant=pair.goods["85123A"]), number="AC-1", source_id="1", total=Decimal(99)).order
    browser.post(reverse("order-release", args=[passed.pk]))
    ended = place(pair, 2)
    browser.post(reverse("order-cancel", args=[ended.pk]), {"reason": "Never sold."})
    assert by_whom(browser) == ["Hannah Reed", "Hannah Reed"]


def test_what_goes_on_because_its_cause_is_gone_was_resolved_by_itself(pair, browser):
    assignment = PriceListAssignment.objects.get()
    assignment.delete()
    order = pair.place(line(variant=pair.goods["85123A"]), number="AC-1", source_id="1").order
    PriceListAssignment.objects.create(price_list=assignment.price_list, partnership=assignment.partnership)
    recheck_order(order.pk)
    assert by_whom(browser) == ["by itself"]
