"""Bulk actions, tabs and columns of a list, on a list made for the test."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q, QuerySet
from django.urls import include, path

from portal.companies.models import AuditEvent
from portal.companies.permissions import Can, Role
from portal.lib.errors import DomainError
from portal.ui import looks
from portal.ui.lists import BulkAction, Column, FlagFilter, ListView, Tab
from portal.ui.lists.paging import Cursor, Order, read_page
from portal.ui.tests.test_lists import kingsway, member, record, sentences  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def mark(view: Any, rows: QuerySet) -> str:
    return f"{rows.update(reason='marked')} notes were marked."


def refuse(view: Any, rows: QuerySet) -> str:
    raise DomainError("Two of them are shipped already. Nothing was changed.")


class NoteList(ListView):
    name, title, model, order = "notes", "Notes", AuditEvent, "pk"
    columns = (
        Column("sentence", "Note", link=lambda row: f"/notes/{row.pk}/", place="1l", sort="sentence"),
        Column("actor_kind", "By", kind="state", looks={"job": looks.HELD.named("")}, place="1r"),
        Column("user", "Who", value="user.name", kind="code", shown=False),
    )
    search = ("sentence",)
    tabs = (
        Tab("all", "All"),
        Tab("jobs", "Jobs", Q(actor_kind="job"), tone="bad"),
        Tab("quiet", "Quiet", Q(pk=0), counted=False),
    )
    filters = (FlagFilter("marked", "Marked", Q(reason="marked")),)
    actions = (
        BulkAction("mark", "Mark", run=mark, permission=Can.ORDERS, consequence="They are marked."),
        BulkAction("refuse", "Refuse", run=refuse, permission=Can.ORDERS),
    )


urlpatterns = [path("notes/", NoteList.as_view(), name="notes"), path("", include("portal.urls"))]


def marked() -> list[str]:
    return list(AuditEvent.objects.filter(reason="marked").order_by("pk").values_list("sentence", flat=True))


def test_an_action_reaches_the_chosen_rows_only(client, kingsway):  # noqa: F811
    record(kingsway, 3)
    chosen = AuditEvent.objects.order_by("pk")[:2]
    answer = client.post("/notes/", {"action": "mark", "row": [row.pk for row in chosen]}, follow=True)
    assert marked() == ["Changed 000000", "Changed 000001"]
    assert "2 notes were marked." in answer.content.decode()


def test_an_action_on_all_takes_the_whole_filtered_list(client, kingsway):  # noqa: F811
    record(kingsway, 60)
    record(kingsway, 2, word="Sent", kind="job")
    client.post("/notes/?q=sent", {"action": "mark", "all": "1"})
    assert marked() == ["Sent 000000", "Sent 000001"]


def test_an_action_never_reaches_rows_of_another_company(client, kingsway):  # noqa: F811
    stranger = member("Stranger")
    record(stranger, 1)
    client.post("/notes/", {"action": "mark", "row": [AuditEvent.objects.get().pk, "1 OR 1=1"]})
    assert marked() == []


def test_a_role_that_may_not_act_sees_no_button_and_is_refused(client):
    viewer = member("Kingsway", role=Role.VIEWER)
    record(viewer, 1)
    client.force_login(viewer)
    assert "Mark" not in client.get("/notes/").content.decode().replace("Marked", "")
    assert client.post("/notes/", {"action": "mark", "all": "1"}).status_code == 403
    assert marked() == []


def test_a_rule_that_says_no_is_told_in_its_sentence(client, kingsway):  # noqa: F811
    record(kingsway, 1)
    answer = client.post("/notes/", {"action": "refuse", "all": "1"}, follow=True)
    assert "Two of them are shipped already. Nothing was changed." in answer.content.decode()


def test_tabs_count_under_the_present_search(client, kingsway):  # noqa: F811
    record(kingsway, 3)
    record(kingsway, 2, word="Sent", kind="job")
    tabs = client.get("/notes/", {"q": "sent"}).context["shown_tabs"]
    assert [(tab.tab.key, str(tab.count)) for tab in tabs] == [("all", "2"), ("jobs", "2"), ("quiet", "None")]


def test_a_tab_is_part_of_the_address_and_narrows_the_list(client, kingsway):  # noqa: F811
    record(kingsway, 3)
    record(kingsway, 2, word="Sent", kind="job")
    assert sentences(client.get("/notes/", {"tab": "jobs"})) == ["Sent 000000", "Sent 000001"]


def test_sorting_turns_round_and_pages_in_the_same_order(client, kingsway):  # noqa: F811
    record(kingsway, 70)
    first = client.get("/notes/", {"sort": "-sentence"})
    second = client.get("/notes/", {"sort": "-sentence", "at": first.context["view"].page.older})
    assert (sentences(first) + sentences(second)) == [f"Changed {i:06}" for i in reversed(range(70))]
    assert first.context["heads"][0].url.endswith("sort=sentence")


def test_rows_without_a_value_stand_last_and_are_paged_too(client, kingsway):  # noqa: F811
    record(kingsway, 9)
    AuditEvent.objects.filter(pk__in=AuditEvent.objects.values("pk")[:4]).update(company=None)
    rows, order = AuditEvent.objects.all(), Order("company_id", descending=True)
    seen, cursor = [], None
    while True:
        page = read_page(rows, order, cursor=cursor, size=2)
        seen += [row.company_id for row in page.rows]
        if not page.older:
            break
        cursor = Cursor.parse(page.older, rows)
    assert seen == [kingsway.memberships.get().company_id] * 5 + [None] * 4
    back = read_page(rows, order, cursor=Cursor.parse(page.newer, rows), size=2)
    assert [row.company_id for row in back.rows] == [None, None]


def test_a_flag_filter_shows_only_what_it_names(client, kingsway):  # noqa: F811
    record(kingsway, 2)
    AuditEvent.objects.filter(sentence="Changed 000001").update(reason="marked")
    assert sentences(client.get("/notes/", {"marked": "1"})) == ["Changed 000001"]


def test_a_missing_value_is_a_dash(client, kingsway):  # noqa: F811
    record(kingsway, 1)
    page = client.get("/notes/", {"cols": ["user"]}).content.decode()
    assert '<span class="none">–</span>' in page
