"""Every code that can become a problem has a row in the catalogue of causes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from channels import errors
from channels.causes import CAUSES, Fix, Owner
from channels.problems import raise_problem
from orders.holds import HOLDS
from orders.services import sending, shipping

ROOT = Path(__file__).resolve().parents[2]
RAISERS = {"raise_problem", "refuse", "mark_needs_person", "Check", "cause_of"}


def sources() -> Iterator[Path]:
    """Our own code of the engine and the connectors, without simulators and tests."""
    for file in (ROOT / "channels").rglob("*.py"):
        if not {"simulator", "simkit", "tests", "migrations", "bench"} & set(file.parts):
            yield file


def errors_of(family: type[Exception]) -> Iterator[type[Exception]]:
    yield family
    for child in family.__subclasses__():
        yield from errors_of(child)


def codes_in(file: Path) -> Iterator[str]:
    """Codes written out in calls: ``Rejected(…, code="x")`` and ``raise_problem(company, "x", …)``."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name[:1].isupper() or name in RAISERS:
            yield from (word.value.value for word in node.keywords if _is_code(word))
        if name == "raise_problem" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
            yield str(node.args[1].value)


def _is_code(word: ast.keyword) -> bool:
    return word.arg == "code" and isinstance(word.value, ast.Constant) and bool(word.value.value)


def test_every_code_written_in_the_engine_and_the_connectors_is_in_the_catalogue():
    found = {code: file.name for file in sources() for code in codes_in(file) if code not in CAUSES}
    assert found == {}


def test_the_search_for_codes_finds_those_that_are_known_to_be_there():
    found = {code for file in sources() for code in codes_in(file)}
    assert {"product_not_linked", "no_products", "currency_differs", "parcel_unknown_lines"} <= found


def test_every_class_of_channel_errors_is_in_the_catalogue():
    assert {error.code for error in errors_of(errors.ChannelError)} - CAUSES.keys() == set()


def test_every_reason_to_hold_an_order_is_in_the_catalogue():
    assert HOLDS.keys() - CAUSES.keys() == set()


def test_every_refusal_of_the_orders_that_a_store_can_meet_is_in_the_catalogue():
    codes = {getattr(each, "code", "") for module in (sending, shipping) for each in vars(module).values()}
    assert {code for code in codes if isinstance(code, str) and code} - CAUSES.keys() == set()


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_a_cause_says_what_it_is_who_acts_and_what_to_do(cause):
    assert cause.title[:1].isupper()
    assert cause.action.endswith(".")
    assert cause.owner in Owner
    assert cause.fix in Fix


def test_every_cause_has_a_help_link_that_resolves(kingsway, login):
    guide = login(kingsway).get(reverse("help-page", args=["causes"]))
    assert guide.status_code == 200
    page = guide.content.decode()
    assert [cause.code for cause in CAUSES.values() if f'id="{cause.anchor}"' not in page] == []


def test_the_page_of_a_problem_links_to_what_it_means(kingsway, login):
    problem = raise_problem(kingsway, "sku_missing", "A mug has no SKU.")
    page = login(kingsway).get(reverse("problem", args=[problem.pk])).content.decode()
    assert f'href="{reverse("help-page", args=["causes"])}#cause-sku-missing"' in page
