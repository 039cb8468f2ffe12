"""Staff see what is stuck at all companies grouped by cause, find it by cause, owner and age, and care for it with a reason that the company can read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from channels.admin_care import give_cause
from channels.models import Problem, ProblemComment, Replay
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.companies.models import AuditEvent, Company, User
from portal.lib import clock
from portal.lib.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ops@example.com", "a-long-quiet-password"))
    return client


@pytest.fixture
def stuck(kingsway, acme) -> None:
    """Acme: three unmatched orders worth £30.00 and a product refused. Kingsway: the same SKU cause, and a mistake of ours for two days."""
    store = make_integration(acme, name="Acme shop")
    for number in range(3):
        stick(acme, "no_such_sku", "no_such_sku:ABC", number, value=Decimal(10), currency="GBP")
    raise_problem(acme, "already_there", "Mug: taken.", integration=store)
    stick(kingsway, "no_such_sku", "no_such_sku:ABC", 9, value=Decimal(5), currency="EUR")
    old = raise_problem(kingsway, "our_mistake", "Pull failed.", integration=make_integration(kingsway))
    Problem.objects.filter(pk=old.pk).update(first_seen_at=clock.now() - timedelta(days=2))


def stick(company: Company, code: str, key: str, number: int, **more) -> None:
    row = raise_problem(company, code, f"Order {number}: SKU ABC is not known.", cause_key=key, **more)
    Problem.objects.filter(pk=row.pk).update(record_type="order", record_id=number + 1, record_name=f"Order {number}")


def page(client: Client, **asked: str) -> str:
    answer = client.get(reverse("admin:channels_problem_causes"), asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def titles(client: Client, **asked: str) -> set[tuple[str, str]]:
    answer = client.get(reverse("admin:channels_problem_causes"), asked)
    return {(group.newest.company.name, group.title) for group in answer.context["page"].groups}


def act(client: Client, name: str, *rows: Problem, reason: str = "the owner called us") -> str:
    body = {"action": name, "_selected_action": [row.pk for row in rows], "confirmed": "1", "reason": reason}
    return client.post(reverse("admin:channels_problem_changelist"), body, follow=True).content.decode()


def test_each_cause_of_each_company_is_one_row_with_its_name_number_and_money(staff, stuck, acme, kingsway):
    assert titles(staff) == {
        (acme.name, "3 orders: a SKU is not among the listings"),
        (acme.name, "Mug: taken."),
        (kingsway.name, "Order 9: SKU ABC is not known."),
        (kingsway.name, "Pull failed."),
    }
    text = page(staff)
    assert "6 stuck at 2 companies" in text
    assert "£30.00" in text
    assert "€5.00" in text
    assert 'A SKU is not among the listings <b class="tn">4</b> <span class="t3">at 2</span>' in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"cause": "no_such_sku"}, {"3 orders: a SKU is not among the listings", "Order 9: SKU ABC is not known."}),
        ({"owner": "staff"}, {"Pull failed."}),
        ({"owner": "retailer", "q": "Acme"}, {"3 orders: a SKU is not among the listings", "Mug: taken."}),
        ({"age": "day"}, {"Pull failed."}),
        ({"age": "week"}, set()),
        ({"q": "Acme shop"}, {"Mug: taken."}),
        ({"owner": "nonsense", "age": "nonsense", "q": "Mug"}, {"Mug: taken."}),
    ],
)
def test_they_are_found_by_cause_owner_age_and_words(staff, stuck, asked, found):
    assert {title for _, title in titles(staff, **asked)} == found


def test_staff_snooze_a_whole_cause_with_a_reason_and_the_company_reads_who_and_why(staff, stuck, acme):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    act(staff, "snooze_cause_7", newest)
    assert Problem.objects.snoozed().filter(company=acme).count() == 3
    assert (acme.name, "3 orders: a SKU is not among the listings") in titles(staff, tab="snoozed")
    events = AuditEvent.objects.filter(company=acme)
    assert events.get(action="staff.snooze_cause_7").reason == "the owner called us"
    assert events.get(action="problem.snoozed").actor_kind == "staff"
    act(staff, "wake_cause", newest)
    assert not Problem.objects.snoozed().exists()


def test_staff_ignore_a_cause_with_the_reason_and_take_it_up_again(staff, stuck, acme, kingsway):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    act(staff, "ignore_cause", newest, reason="agreed by phone")
    assert set(Problem.objects.filter(state="ignored").values_list("company", "resolution")) == {
        (acme.pk, "agreed by phone")
    }
    assert "It is not open any more." in act(staff, "ignore_cause", newest)
    act(staff, "open_cause_again", newest)
    assert Problem.objects.filter(company=acme, code="no_such_sku", state="open").count() == 3


def test_staff_write_a_comment_that_the_company_reads(staff, stuck, acme, login):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    act(staff, "comment_cause", newest, reason="The supplier renames it today.")
    assert ProblemComment.objects.get().author_name == "Tradelane staff"
    seen = login(acme).get(reverse("problem", args=[newest.pk])).content.decode()
    assert "The supplier renames it today." in seen


def test_trying_a_whole_cause_again_is_written_down_as_one_replay(staff, stuck, acme, monkeypatch):
    monkeypatch.setattr("channels.dispatch.async_task", lambda *args, **more: None)
    act(staff, "try_cause", Problem.objects.filter(company=acme, code="no_such_sku").latest("pk"))
    assert Replay.objects.get(company=acme).items.count() == 3


def test_without_a_reason_nothing_is_done(staff, stuck, acme):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    act(staff, "snooze_cause_7", newest, reason="")
    assert not Problem.objects.snoozed().exists()


def test_who_may_only_look_is_offered_nothing_and_who_may_not_look_gets_nothing(stuck):
    looker = User.objects.create_user("look@example.com", "a-long-quiet-password", is_staff=True)
    client = Client()
    client.force_login(looker)
    assert client.get(reverse("admin:channels_problem_causes")).status_code == 403
    looker.user_permissions.add(Permission.objects.get(codename="view_problem"))
    assert "With the chosen causes" not in page(client)


def test_a_person_of_a_company_does_not_get_there(login, acme, stuck):
    assert login(acme).get(reverse("admin:channels_problem_causes")).status_code == 302


def test_the_page_takes_a_bounded_number_of_queries(staff, stuck, kingsway, django_assert_max_num_queries):
    page(staff)
    for number in range(40):
        raise_problem(kingsway, "our_mistake", "Pull failed.", cause_key=f"our_mistake:{number}")
    with django_assert_max_num_queries(14):
        page(staff)


def test_older_causes_are_on_the_next_page(staff, kingsway):
    for number in range(60):
        raise_problem(kingsway, "our_mistake", f"Pull {number} failed.", cause_key=f"our_mistake:{number}")
    first = staff.get(reverse("admin:channels_problem_causes")).context["page"]
    rest = staff.get(reverse("admin:channels_problem_causes"), {"before": first.older}).context["page"]
    assert (len(first.groups), len(rest.groups), rest.older) == (50, 10, "")


# --- who of the staff sees to it --------------------------------------------------------------------------------------


@pytest.fixture
def sam() -> User:
    """One of the staff who may work on problems, without being a superuser."""
    user = User.objects.create_user("sam@example.com", "a-long-quiet-password", name="Sam Reeve", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=("view_problem", "change_problem")))
    return user


def give(client: Client, to: User | None, *rows: Problem, **more: str) -> str:
    return act(client, f"give_cause_{to.pk if to else 'back'}", *rows, **more)


def holders(company: Company) -> set[str | None]:
    rows = Problem.objects.filter(company=company, code="no_such_sku")
    return set(rows.values_list("staff_assigned_to__email", flat=True))


def test_staff_give_a_whole_cause_to_one_of_theirs_with_a_reason_and_later_records_follow(
    staff, stuck, sam, acme, kingsway
):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    assert "Whole cause: give to Sam Reeve: done for 1." in give(staff, sam, newest)
    stick(acme, "no_such_sku", "no_such_sku:ABC", 5)
    assert (holders(acme), holders(kingsway)) == ({"sam@example.com"}, {None})
    assert "with Sam Reeve of staff" in page(staff)
    events = AuditEvent.objects.filter(company=acme)
    assert events.get(action=f"staff.give_cause_{sam.pk}").reason == "the owner called us"
    told = events.get(action="problem.assigned")
    assert (told.actor_kind, told.sentence[:19]) == ("staff", "Gave 3 to Sam Reeve")


def test_it_is_given_back_to_nobody(staff, stuck, sam, acme):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    give(staff, sam, newest)
    give(staff, None, newest)
    assert holders(acme) == {None}


def test_they_find_what_is_with_them_with_staff_and_with_nobody(staff, stuck, sam, acme):
    give(staff, sam, Problem.objects.filter(company=acme, code="no_such_sku").latest("pk"))
    mine, theirs = Client(), {(acme.name, "3 orders: a SKU is not among the listings")}
    mine.force_login(sam)
    assert titles(mine, **{"with": "me"}) == titles(staff, **{"with": "staff"}) == theirs
    assert titles(staff, **{"with": "me"}) == set()
    assert len(titles(staff, **{"with": "nobody"})) == 3
    assert len(titles(staff, **{"with": "nonsense"})) == 4


def test_it_is_offered_for_who_of_the_staff_may_work_on_problems_oneself_first(staff, stuck, sam, member, acme):
    User.objects.create_user("look@example.com", "a-long-quiet-password", name="Only Looks", is_staff=True)
    User.objects.filter(pk=sam.pk).update(name="A. Reeve")
    User.objects.create_user("gone@example.com", "x-long-quiet", is_staff=True, is_superuser=True, is_active=False)
    member(acme)
    answer = staff.get(reverse("admin:channels_problem_causes"))
    assert [label for _, label in answer.context["gives"]] == [
        "Whole cause: give to ops@example.com (you)",
        "Whole cause: give to A. Reeve",
        "Whole cause: give to nobody",
    ]


def test_nobody_outside_the_staff_can_be_given_it_and_nothing_is_done_without_a_reason(staff, stuck, sam, acme, member):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    colleague = member(acme)
    give(staff, colleague, newest)
    give(staff, sam, newest, reason="")
    assert holders(acme) == {None}
    with pytest.raises(DomainError, match="staff"):
        give_cause(newest, sam, to=colleague)


def test_what_is_over_is_given_to_nobody_new(staff, stuck, sam, acme):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    act(staff, "ignore_cause", newest)
    assert "It is not open any more." in give(staff, sam, newest)
    assert holders(acme) == {None}


def test_who_may_only_look_and_a_stranger_can_give_it_to_nobody(stuck, sam, acme, login, stranger):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    looker = User.objects.create_user("look@example.com", "a-long-quiet-password", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_problem"))
    client = Client()
    client.force_login(looker)
    give(client, sam, newest)
    body = {"action": f"give_cause_{sam.pk}", "_selected_action": [newest.pk], "confirmed": "1", "reason": "because"}
    for outsider in (login(acme), login(stranger), Client()):
        assert outsider.post(reverse("admin:channels_problem_changelist"), body).status_code == 302
    assert holders(acme) == {None}


@pytest.fixture
def hannah(acme, member) -> User:
    """A colleague at Acme, who has the cause."""
    colleague = member(acme, "operations")
    User.objects.filter(pk=colleague.pk).update(name="Hannah Reed")
    Problem.objects.filter(company=acme, code="no_such_sku").update(assigned_to=colleague)
    return colleague


def test_who_of_the_company_has_a_cause_keeps_it_when_staff_give_it_to_one_of_theirs(
    staff, stuck, sam, acme, hannah, login
):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    give(staff, sam, newest)
    mine = login(acme, user=hannah).get(reverse("problems"), {"mine": "1"}).content.decode()
    assert "3 orders" in mine
    assert 'title="With Hannah Reed"' in mine
    assert 'title="With Sam Reeve of Tradelane"' in mine
    inside = login(acme).get(reverse("problem", args=[newest.pk])).content.decode()
    assert "With Hannah Reed" in inside
    assert "It is with Sam Reeve of Tradelane, beside Hannah Reed." in inside
    assert "with Hannah Reed of the company and Sam Reeve of staff" in page(staff)
    cause = staff.get(reverse("admin:channels_problem_cause", args=[newest.pk])).content.decode()
    assert "with Hannah Reed of the company · with Sam Reeve of staff" in " ".join(cause.split())
    rows = staff.get(reverse("admin:channels_problem_changelist")).content.decode()
    assert "Hannah Reed" in rows
    assert "Sam Reeve" in rows


def test_a_record_that_meets_the_cause_later_is_with_both(staff, stuck, sam, acme, hannah):
    give(staff, sam, Problem.objects.filter(company=acme, code="no_such_sku").latest("pk"))
    stick(acme, "no_such_sku", "no_such_sku:ABC", 5)
    joined = Problem.objects.get(company=acme, record_name="Order 5")
    assert (joined.assigned_to, joined.staff_assigned_to) == (hannah, sam)


def test_neither_side_takes_a_cause_from_the_other(staff, stuck, sam, acme, hannah, login):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    give(staff, sam, newest)
    answer = login(acme).post(reverse("problem-assign", args=[newest.pk]), {"person": ""}, follow=True)
    assert "None of you has it now. It is still with Sam Reeve of Tradelane." in answer.content.decode()
    newest.refresh_from_db()
    assert (newest.assigned_to, newest.staff_assigned_to) == (None, sam)
    login(acme).post(reverse("problem-assign", args=[newest.pk]), {"person": hannah.pk})
    give(staff, None, newest)
    newest.refresh_from_db()
    assert (newest.assigned_to, newest.staff_assigned_to) == (hannah, None)


def test_the_page_for_who_may_only_look_says_who_of_staff_has_it(staff, stuck, sam, acme, member, login):
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    give(staff, sam, newest)
    looker = login(acme, user=member(acme, "viewer"))
    assert "It is with Sam Reeve of Tradelane." in looker.get(reverse("problem", args=[newest.pk])).content.decode()


def test_programs_and_pages_of_the_company_read_no_address_of_staff(staff, stuck, sam, acme, hannah, login, api):
    User.objects.filter(pk=sam.pk).update(name="")
    newest = Problem.objects.filter(company=acme, code="no_such_sku").latest("pk")
    give(staff, sam, newest)
    owner, program = login(acme), api(acme, "problems:write")
    pages = owner.get(reverse("problem", args=[newest.pk])).content + owner.get(reverse("problems")).content
    assert "It is with Tradelane’s staff, beside Hannah Reed." in pages.decode()
    path = f"/api/v1/problems/{newest.pk}/"
    row = program.get(path).json()
    assert (row["assigned_to"], row["with_staff"]) == (hannah.email, True)
    left = program.post(f"{path}assign/", {"person": None}, format="json").json()
    assert (left["assigned_to"], left["with_staff"]) == (None, True)
    assert "sam@example.com" not in pages.decode() + program.get("/api/v1/problems/").content.decode()


def test_what_staff_had_in_the_companys_field_moves_to_their_own(stuck, sam, acme, hannah):
    """As it stood before there were two fields."""
    mug = Problem.objects.filter(company=acme, code="already_there")
    mug.update(assigned_to=sam)
    migration = import_module("channels.migrations.0007_staff_to_their_own_field")
    migration.move(apps, None)
    migration.move(apps, None)
    assert mug.values_list("assigned_to", "staff_assigned_to").get() == (None, sam.pk)
    orders = Problem.objects.filter(company=acme, code="no_such_sku")
    assert set(orders.values_list("assigned_to", "staff_assigned_to")) == {(hannah.pk, None)}
    migration.back(apps, None)
    assert mug.values_list("assigned_to", "staff_assigned_to").get() == (sam.pk, None)
