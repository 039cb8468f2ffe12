"""The Problems pages: what a person sees of what is stuck, and what the buttons do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.tests.factories import ProductFactory
from channels.models import (
    Health,
    Integration,
    Outbound,
    OutboundKind,
    OutboundState,
    Problem,
    ProblemState,
    ProductLink,
    Replay,
    StepState,
    SupplierOrderLink,
)
from channels.problems import raise_problem, resolve
from channels.tests.factories import make_integration
from orders import services as orders
from orders.models import SupplierOrderState
from orders.tests.factories import line, trade
from portal.companies.models import AuditEvent
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch) -> list[tuple[int, str]]:
    """The runs that were wished for; nothing is queued at a cluster."""
    wishes: list[tuple[int, str]] = []
    monkeypatch.setattr("channels.dispatch.async_task", lambda name, *args, **more: wishes.append((args[0], args[1])))
    return wishes


@pytest.fixture
def store(kingsway) -> Integration:
    return make_integration(kingsway)


def refused_order(store: Integration, trading) -> Problem:
    """A supplier order that the store refused, as the push step leaves it."""
    part = trading.supplier_order()
    row, _ = Outbound.objects.update_or_create(
        integration=store,
        kind=OutboundKind.CREATE_ORDER,
        record_id=part.pk,
        defaults={"state": OutboundState.REFUSED, "attempts": 1},
    )
    orders.note_refused(part, "The postcode is not valid.")
    return raise_problem(
        store.company,
        "record_rejected",
        f"{part.reference}: The postcode is not valid.",
        integration=store,
        record=part,
        cause_key=f"record_rejected:{store.pk}:postcode",
        outbound=row,
    )


def page_of(client, name: str, *args: object, **query: str):
    answer = client.get(reverse(name, args=args), query, follow=True)
    assert answer.status_code == 200
    return answer


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_orders_with_one_cause_are_one_group_with_their_worth(acme, login):
    trading = trade(retailer=acme)
    for number in (1, 2):
        wrong = line("XX9", quantity=2, price="10", name="Odd mug")
        trading.place(wrong, number=f"AC-{number}", source_id=str(number))
    page = text_of(page_of(login(acme), "problems"))
    assert "2 orders: a SKU is not among the listings" in page
    assert "£40.00" in page
    assert "2 stuck by 1 cause" in page


def test_a_group_opens_to_its_orders_with_the_fix_beside_them(acme, login):
    order = trade(retailer=acme).place(line("XX9")).order
    page = text_of(page_of(login(acme), "problem", Problem.objects.get().pk))
    assert f'href="{order.get_absolute_url()}"' in page
    assert "It is my own product" in page
    assert "Will be looked at again" in page


def test_a_broken_connection_leads_to_reauthorising_and_cannot_be_ignored(kingsway, store, login):
    problem = raise_problem(kingsway, "credentials_rejected", "The store stopped.", integration=store, record=store)
    client = login(kingsway)
    page = text_of(page_of(client, "problem", problem.pk))
    assert f"/integrations/{store.pk}/reauthorise/" in page
    client.post(reverse("problem-ignore", args=[problem.pk]), {"reason": "it does not matter"})
    problem.refresh_from_db()
    assert problem.state == ProblemState.OPEN


def test_trying_again_sends_a_refused_order_once_more(kingsway, store, login, queued):
    problem = refused_order(store, trade(supplier=kingsway))
    client = login(kingsway)
    assert "Will be sent again" in text_of(page_of(client, "problem", problem.pk))
    answer = client.post(reverse("problem-try-again", args=[problem.pk]), follow=True)
    assert "1 sent again." in text_of(answer)
    assert Outbound.objects.get(state=OutboundState.WAITING).record_id == problem.record_id
    problem.outbound.refresh_from_db()
    assert problem.outbound.state == OutboundState.REFUSED
    assert orders_state(problem) == SupplierOrderState.WAITING


def orders_state(problem: Problem) -> str:
    from orders.models import SupplierOrder

    return SupplierOrder.objects.get(pk=problem.record_id).state


def test_trying_again_twice_makes_one_row(kingsway, store, login, queued):
    problem = refused_order(store, trade(supplier=kingsway))
    client = login(kingsway)
    for _ in range(2):
        client.post(reverse("problem-try-again", args=[problem.pk]))
    assert Outbound.objects.filter(state=OutboundState.WAITING).count() == 1
    assert "Under way already, skipped" in text_of(page_of(client, "problem", problem.pk))


def test_an_order_that_is_there_already_is_skipped_and_its_problem_closed(kingsway, store, login, queued):
    problem = refused_order(store, trade(supplier=kingsway))
    SupplierOrderLink.objects.create(integration=store, supplier_order_id=problem.record_id, remote_id="77")
    answer = login(kingsway).post(reverse("problem-try-again", args=[problem.pk]), follow=True)
    assert "1 was there already." in text_of(answer)
    problem.refresh_from_db()
    assert (problem.state, problem.resolution) == (ProblemState.RESOLVED, "It was there already.")
    assert not Outbound.objects.filter(state=OutboundState.WAITING).exists()


def test_nothing_is_sent_again_while_the_connection_needs_somebody(kingsway, store, login, queued):
    problem = refused_order(store, trade(supplier=kingsway))
    Integration.objects.update(health=Health.NEEDS_REAUTHORISATION)
    client = login(kingsway)
    assert "The connection needs you or is paused" in text_of(page_of(client, "problem", problem.pk))
    client.post(reverse("problem-try-again", args=[problem.pk]))
    assert not Outbound.objects.filter(state=OutboundState.WAITING).exists()


def test_held_orders_go_on_when_the_cause_is_gone(acme, login, queued):
    trading = trade(retailer=acme)
    order = trading.place(line("85123A", price=0, total=Decimal(0), variant=trading.goods["85123A"])).order
    problem = Problem.objects.get()
    assert problem.code == "zero_price"
    order.accepted_holds = ["zero_price"]
    order.save()
    answer = login(acme).post(reverse("problem-try-again", args=[problem.pk]), follow=True)
    assert "1 goes on now." in text_of(answer)
    problem.refresh_from_db()
    assert problem.state == ProblemState.RESOLVED
    report = text_of(login(acme).get(reverse("problem-replay", args=[Replay.objects.get().pk])))
    assert "Second attempt" not in report


def test_a_held_order_whose_cause_is_still_there_waits_and_the_report_says_so(acme, login, queued):
    trading = trade(retailer=acme)
    trading.place(line("85123A", price=0, total=Decimal(0), variant=trading.goods["85123A"]))
    problem = Problem.objects.get()
    answer = login(acme).post(reverse("problem-try-again", args=[problem.pk]), follow=True)
    assert "1 still waits: the cause is not mended." in text_of(answer)
    report = text_of(login(acme).get(reverse("problem-replay", args=[Replay.objects.get().pk])))
    assert "Was looked at again, still waits" in report


def test_a_failed_run_is_run_again(kingsway, store, login, queued):
    key = f"our_mistake:{store.pk}:pull_stock"
    problem = raise_problem(kingsway, "our_mistake", "Stock: it broke.", integration=store, cause_key=key)
    login(kingsway).post(reverse("problem-try-again", args=[problem.pk]))
    assert queued == [(store.pk, "pull_stock")]


def test_ignoring_needs_a_reason_and_keeps_it(kingsway, store, login):
    problem = raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store, record_name="A mug")
    client = login(kingsway)
    client.post(reverse("problem-ignore", args=[problem.pk]), {"reason": " "})
    assert Problem.objects.get().state == ProblemState.OPEN
    client.post(reverse("problem-ignore", args=[problem.pk]), {"reason": "a sample, never sold"})
    assert Problem.objects.get().state == ProblemState.IGNORED
    assert "a sample, never sold" in text_of(page_of(client, "problems-ignored"))
    assert AuditEvent.objects.get(action="problem.ignored").reason == "a sample, never sold"


def test_an_ignored_problem_does_not_come_back_by_itself(kingsway, store, login):
    def see() -> Problem:
        return raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store, record_name="A mug")

    login(kingsway).post(reverse("problem-ignore", args=[see().pk]), {"reason": "a sample"})
    see()
    problem = Problem.objects.get()
    assert (problem.state, problem.times_seen) == (ProblemState.IGNORED, 2)


def test_an_ignored_problem_can_be_opened_again(kingsway, store, login):
    problem = raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store)
    client = login(kingsway)
    client.post(reverse("problem-ignore", args=[problem.pk]), {"reason": "a sample"})
    client.post(reverse("problem-open-again", args=[problem.pk]))
    assert Problem.objects.get().state == ProblemState.OPEN


def test_resolved_problems_tell_how(kingsway, store, login):
    raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store)
    resolve(company=kingsway, code="sku_missing", resolution="The store has it right now.")
    page = text_of(page_of(login(kingsway), "problems-resolved"))
    assert "A mug has no SKU." in page
    assert "The store has it right now." in page
    assert "by itself" in page


def test_what_waits_for_a_retry_shows_its_next_try_and_can_go_now(kingsway, store, login, queued):
    part = trade(supplier=kingsway).supplier_order()
    row = Outbound.objects.create(
        integration=store,
        kind=OutboundKind.CREATE_ORDER,
        record_id=part.pk,
        attempts=3,
        not_before=clock.after(1800),
        last_answer="The store is not available.",
    )
    client = login(kingsway)
    page = text_of(page_of(client, "problems-waiting"))
    assert part.reference in page
    assert "The store is not available." in page
    client.post(reverse("problem-try-now", args=[row.pk]))
    row.refresh_from_db()
    assert row.not_before <= clock.now()


def test_several_waiting_changes_can_be_tried_at_once(kingsway, store, login, queued):
    for number in (1, 2):
        Outbound.objects.create(
            integration=store, kind=OutboundKind.STOCK, record_id=number, attempts=1, not_before=clock.after(600)
        )
    rows = [str(pk) for pk in Outbound.objects.values_list("pk", flat=True)]
    answer = login(kingsway).post(reverse("problems-waiting"), {"action": "try-now", "row": rows}, follow=True)
    assert "2 are being tried now." in text_of(answer)
    assert not Outbound.objects.filter(not_before__gt=clock.now()).exists()


def test_confirming_a_mass_change_lets_the_next_walk_hide_what_is_gone(kingsway, store, login, queued):
    for number in range(3):
        product = ProductFactory(company=kingsway)
        ProductLink.objects.create(integration=store, product=product, remote_id=str(number), walk=1)
    StepState.objects.filter(step="pull_products").update(cursor={"walk": 2})
    problem = raise_problem(kingsway, "mass_change", "3 of 3 vanished.", integration=store, record=store)
    login(kingsway).post(reverse("problem-confirm", args=[problem.pk]))
    assert StepState.objects.get(step="pull_products").cursor["may_hide"] == 3
    problem.refresh_from_db()
    assert problem.state == ProblemState.RESOLVED


def test_a_viewer_may_look_and_not_act(kingsway, store, login):
    problem = raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store)
    client = login(kingsway, "viewer")
    page = text_of(page_of(client, "problem", problem.pk))
    assert "Your role may look, not act." in page
    assert "problem-try-again" not in page
    assert client.post(reverse("problem-try-again", args=[problem.pk])).status_code == 403


def test_a_partner_reads_of_its_own_problems_only(kingsway, acme, store, login):
    raise_problem(kingsway, "sku_missing", "A secret mug has no SKU.", integration=store)
    assert "secret mug" not in text_of(page_of(login(acme), "problems"))


def test_a_company_without_problems_reads_so_in_one_line(kingsway, login):
    assert "Nothing is stuck" in text_of(page_of(login(kingsway), "problems"))


def test_search_finds_by_words_and_says_when_nothing_fits(kingsway, store, login):
    raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store)
    client = login(kingsway)
    assert "A mug has no SKU." in text_of(page_of(client, "problems", q="mug"))
    assert "Nothing matches “lantern”" in text_of(page_of(client, "problems", q="lantern"))


@pytest.mark.parametrize("before", ["nonsense", "2026-01-01|x", "|", "2026-01-01T00:00:00|1"])
def test_an_unreadable_page_mark_is_the_first_page(kingsway, store, login, before):
    raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store)
    assert "A mug has no SKU." in text_of(page_of(login(kingsway), "problems", before=before))


def test_groups_are_paged_without_losing_or_repeating_one(kingsway, store, login):
    for number in range(120):
        raise_problem(
            kingsway, "sku_missing", f"Mug-{number:03} has no SKU.", integration=store, cause_key=f"k{number}"
        )
    client, seen, address = login(kingsway), [], reverse("problems")
    for _ in range(5):
        page = client.get(address)
        seen += [group.title for group in page.context["page"].groups]
        if not page.context["page"].older:
            break
        address = f"{reverse('problems')}?before={page.context['page'].older.replace('+', '%2B')}"
    assert sorted(seen) == [f"Mug-{number:03} has no SKU." for number in range(120)]


def test_a_page_of_many_groups_costs_few_queries(kingsway, store, login, django_assert_max_num_queries):
    for number in range(60):
        raise_problem(
            kingsway,
            "sku_missing",
            f"Mug {number}",
            integration=store,
            cause_key=f"k{number}",
            value=Decimal(1),
            currency="GBP",
        )
    client = login(kingsway)
    client.get(reverse("problems"))
    with django_assert_max_num_queries(20):
        client.get(reverse("problems"))


def test_a_group_of_many_costs_few_queries(acme, login, django_assert_max_num_queries):
    trading = trade(retailer=acme)
    for number in range(30):
        trading.place(line("XX9", name="Odd mug"), number=f"AC-{number}", source_id=str(number))
    client = login(acme)
    address = reverse("problem", args=[Problem.objects.first().pk])
    client.get(address)
    with django_assert_max_num_queries(25):
        client.get(address)
