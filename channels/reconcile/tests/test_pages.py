"""The books on screen, for programs and for staff: who sees what, who may choose, and what a page costs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from channels.models import Difference, Integration, Receipt, StepState
from channels.models.reconcile import DifferenceState
from channels.problems import raise_problem
from channels.reconcile.run import tell_problems
from channels.reconcile.tests.factories import make_difference, make_reconciliation
from channels.tests.factories import make_integration
from portal.companies.models import User
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(kingsway) -> Integration:
    return make_integration(kingsway, name="Kingsway store")


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def page(store: Integration, name: str = "integration-books") -> str:
    return reverse(name, args=[store.pk])


def test_before_the_first_night_the_page_says_what_will_stand_there(store, login):
    shown = text(login(store.company).get(page(store)))
    assert "Not compared yet" in shown
    assert "Compare now" in shown


def test_books_that_agree_are_a_statement_and_one_line(store, login):
    make_reconciliation(store)
    shown = text(login(store.company).get(page(store)))
    assert "Books agree" in shown
    assert "Brought forward" in shown
    assert "£75.00" in shown


def test_differences_are_counted_and_lead_to_their_list(store, login):
    make_difference(store)
    make_difference(store, name="Order 1002")
    shown = text(login(store.company).get(page(store)))
    assert "2 differences to look at" in shown
    assert page(store, "integration-differences") in shown


def test_the_list_says_what_happened_and_what_each_choice_does(store, login):
    make_difference(store)
    shown = text(login(store.company).get(page(store, "integration-differences")))
    assert "Only in the store" in shown
    assert "its message to us was lost" in shown
    assert 'data-confirm="The order is read from the store again' in shown


def test_a_list_of_many_costs_no_more_queries(store, login, django_assert_max_num_queries):
    for number in range(40):
        make_difference(store, name=f"Order {number}")
    client = login(store.company)
    client.get(page(store, "integration-differences"))
    with django_assert_max_num_queries(24):
        client.get(page(store, "integration-differences"))


def test_a_list_is_narrowed_to_a_book_and_exported(store, login):
    make_difference(store)
    make_difference(store, name="TEA-1", book="stock", kind="stock_missed")
    client = login(store.company)
    shown = text(client.get(page(store, "integration-differences"), {"book": "stock"}))
    assert "TEA-1" in shown
    assert "Order 1001" not in shown
    answer = client.get(page(store, "integration-differences"), {"export": "csv"})
    exported = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"Order 1001" in exported


def test_choosing_says_what_happens_now(store, login):
    difference = make_difference(store)
    answer = login(store.company).post(
        reverse("difference-choose", args=[difference.pk]), {"side": "theirs"}, follow=True
    )
    assert "The order is being read from the store." in text(answer)
    assert Receipt.objects.get(integration=store).remote_id == "1001"
    difference.refresh_from_db()
    assert (difference.state, difference.choice) == (DifferenceState.CHOSEN, "theirs")
    assert difference.chosen_by is not None


def test_a_side_that_does_not_exist_changes_nothing(store, login):
    difference = make_difference(store)
    answer = login(store.company).post(
        reverse("difference-choose", args=[difference.pk]), {"side": "mine"}, follow=True
    )
    assert "cannot be chosen for Order 1001" in text(answer)
    difference.refresh_from_db()
    assert difference.state == DifferenceState.OPEN


def test_many_are_chosen_at_once(store, login):
    rows = [make_difference(store, name=f"Order {number}", remote_id=str(number)) for number in range(3)]
    answer = login(store.company).post(
        page(store, "integration-differences"),
        {"action": "theirs", "row": [row.pk for row in rows[:2]]},
        follow=True,
    )
    assert "Theirs was chosen for 2 differences." in text(answer)
    assert Receipt.objects.filter(integration=store).count() == 2


def test_a_viewer_reads_and_may_not_choose(store, login):
    difference = make_difference(store)
    client = login(store.company, "viewer")
    shown = text(client.get(page(store, "integration-differences")))
    assert "Order 1001" in shown
    assert "formaction" not in shown
    assert client.post(reverse("difference-choose", args=[difference.pk]), {"side": "theirs"}).status_code == 403
    bulk = {"action": "theirs", "row": [difference.pk]}
    assert client.post(page(store, "integration-differences"), bulk).status_code in {302, 403}
    assert client.post(page(store, "integration-reconcile")).status_code == 403
    assert Difference.objects.get().state == DifferenceState.OPEN


def test_a_stranger_sees_and_chooses_nothing(store, login, stranger):
    difference = make_difference(store)
    client = login(stranger)
    assert client.get(page(store, "integration-differences")).status_code == 404
    assert client.post(reverse("difference-choose", args=[difference.pk]), {"side": "theirs"}).status_code == 404


def test_comparing_by_hand_is_queued_once_and_shows_its_progress(store, login):
    client = login(store.company)
    shown = text(client.post(page(store, "integration-reconcile"), follow=True))
    assert "are being compared now" in shown
    assert "It begins in a moment." in shown
    again = text(client.post(page(store, "integration-reconcile"), follow=True))
    assert "are being compared already" in again


def test_the_page_is_loaded_anew_when_the_comparison_ended(store, login):
    client = login(store.company)
    StepState.objects.filter(integration=store, step="reconcile").update(queued_at=clock.now())
    assert "HX-Refresh" not in client.get(page(store, "integration-books-progress"))
    StepState.objects.filter(integration=store, step="reconcile").update(queued_at=None)
    assert client.get(page(store, "integration-books-progress"))["HX-Refresh"] == "true"


def test_one_problem_a_book_leads_to_the_differences(store, login):
    make_difference(store)
    make_difference(store, book="stock", kind="stock_missed", name="TEA-1")
    tell_problems(store)
    assert store.problems.filter(state="open", code="books_differ").count() == 2
    shown = text(login(store.company).get(reverse("problem", args=[store.problems.first().pk])))
    assert page(store, "integration-differences") in shown
    Difference.objects.update(state=DifferenceState.GONE)
    tell_problems(store)
    assert not store.problems.filter(state="open").exists()


def test_programs_read_statements_and_choose(api, store):
    difference = make_difference(store)
    client = api(store.company, "problems:write")
    (statement,) = client.get("/api/v1/reconciliations/").json()["results"]
    assert statement["books"]["orders"]["ours"]["closing"] == [3, "75"]
    (row,) = client.get("/api/v1/differences/", {"state": "open", "book": "orders"}).json()["results"]
    assert row["choices"].keys() == {"ours", "theirs"}
    answer = client.post(f"/api/v1/differences/{difference.pk}/choose/", {"side": "theirs"}, format="json")
    assert answer.json()["answer"] == "The order is being read from the store."
    assert Receipt.objects.filter(integration=store).count() == 1


def test_programs_that_may_only_read_choose_nothing(api, store):
    difference = make_difference(store)
    client = api(store.company, "problems:read")
    assert client.post(f"/api/v1/differences/{difference.pk}/choose/", {"side": "theirs"}).status_code == 403


def test_a_program_is_told_which_side_it_may_name(api, store):
    difference = make_difference(store, book="stock", kind="stock_missed", name="TEA-1")
    client = api(store.company, "problems:write")
    wrong = client.post(f"/api/v1/differences/{difference.pk}/choose/", {"side": "mine"}, format="json")
    assert wrong.status_code == 400
    assert "side" in wrong.content.decode()
    refused = client.post(f"/api/v1/differences/{difference.pk}/choose/", {"side": "ours"}, format="json")
    assert refused.status_code in {400, 409}
    assert "cannot be chosen for TEA-1" in refused.content.decode()


def test_staff_look_at_the_books_and_edit_nothing(store):
    difference = make_difference(store)
    client = Client()
    client.force_login(User.objects.create_superuser("ops@example.com", "a-long-quiet-password"))
    assert "Order 1001" in text(client.get("/admin/channels/difference/"))
    assert "Kingsway store" in text(client.get("/admin/channels/reconciliation/"))
    client.post(f"/admin/channels/difference/{difference.pk}/change/", {"state": "gone"})
    difference.refresh_from_db()
    assert difference.state == DifferenceState.OPEN


def test_a_problem_of_another_kind_is_left_alone(store):
    raise_problem(store.company, "sku_missing", "A mug has no SKU.", integration=store)
    tell_problems(store)
    assert store.problems.filter(state="open").count() == 1
