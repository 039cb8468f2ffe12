"""A file that is wrong in more rows than are kept singly: the screen shows the first with the true number, the download has them all."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from catalog.files import services, work
from catalog.files.tests.files import csv_file, take
from catalog.models import ImportFile, ImportOverflow
from catalog.tests.test_api import Program
from catalog.tests.test_pages import browser_of, text

pytestmark = pytest.mark.django_db
ROWS, SINGLY = 2_500, 1_200


@pytest.fixture
def file(kingsway, monkeypatch):
    """2,500 stock rows, none with a figure; every fifth also without a SKU."""
    monkeypatch.setattr(work, "MOST_ISSUES", SINGLY)
    lines = [f"{'' if n % 5 == 0 else f'S{n}'},many" for n in range(ROWS)]
    return to_its_end(take(kingsway, csv_file("SKU,On hand", *lines), kind="stock"))


def to_its_end(file: ImportFile) -> ImportFile:
    """What did not fit into the first second is a worker's."""
    while file.is_moving:
        work.work(file.pk)
        file.refresh_from_db()
    return file


def download(file) -> list[list[str]]:
    answer = browser_of(file.company).get(reverse("import-refused", args=[file.pk, "csv"]))
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_download_has_every_refused_row_once_and_in_order(file):
    head, *rows = download(file)
    assert (head[-2:], len(rows)) == (["Row", "What is wrong"], ROWS)
    assert [int(row[-2]) for row in rows] == list(range(2, ROWS + 2))
    assert rows[-1][0] == f"S{ROWS - 1}"
    assert "SKU is empty" in rows[2_495][-1]
    assert "On hand" in rows[2_495][-1]


def test_the_screen_shows_the_first_and_says_how_many_there_are(file):
    page = text(browser_of(file.company).get(file.get_absolute_url()))
    assert "The first 50 of 3,000 faults in 2,500 rows" in page
    assert file.issues.count() == SINGLY
    assert sum(len(one.issues) for one in ImportOverflow.objects.all()) == 3_000 - SINGLY


def test_a_program_reads_them_all_page_by_page(file):
    program, found, after = Program(file.company, "products:read"), [], 0
    while page := program.get(f"imports/{file.pk}/issues/", after=after):
        found += page
        after = page[-1]["line"]
    assert len(found) == 3_000
    assert len({(one["line"], one["column"]) for one in found}) == 3_000


def test_checking_again_forgets_what_was_wrong_before(file):
    services.check(file)
    to_its_end(file)
    assert len(download(file)) == ROWS + 1
