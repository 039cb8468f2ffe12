"""Page 10,000 costs what page 1 costs."""

from __future__ import annotations

import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.companies.models import Partnership
from portal.companies.tests.factories import CompanyFactory

PARTNERS = "/api/v1/partners/"


@pytest.fixture
def many(kingsway):
    """Thirty partnerships of Kingsway, newest last."""
    others = [CompanyFactory() for _ in range(30)]
    Partnership.objects.bulk_create(
        Partnership(supplier=kingsway, retailer=other, inviter=kingsway, state="accepted") for other in others
    )


def test_following_next_walks_every_row_once(api, kingsway, many):
    client, seen = api(kingsway, "partners:read"), []
    page = client.get(PARTNERS, {"page_size": 7}).json()
    while True:
        seen += [row["id"] for row in page["results"]]
        if not page["next"]:
            break
        page = client.get(page["next"]).json()
    assert seen == sorted(Partnership.objects.values_list("pk", flat=True), reverse=True)


def test_a_late_page_reads_by_position_without_offset_or_count(api, kingsway, many):
    client = api(kingsway, "partners:read")
    client.get(PARTNERS)
    late = base64.b64encode(f"p={Partnership.objects.latest('pk').pk - 20}".encode()).decode()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = client.get(PARTNERS, {"cursor": late, "page_size": 5}).json()["results"]
    assert len(rows) == 5
    assert len(queries) == 2
    assert not any(word in queries[-1]["sql"] for word in ("OFFSET", "COUNT"))


@pytest.mark.parametrize(
    "cursor", ["nonsense", base64.b64encode(b"p=abc").decode(), base64.b64encode(b"p=9" * 30).decode()]
)
def test_a_cursor_that_is_not_ours_gets_a_sentence(api, kingsway, many, cursor):
    answer = api(kingsway, "partners:read").get(PARTNERS, {"cursor": cursor})
    assert answer.status_code == 404
    assert "not one of ours" in answer.json()["detail"]


def test_a_page_has_500_rows_at_most(api, kingsway, many):
    assert len(api(kingsway, "partners:read").get(PARTNERS, {"page_size": "100000"}).json()["results"]) == 30
    assert len(api(kingsway, "partners:read").get(PARTNERS, {"page_size": "-1"}).json()["results"]) == 30
