"""Files as they really arrive: encodings, separators, notations, lies."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.files import services, workbook
from catalog.files.encoding import guess_delimiter, guess_encoding
from catalog.files.kinds import PRICES, PRODUCTS, STOCK
from catalog.files.matching import find_head, match_columns
from catalog.files.services import Upload
from catalog.files.tables import inspect, read_rows
from catalog.files.tests.files import csv_file, take, take_in, wrong, xlsx_file
from catalog.files.values import BadCell, guess_decimal, is_damaged, read_amount, read_number
from catalog.models import ColumnMemory, Variant
from catalog.tests.factories import VariantFactory
from portal.lib.cells import guarded, unguarded
from portal.lib.errors import DomainError

TEXT = "SKU;Name;Retail price\n22423;Crème brûlée set;12,75\n84029E;Wärmflasche;3,10\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (TEXT.encode(), "utf-8-sig"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.replace("ä", "\x81").encode("latin-1"), "latin-1"),
    ],
)
def test_the_encoding_is_guessed_from_the_bytes(content, name):
    assert guess_encoding(content) == name
    rows = [row for _, row in read_rows(content, inspect(content))]
    assert rows[1][:1] == ["22423"]
    assert rows[1][1] == "Crème brûlée set"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_guessed(mark):
    assert guess_delimiter(f"SKU{mark}Name\n1{mark}A, B; C\n2{mark}D\n") == mark


def test_excels_own_line_about_the_separator_is_no_row():
    content = b"sep=;\r\nSKU;Name\r\n1;A\r\n"
    assert [row for _, row in read_rows(content, inspect(content))] == [["SKU", "Name"], ["1", "A"]]


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("12.75", ".", "12.75"),
        ("£1,234.50", ".", "1234.50"),
        ("1.234,50 €", ",", "1234.50"),
        ("12,5", ",", "12.5"),
        ("1 234,50", ",", "1234.50"),
        ("GBP 7", ".", "7"),
        ("7USD", ".", "7"),
        (".5", ".", "0.5"),
        (Decimal("12.5"), ",", "12.5"),
    ],
)
def test_amounts_in_the_notations_of_shops(text, decimal, amount):
    assert read_amount(text, decimal=decimal) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("12,75", "."), ("1.234.5", "."), ("1,23,456", "."), ("--5", "."), ("1e5", "."), ("", "."), ("12.75", ",")],
)
def test_what_is_no_amount_in_this_notation_is_refused(text, decimal):
    with pytest.raises(BadCell):
        read_amount(text, decimal=decimal)


@given(st.decimals(min_value=0, max_value=10**8, places=2))
def test_an_amount_reads_the_same_in_both_notations(amount):
    text = f"{amount:,.2f}"
    assert read_number(text, decimal=".") == amount
    assert read_number(text.translate(str.maketrans(",.", ".,")), decimal=",") == amount


def test_the_decimal_mark_is_guessed_from_the_amounts():
    assert guess_decimal(["12,75", "3,10", "5"]) == ","
    assert guess_decimal(["1,234.50", "3.10"]) == "."


@pytest.mark.parametrize(
    ("sku", "damaged"),
    [
        ("1.23E+11", True),
        ("5E+12", True),
        ("1,23E+11", True),
        ("84029E", False),
        ("12E4", False),
        ("22423", False),
        ("E+5", False),
    ],
)
def test_a_long_number_in_short_form_is_a_damaged_sku(sku, damaged):
    assert is_damaged(sku) is damaged


def test_columns_are_guessed_from_their_headers():
    found = match_columns(PRODUCTS, ["Handle", "Title", "Variant SKU", "Variant Price", "Vendor", "Colour", "Whatever"])
    assert found.columns == {"group": 0, "name": 1, "sku": 2, "price": 3, "brand": 4, "option1": 5}
    assert match_columns(STOCK, ["Artikelnummer", "Bestand"]).columns == {"sku": 0, "on_hand": 1}
    assert match_columns(PRICES, ["Item No.", "Trade price (GBP)", "Trade prise"]).columns == {"sku": 0, "amount": 1}


@given(st.lists(st.text(max_size=20), max_size=12))
def test_no_column_and_no_field_is_used_twice(headers):
    places = list(match_columns(PRODUCTS, headers).columns.values())
    assert len(set(places)) == len(places)


def test_the_head_is_found_below_a_title():
    assert find_head(PRODUCTS, [["Our price list 2026", ""], ["", ""], ["SKU", "Name"], ["1", "A"]]) == 2


def test_what_was_chosen_once_is_remembered(kingsway):
    upload = csv_file("Ref A,Bezeichner,Euros", "22423,Cakestand,5")
    file = services.receive(kingsway, upload, kind="products")
    assert "sku" not in file.columns
    services.set_columns(file, {"sku": 0, "name": 1, "price": 2})
    assert services.receive(kingsway, upload, kind="products").columns == {"sku": 0, "name": 1, "price": 2}
    assert ColumnMemory.objects.get().company == kingsway


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"name": 1}, "Choose the column for SKU"),
        ({"sku": 0, "name": 0}, "chosen for two fields"),
        ({"sku": 9}, "Choose a column of this file"),
        ({"nope": 0}, "Choose a column"),
    ],
)
def test_columns_that_cannot_be_are_refused(kingsway, columns, sentence):
    file = services.receive(kingsway, csv_file("SKU,Name", "1,A"), kind="products")
    with pytest.raises(DomainError, match=sentence):
        services.set_columns(file, columns)


def test_another_encoding_can_be_chosen(kingsway):
    file = services.receive(kingsway, Upload("a.csv", "SKU,Name\n1,Crème\n".encode("cp1252")), kind="products")
    services.read_again(file, encoding="latin-1", delimiter=";")
    assert (file.encoding, file.delimiter, file.headers) == ("latin-1", ";", ["SKU,Name"])
    with pytest.raises(DomainError, match="not written in UTF-8"):
        services.read_again(file, encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "This file is empty"),
        (b"\xd0\xcf\x11\xe0 old", "older Excel format"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04 not really", "cannot be read"),
        (b"SKU,Name\n1,a\x00\x00\x01b\n", "not a table of text"),
        (b",,,\n,,,\n", "no row with anything in it"),
        (b"x" * 20_000_001, "20 MB are the most"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(kingsway, content, sentence):
    with pytest.raises(DomainError, match=sentence):
        services.receive(kingsway, Upload("a", content), kind="products")


def test_a_head_without_rows_says_so(kingsway):
    file = take(kingsway, csv_file("SKU,Name"))
    assert (file.state, file.failure) == (
        "failed",
        "There is no row below the head. Add one product a row, then upload the file again.",
    )


def test_an_open_quotation_mark_names_its_row(kingsway):
    with pytest.raises(DomainError, match="quotation mark"):
        services.receive(kingsway, csv_file("SKU,Name", '1,"' + "x" * 200_000), kind="products")


def test_wrong_columns_ask_for_the_right_one(kingsway):
    file = services.receive(kingsway, csv_file("Dog,Cat", "1,2"), kind="stock")
    with pytest.raises(DomainError, match="Choose the column for SKU and On hand"):
        services.check(file)


def with_sheet_xml(upload: Upload, change) -> Upload:
    """The workbook with its sheet's XML rewritten by hand."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(upload.content)) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        for entry in packed.namelist():
            data = packed.read(entry)
            again.writestr(entry, change(data.decode()) if entry == "xl/worksheets/sheet1.xml" else data)
    return Upload(upload.name, out.getvalue())


def test_a_sheet_that_claims_a_billion_rows_is_read_for_what_it_holds(kingsway):
    honest = xlsx_file(["SKU", "Name"], ["22423", "Cakestand"])
    lying = with_sheet_xml(
        honest, lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1000000000"', xml)
    )
    assert take_in(kingsway, lying).counts["create"] == 1


def test_a_row_numbered_a_billion_is_refused_at_once(kingsway):
    honest = xlsx_file(["SKU", "Name"], ["22423", "Cakestand"])
    lying = with_sheet_xml(
        honest,
        lambda xml: (
            xml.replace('<row r="2"', '<row r="1000000000"')
            .replace('r="A2"', 'r="A1000000000"')
            .replace('r="B2"', 'r="B1000000000"')
        ),
    )
    with pytest.raises(DomainError, match="claims more than"):
        services.receive(kingsway, lying, kind="products")


def test_a_zip_bomb_is_refused_before_it_unpacks(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/sharedStrings.xml", b"0" * (workbook.MOST_TEXTS + 1))
    with pytest.raises(DomainError, match="unpacks to far more"):
        inspect(out.getvalue())


def test_a_zip_of_something_else_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("goods.csv", "SKU,Name")
    with pytest.raises(DomainError, match="a packed folder"):
        inspect(out.getvalue())


def test_a_formula_without_a_result_is_refused_not_passed_over(kingsway):
    file = take(kingsway, xlsx_file(["SKU", "Name", "Retail price"], ["22423", "Cakestand", "=1+1"]))
    assert wrong(file) == [(2, "Retail price", "This cell holds a formula without a result.")]


def test_merged_cells_are_told(kingsway):
    upload = xlsx_file(["SKU", "Name"], ["22423", "Cakestand"], ["", "more"])
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(upload.content))
    book.active.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)
    file = take(kingsway, Upload("m.xlsx", out.getvalue()))
    assert file.notes == [services.MERGED]
    assert wrong(file) == [(3, "SKU", "SKU is empty.")]


def test_a_sku_of_more_digits_than_a_sheet_keeps_is_damaged(kingsway):
    file = take(kingsway, xlsx_file(["SKU", "Name"], [12345678901234567890, "Cakestand"]))
    assert "damaged SKU" in wrong(file)[0][2]


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc"))) | st.text(alphabet="'=+-@x", max_size=6))
def test_what_is_guarded_for_a_sheet_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@"))


def test_a_guarded_sku_finds_its_goods(kingsway):
    VariantFactory(product__company=kingsway, sku="-22423")
    assert take_in(kingsway, csv_file("SKU,On hand", "'-22423,5"), kind="stock").counts["create"] == 1
    assert Variant.objects.count() == 1
