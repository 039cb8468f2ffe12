"""The list machinery, shown on the list of recorded actions."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.companies.models import AuditEvent, Company, Membership, SavedView, User
from portal.companies.permissions import Role
from portal.ui.lists.paging import Cursor

pytestmark = pytest.mark.django_db
# Session, person, where they are logged in (6), scope, rows, count, saved views, problems and banners of the frame.
QUERIES = 14
START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def member(name: str, *, role: str = Role.OWNER) -> User:
    company = Company.objects.create(name=name)
    user = User.objects.create_user(f"{name.lower()}@example.com", "correct-horse-battery")
    Membership.objects.create(company=company, user=user, role=role)
    return user


def record(user: User, how_many: int, *, word: str = "Changed", kind: str = "person", start: datetime = START) -> None:
    company = user.memberships.get().company
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                company=company,
                user=user,
                action="note",
                actor_kind=kind,
                sentence=f"{word} {i:06}",
                at=start + timedelta(seconds=i // 3),
            )
            for i in range(how_many)
        ),
        batch_size=5_000,
    )


@pytest.fixture
def kingsway(client) -> User:
    user = member("Kingsway")
    client.force_login(user)
    return user


def sentences(response) -> list[str]:
    return [line.row.sentence for line in response.context["lines"]]


def activity(client, **query):
    return client.get(reverse("activity"), query)


def test_paging_walks_every_row_once_and_back_again(client, kingsway):
    record(kingsway, 130)
    seen, page = [], activity(client)
    while True:
        seen.append(sentences(page))
        older = page.context["view"].page.older
        if not older:
            break
        page = activity(client, at=older)
    assert [len(rows) for rows in seen] == [50, 50, 30]
    assert [row for rows in seen for row in rows] == [f"Changed {i:06}" for i in reversed(range(130))]
    back = activity(client, at=page.context["view"].page.newer)
    assert sentences(back) == seen[1]
    assert (back.context["view"].page.first, back.context["view"].page.last) == (51, 100)


def test_a_row_written_meanwhile_moves_no_page(client, kingsway):
    record(kingsway, 60)
    older = activity(client).context["view"].page.older
    record(kingsway, 5, word="Later", start=START + timedelta(days=1))
    assert sentences(activity(client, at=older)) == [f"Changed {i:06}" for i in reversed(range(10))]


def test_page_1000_of_100000_rows_costs_what_page_1_costs(client, kingsway, django_assert_max_num_queries):
    record(kingsway, 100_000)
    rows = AuditEvent.objects.order_by("-at", "-pk")
    edge = rows[49_949]
    with django_assert_max_num_queries(QUERIES):
        first = activity(client)
    with django_assert_max_num_queries(QUERIES):
        deep = activity(client, at=Cursor(edge.at, edge.pk, 49_950).text())
    assert sentences(deep) == [row.sentence for row in rows[49_950:50_000]]
    assert str(first.context["view"].total) == str(deep.context["view"].total) == "10,000+"
    assert (deep.context["view"].page.first, deep.context["view"].page.last) == (49_951, 50_000)


def test_a_stranger_sees_nothing(client, kingsway):
    record(kingsway, 3)
    client.force_login(member("Stranger"))
    page = activity(client)
    assert sentences(page) == []
    assert b"Nothing recorded yet" in page.content


def test_search_and_filter_narrow_the_list_and_stand_in_the_address(client, kingsway):
    record(kingsway, 3)
    record(kingsway, 2, word="Sent", kind="job")
    page = activity(client, q="sent", by="job")
    assert sentences(page) == ["Sent 000001", "Sent 000000"]
    assert "by=job" in page.context["view"].export_csv


def test_a_list_without_hits_repeats_the_search_and_offers_to_clear_it(client, kingsway):
    record(kingsway, 1)
    assert "Nothing matches “8512A”" in activity(client, q="8512A").content.decode()


def test_an_unknown_value_of_a_filter_or_cursor_is_no_error(client, kingsway):
    record(kingsway, 2)
    assert len(sentences(activity(client, by="nonsense", at="forged", sort="-nothing", cols="none"))) == 2


def test_csv_export_holds_exactly_what_is_filtered(client, kingsway):
    record(kingsway, 120)
    record(kingsway, 3, word="Sent", kind="job")
    answer = activity(client, by="job", export="csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0][:2] == ["When", "What"]
    assert [line[1] for line in lines[1:]] == ["Sent 000002", "Sent 000001", "Sent 000000"]


def test_text_that_would_run_as_a_formula_is_exported_as_text(client, kingsway):
    record(kingsway, 1, word='=HYPERLINK("http://evil")')
    answer = activity(client, export="csv")
    assert "'=HYPERLINK" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "＝"])
def test_every_sign_that_begins_a_formula_is_made_harmless(client, kingsway, sign):
    record(kingsway, 1, word=f"{sign}1+1")
    answer = activity(client, export="csv")
    assert f"'{sign}1+1" in b"".join(answer.streaming_content).decode()


def test_control_characters_do_not_break_a_workbook(client, kingsway):
    record(kingsway, 1, word="Bell\x07 rung")
    answer = activity(client, export="xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.cell(2, 2).value.startswith("Bell rung")


def test_xlsx_export_equals_the_csv_export(client, kingsway):
    record(kingsway, 4)
    answer = activity(client, export="xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["What", "Changed 000003", "Changed 000002", "Changed 000001", "Changed 000000"]


def test_a_saved_view_keeps_filters_and_columns_for_its_owner_only(client, kingsway):
    client.post(f"{reverse('activity')}?by=job&cols=at", {"action": "save-view", "name": "Jobs"})
    view = SavedView.objects.get()
    assert (view.query, view.user, view.columns) == ("by=job", kingsway, ["at"])
    colleague = User.objects.create_user("colleague@example.com", "x")
    Membership.objects.create(company=view.company, user=colleague, role=Role.OWNER)
    client.force_login(colleague)
    assert list(activity(client).context["saved_views"]) == []


def test_chosen_columns_are_remembered_in_the_session(client, kingsway):
    record(kingsway, 1)
    activity(client, cols=["at", "reason"])
    assert [column.key for column in activity(client).context["view"].shown_columns] == ["at", "reason"]


def test_an_htmx_request_for_the_list_gets_only_the_list(client, kingsway):
    record(kingsway, 1)
    answer = client.get(reverse("activity"), headers={"HX-Request": "true", "HX-Target": "list"})
    assert answer.content.decode().lstrip().startswith('<section class="list"')
    assert b"<html" not in answer.content


def test_anonymous_readers_are_sent_to_the_login(client):
    assert activity(client).url.startswith(reverse("account_login"))
