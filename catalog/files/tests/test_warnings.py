"""Rows that are taken although something in them is odd: a barcode that tills and marketplaces do not know."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from catalog.files import services, work
from catalog.files.tests.files import csv_file, odd, take, take_in, wrong, xlsx_file
from catalog.models import Variant
from catalog.tests.test_pages import browser_of, text

pytestmark = pytest.mark.django_db
GOOD = "5012345678900"


@pytest.mark.parametrize(
    ("barcode", "sentence"),
    [
        ("123", "“123” has 3 digits; a barcode has 8, 12, 13 or 14."),
        ("7", "“7” has 1 digit; a barcode has 8, 12, 13 or 14."),
        ("5012345678901", "The last digit of 5012345678901 does not fit the others, which would end in 0."),
        ("5012345-678900", "“5012345-678900” is not a barcode that tills and marketplaces know"),
    ],
)
def test_an_odd_barcode_is_named_with_what_to_do_and_is_taken(kingsway, barcode, sentence):
    file = take(kingsway, csv_file("SKU,Name,Barcode", f"84029E,Hand warmer,{GOOD}", f"22423,Cakestand,{barcode}"))
    ((line, column, said),) = odd(file)
    assert (line, column, wrong(file)) == (3, "Barcode", [])
    assert said.startswith(sentence)
    assert "Compare it with the product" in file.issues.get().todo
    assert file.counts == {"create": 2, "issues": 0, "warnings": 1}
    services.apply(file)
    assert Variant.objects.get(sku="22423").barcode == barcode
    assert len(odd(file)) == 1


def test_good_barcodes_and_empty_cells_are_not_odd(kingsway):
    codes = ("96385074", "036000291452", GOOD, "10614141000415", "")
    file = take(kingsway, csv_file("SKU,Name,Barcode", *(f"S{n},Mug,{code}" for n, code in enumerate(codes))))
    assert (odd(file), file.counts) == ([], {"create": 5, "issues": 0})


def test_a_zero_that_a_spreadsheet_dropped_is_told_of(kingsway):
    file = take(kingsway, xlsx_file(["SKU", "Name", "Barcode"], ["22423", "Cakestand", 36000291452]))
    assert "has 11 digits" in odd(file)[0][2]
    assert "drops zeros at the beginning" in file.issues.get().todo


def test_a_refused_row_is_told_of_once(kingsway):
    file = take(kingsway, csv_file("SKU,Name,Barcode", "1.23E+11,Cakestand,123"))
    assert ([column for _, column, _ in wrong(file)], odd(file)) == (["SKU"], [])


def test_the_page_shows_them_before_and_after_the_file_is_applied_and_offers_them_as_a_file(kingsway):
    file = take(kingsway, csv_file("SKU,Name,Barcode", "84029E,Hand warmer,123", f"22423,Cakestand,{GOOD}"))
    browser = browser_of(kingsway)
    page = text(browser.get(file.get_absolute_url()))
    assert "To look at before you apply" in page
    assert '<a class="t12" href="#odd">1 to look at first</a>' in page
    assert "“123” has 3 digits" in page
    assert "Refused rows" not in page
    services.apply(file)
    assert "they are taken as they stand" in text(browser.get(file.get_absolute_url()))
    answer = browser.get(reverse("import-odd", args=[file.pk, "csv"]))
    head, row = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (head[-1], row[:2], row[-2]) == ("What is odd", ["84029E", "Hand warmer"], "2")
    assert row[-1].startswith("Barcode: “123” has 3 digits")


def test_the_download_of_refused_rows_leaves_them_out(kingsway):
    file = take(kingsway, csv_file("SKU,Name,Barcode", "84029E,Hand warmer,123", ",Cakestand,"))
    answer = browser_of(kingsway).get(reverse("import-refused", args=[file.pk, "csv"]))
    _, *rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert [row[1] for row in rows] == ["Cakestand"]


def test_very_many_are_all_counted_and_the_first_are_kept(kingsway, monkeypatch):
    monkeypatch.setattr(work, "MOST_ISSUES", 60)
    file = take_in(kingsway, csv_file("SKU,Name,Barcode", *(f"S{n},Mug,123" for n in range(70))))
    assert (file.counts["create"], file.counts["warnings"], len(odd(file))) == (70, 70, 60)
    assert "The first 50 of 70" in text(browser_of(kingsway).get(file.get_absolute_url()))


def test_programs_read_them_and_strangers_do_not(kingsway, acme, api):
    file = take(kingsway, csv_file("SKU,Name,Barcode", "84029E,Hand warmer,123"))
    path = f"/api/v1/imports/{file.pk}/"
    (said,) = api(kingsway, "products:read").get(f"{path}warnings/").json()
    assert (said["line"], said["column"], said["value"]) == (2, "Barcode", "123")
    assert api(kingsway, "products:read").get(f"{path}issues/").json() == []
    assert api(acme, "products:read").get(f"{path}warnings/").status_code == 404
    assert browser_of(acme).get(reverse("import-odd", args=[file.pk, "csv"])).status_code == 404
