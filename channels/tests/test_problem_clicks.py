"""Nine of ten causes are cleared in two clicks from their page at most: every fault is made, its page opened, its buttons pressed and counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from channels.alerts import deliveries, endpoints, errands, events
from channels.alerts.posting import Outcome
from channels.causes import CAUSES, Fix, Owner
from channels.models import (
    Delivery,
    ErrandState,
    Integration,
    Outbound,
    OutboundKind,
    OutboundState,
    Problem,
    ProblemState,
    WebhookEndpoint,
)
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from orders.models import Order, OrderState
from orders.tests.factories import HANNAH, Trade, line, trade
from portal.companies.models import Company
from portal.lib.address import Address

pytestmark = pytest.mark.django_db


@dataclass
class Stage:
    """What the faults are made with."""

    trading: Trade
    store: Integration
    queued: list[tuple]

    @property
    def acme(self) -> Company:
        return self.trading.retailer

    @property
    def name(self) -> str:
        return self.trading.goods["85123A"].product.name

    def known(self, **more: Any):
        return line("85123A", variant=self.trading.goods["85123A"], **more)


Make = Callable[[Stage], Problem]


@dataclass(frozen=True)
class Case:
    """``click`` names what is pressed on the page: "retry", a way to mend, "confirm" or "link". ``body`` is what is filled in."""

    code: str
    make: Make
    click: str
    body: dict[str, str] = field(default_factory=dict)


def held(*lines: Callable[[Stage], Any], before: Callable[[Stage], Any] = lambda stage: None, **fields: Any) -> Make:
    """An order that is held, as a store tells it; ``before`` spoils the world first."""

    def make(stage: Stage) -> Problem:
        before(stage)
        order = stage.trading.place(*(one(stage) for one in lines or (lambda stage: stage.known(),)), **fields).order
        return Problem.objects.get(record_type="order", record_id=order.pk, state=ProblemState.OPEN)

    return make


def refused(code: str) -> Make:
    """A change that a store refused."""

    def make(stage: Stage) -> Problem:
        product = stage.trading.goods["85123A"].product
        row = Outbound.objects.create(
            integration=stage.store, kind=OutboundKind.PUBLISH, record_id=product.pk, state=OutboundState.REFUSED
        )
        return raise_problem(stage.acme, code, f"{product}: no.", integration=stage.store, record=product, outbound=row)

    return make


def unread(code: str) -> Make:
    """Something that could not be taken in, or a run that failed."""
    return lambda stage: raise_problem(stage.acme, code, f"{code} happened.", integration=stage.store)


def of_connection(code: str) -> Make:
    return lambda stage: raise_problem(
        stage.acme, code, f"{code} happened.", integration=stage.store, record=stage.store
    )


def agreed(code: str) -> Make:
    """Something that partners must talk about."""
    return lambda stage: raise_problem(stage.acme, code, f"{code} happened.", record=stage.trading.order())


def odd_line(**more: Any) -> Callable[[Stage], Any]:
    return lambda stage: stage.known(**more)


def renamed(code: str, make: Make) -> Make:
    """The same under the code that older rows have."""

    def made(stage: Stage) -> Problem:
        problem = make(stage)
        Problem.objects.filter(pk=problem.pk).update(code=code)
        problem.refresh_from_db()
        return problem

    return made


def list_it_twice(stage: Stage) -> None:
    trade("85123A", retailer=stage.acme)


def of_supplier(code: str) -> Make:
    """Something that the supplier mends on a screen of its own."""
    return lambda stage: raise_problem(stage.trading.supplier, code, f"{code} happened.")


def stop_product(stage: Stage) -> None:
    Product.objects.update(is_active=False)


def end_partnership(stage: Stage) -> None:
    type(stage.trading.partnership).objects.update(state="ended")


def forget_address(stage: Stage) -> None:
    stage.acme.address1 = ""
    stage.acme.save()


def deaf_webhook(stage: Stage) -> Problem:
    """A webhook of the company refused an event until we gave up."""
    endpoint = endpoints.create(stage.acme, name="Warehouse", url="https://hooks.example.com/in", by=None).endpoint
    row = Delivery.objects.create(endpoint=endpoint, event="alert.opened")
    errands.take(row)
    deliveries.settle(row, endpoint, Outcome(410, body="Gone"))
    return Problem.objects.get(code="webhook_failing")


NOWHERE = replace(HANNAH, address1="", address2="", city="", postcode="")
TO_HANNAH = {"last_name": "Whitlock", "address1": "14 Mill Lane", "city": "Stockport", "postcode": "SK6 6AP"}
CASES = (
    Case("no_such_sku", held(lambda stage: line("85123", name=stage.name)), "match"),
    Case("empty_sku", held(lambda stage: line("", name=stage.name)), "match"),
    Case("ambiguous_sku", held(lambda stage: line("85123A"), before=list_it_twice), "match"),
    Case("needs_match", renamed("needs_match", held(lambda stage: line("85123", name=stage.name))), "match"),
    Case("sku_case", held(lambda stage: line("85123a")), "match"),
    Case("negative_quantity", held(odd_line(quantity=-2)), "cancel"),
    Case("zero_quantity", held(odd_line(quantity=0)), "cancel"),
    Case("fractional_quantity", held(odd_line(quantity="1.5")), "cancel"),
    Case("zero_price", held(odd_line(price=0)), "let-through"),
    Case("line_sum", held(odd_line(total=Decimal("99.00"))), "let-through"),
    Case("order_sum", held(total=Decimal("99.00")), "let-through"),
    Case("product_stopped", held(before=stop_product), "let-through"),
    Case("no_ship_to", held(ship_to=NOWHERE), "address", {**TO_HANNAH, "country": "GB"}),
    Case("no_partnership", held(before=end_partnership), "link"),
    Case("no_address", held(before=forget_address), "link"),
    *(
        Case(code, refused(code), "retry")
        for code in ("record_rejected", "already_there", "too_many_variants", "not_found_there", "product_not_linked", "refused")
    ),
    *(
        Case(code, unread(code), "retry")
        for code in (
            "sku_missing", "sku_twice", "our_mistake", "unexpected_answer", "channel_error", "no_products", "invalid",
            "not_allowed",
        )
    ),
    *(
        Case(code, agreed(code), "settle")
        for code in (
            "changed_at_store", "cancelled_at_supplier", "parcel_unknown_lines", "over_shipped",
            "nothing_left_to_ship", "line_not_in_store", "invalid_move",
        )
    ),
    *(Case(code, of_supplier(code), "link") for code in ("currency_differs", "no_price", "no_price_list")),
    *(Case(code, agreed(code), "link") for code in ("order_held", "still_held", "held")),
    Case("mass_change", of_connection("mass_change"), "confirm"),
    *(
        Case(code, of_connection(code), "link")
        for code in (
            "credentials_rejected", "permission_missing", "key_expires", "another_store", "wrong_address",
            "setting_missing", "status_gone", "status_unknown", "store_connected_already", "books_differ",
        )
    ),
    Case("webhook_failing", deaf_webhook, "resend"),
)  # fmt: skip
MOST_CLICKS = 2


@pytest.fixture
def stage(acme, monkeypatch) -> Stage:
    queued: list[tuple] = []
    for place in ("channels.dispatch", "channels.alerts.waking"):
        monkeypatch.setattr(f"{place}.async_task", lambda name, *args, **more: queued.append((name, *args)))
    # No name is looked up: whether an address may be called is tested elsewhere.
    monkeypatch.setattr("channels.alerts.endpoints.clean_url", lambda url: url)
    trading = trade(retailer=acme)
    return Stage(trading, make_integration(acme, name="Acme Outdoor", supplies=True, sells=True), queued)


def is_cleared(problem: Problem, stage: Stage) -> bool:
    """It is over, it is sent again, or it is read again."""
    problem.refresh_from_db()
    goes = Outbound.objects.filter(state=OutboundState.WAITING, record_id=problem.record_id).exists()
    event_goes = Delivery.objects.filter(state=ErrandState.WAITING, attempts=0).exists()
    return (
        problem.state == ProblemState.RESOLVED or bool(problem.outbound_id and goes) or bool(stage.queued) or event_goes
    )


def form_on(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the first form of the page that is sent to ``action``; the form must be there."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, f"no form to {action} on the page"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[1]))


def press(client: Client, problem: Problem, case: Case) -> int:
    """Press what the case names on the problem's page; how many clicks that took."""
    page = client.get(reverse("problem", args=[problem.pk])).content.decode()
    if case.click == "link":
        return follow(client, page)
    names = {"retry": "problem-try-again", "confirm": "problem-confirm"}
    name = names.get(case.click, "problem-mend")
    action = reverse(name, args=[problem.pk] if case.click in names else [problem.pk, case.click])
    filled = {f"to{problem.pk}-{name}": value for name, value in case.body.items()}
    assert client.post(action, {**form_on(page, action), **filled}).status_code == 302
    return 1


def follow(client: Client, page: str) -> int:
    """One click to the screen that mends it, one more for its button."""
    (address,) = re.findall(r'<a class="btn primary" href="([^"]+)"', page)
    answer = client.get(unescape(address), follow=True)
    assert answer.status_code == 200
    assert "<form" in answer.content.decode()
    return 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_cause_is_cleared_in_two_clicks(stage, login, case):
    problem = case.make(stage)
    assert problem.code == case.code
    stage.queued.clear()
    assert press(login(problem.company), problem, case) <= MOST_CLICKS
    assert case.click == "link" or is_cleared(problem, stage)


def test_every_cause_that_needs_anybody_is_in_the_table():
    # Those of nobody mend themselves: no click at all.
    needs_somebody = {code for code, cause in CAUSES.items() if cause.owner != Owner.NOBODY}
    assert sorted(needs_somebody - {case.code for case in CASES}) == []


def test_every_cause_that_needs_anybody_has_something_to_press():
    without = {code for code, cause in CAUSES.items() if cause.fix == Fix.NONE}
    assert without == {code for code, cause in CAUSES.items() if cause.owner == Owner.NOBODY} - {"conflict"}


def test_what_a_webhook_did_not_take_is_sent_again_even_where_it_was_switched_off(stage, login):
    problem = deaf_webhook(stage)
    endpoints.switch(WebhookEndpoint.objects.get(), enabled=False, by=None)
    answer = login(stage.acme).post(reverse("problem-mend", args=[problem.pk, "resend"]), follow=True)
    assert "The event is sent to Warehouse now." in answer.content.decode()
    assert WebhookEndpoint.objects.get().enabled
    assert Delivery.objects.get().state == "waiting"


def test_a_webhook_whose_failed_events_are_forgotten_gets_a_test(stage, login):
    problem = deaf_webhook(stage)
    Delivery.objects.all().delete()
    answer = login(stage.acme).post(reverse("problem-mend", args=[problem.pk, "resend"]), follow=True)
    assert "A test is sent to Warehouse now." in answer.content.decode()
    assert Delivery.objects.get().event == events.TEST


def test_a_strangers_webhook_is_not_sent_again(stage, login, stranger):
    problem = deaf_webhook(stage)
    assert login(stranger).post(reverse("problem-mend", args=[problem.pk, "resend"])).status_code == 404
    assert Delivery.objects.get().state == "failed"


def test_matching_once_frees_every_order_with_that_line(stage, login):
    for number in ("1", "2", "3"):
        stage.trading.place(line("", name=stage.name), number=number, source_id=number)
    problem = Problem.objects.first()
    press(login(stage.acme), problem, Case("empty_sku", lambda stage: problem, "match"))
    assert not Problem.objects.filter(state=ProblemState.OPEN).exists()
    assert set(Order.objects.values_list("state", flat=True)) == {OrderState.ROUTED}


def test_what_is_our_own_is_said_once(stage, login):
    order = stage.trading.place(line("BAG-1", name="Our own bag")).order
    problem = Problem.objects.get()
    answer = login(stage.acme).post(
        reverse("problem-mend", args=[problem.pk, "match"]), {"line": order.lines.get().pk, "own": "1"}, follow=True
    )
    assert "We remember it for “BAG-1”" in answer.content.decode()
    problem.refresh_from_db()
    assert problem.state == ProblemState.RESOLVED


@pytest.mark.parametrize(
    ("way", "body", "said"),
    [
        ("match", {"line": "999999", "variant": "1"}, "This line is matched already."),
        ("match", {"line": "x"}, "This line is matched already."),
        ("settle", {}, "This problem is not mended in that way."),
        ("nonsense", {}, "This problem is not mended in that way."),
    ],
)
def test_what_is_not_offered_or_not_chosen_is_a_sentence(stage, login, way, body, said):
    stage.trading.place(line("XX9"))
    problem = Problem.objects.get()
    answer = login(stage.acme).post(reverse("problem-mend", args=[problem.pk, way]), body, follow=True)
    assert said in answer.content.decode()
    problem.refresh_from_db()
    assert problem.state == ProblemState.OPEN


def test_a_product_of_a_stranger_cannot_be_matched(stage, login):
    from catalog.tests.factories import VariantFactory

    order = stage.trading.place(line("XX9")).order
    problem = Problem.objects.get()
    theirs = VariantFactory()
    body = {"line": order.lines.get().pk, "variant": theirs.pk}
    answer = login(stage.acme).post(reverse("problem-mend", args=[problem.pk, "match"]), body, follow=True)
    assert "is not offered to you" in answer.content.decode()


def test_an_address_without_a_street_is_a_sentence_that_names_the_field(stage, login):
    problem = held(ship_to=NOWHERE)(stage)
    body = {f"to{problem.pk}-{name}": value for name, value in {**TO_HANNAH, "address1": " ", "country": "GB"}.items()}
    answer = login(stage.acme).post(reverse("problem-mend", args=[problem.pk, "address"]), body, follow=True)
    assert "Street and number: This field is required." in answer.content.decode()


def test_a_refused_orders_address_is_corrected_on_our_copy_and_sent_again(stage, login):
    part = stage.trading.supplier_order()
    supplier_store = make_integration(part.supplier, supplies=True)
    row, _ = Outbound.objects.update_or_create(
        integration=supplier_store,
        kind=OutboundKind.CREATE_ORDER,
        record_id=part.pk,
        defaults={"state": OutboundState.REFUSED},
    )
    from orders.services import note_refused

    note_refused(part, "The postcode is not valid.")
    problem = raise_problem(
        part.supplier,
        "record_rejected",
        "The postcode is not valid.",
        integration=supplier_store,
        record=part,
        outbound=row,
    )
    client = login(part.supplier)
    assert "14 Mill Lane" in client.get(reverse("problem", args=[problem.pk])).content.decode()
    body = {
        f"to{problem.pk}-{key}": value for key, value in {**TO_HANNAH, "postcode": "SK6 6AA", "country": "gb"}.items()
    }
    client.post(reverse("problem-mend", args=[problem.pk, "address"]), body)
    part.refresh_from_db()
    assert Address.from_json(part.ship_to).postcode == "SK6 6AA"
    assert Outbound.objects.get(state=OutboundState.WAITING, kind=OutboundKind.CREATE_ORDER).record_id == part.pk
    page = client.get(part.get_absolute_url()).content.decode()
    assert "corrected the address" in page


def test_a_viewer_is_offered_no_fix(stage, login):
    problem = held(odd_line(price=0))(stage)
    viewer = login(stage.acme, "viewer")
    assert "problem-mend" not in viewer.get(reverse("problem", args=[problem.pk])).content.decode()
    assert viewer.post(reverse("problem-mend", args=[problem.pk, "let-through"])).status_code == 403
