"""The pages of imports, by role; downloads; the programs' side."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from catalog.files import output, services
from catalog.files.kinds import KINDS, PRICES, PRODUCTS, STOCK
from catalog.files.services import Upload
from catalog.files.tests.files import csv_file, take, take_in, wrong
from catalog.models import ImportFile, ImportState, Product, Variant
from catalog.services import create_price_list
from catalog.tests.factories import StockLevelFactory, VariantFactory

GOODS = b"SKU,Name,Retail price\r\n22423,Cakestand,12.75\r\n84029E,Hand warmer,-2\r\n"


def upload(content: bytes = GOODS, name: str = "goods.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def text_of(answer) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8-sig")


def test_a_product_file_by_hand_from_upload_to_products(kingsway, login):
    client = login(kingsway)
    page = client.post(reverse("import-products"), {"file": upload()}, follow=True)
    assert b"Which column is what?" in page.content
    file = ImportFile.objects.get()
    form = {"column-0": "sku", "column-1": "name", "column-2": "price", "decimal": ".", "action": "check"}
    page = client.post(reverse("import-columns", args=[file.pk]), form, follow=True)
    assert b"Apply 1 change" in page.content
    assert b"-2 is below 0." in page.content
    page = client.post(reverse("import-apply", args=[file.pk]), follow=True)
    assert b"The file is in" in page.content
    assert Product.objects.get().name == "Cakestand"


def test_what_cannot_be_read_is_said_on_the_same_page(kingsway, login):
    answer = login(kingsway).post(reverse("import-stock"), {"file": upload(b"%PDF-1.4")})
    assert answer.status_code == 400
    assert b"This is a PDF" in answer.content
    assert b"Choose a file first" in login(kingsway).post(reverse("import-stock")).content


def test_one_field_from_two_columns_is_refused_with_both_names(kingsway, login):
    file = services.receive(kingsway, csv_file("SKU,Name,Title", "1,A,B"), kind="products")
    answer = login(kingsway).post(
        reverse("import-columns", args=[file.pk]),
        {"column-0": "sku", "column-1": "name", "column-2": "name"},
        follow=True,
    )
    assert "“Name” and “Title” are both matched to Name." in answer.content.decode()


def test_a_file_can_be_read_with_other_letters(kingsway, login):
    file = services.receive(kingsway, Upload("a.csv", "SKU;Name\n1;Crème\n".encode("cp1252")), kind="products")
    form = {"action": "read", "encoding": "latin-1", "delimiter": "tab"}
    login(kingsway).post(reverse("import-columns", args=[file.pk]), form)
    file.refresh_from_db()
    assert (file.encoding, file.delimiter) == ("latin-1", "\t")


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        ("pricing", "prices", 302),
        ("operations", "prices", 403),
        ("operations", "products", 302),
        ("viewer", "products", 403),
    ],
)
def test_only_who_may_change_a_kind_applies_its_files(kingsway, login, role, kind, status):
    price_list = create_price_list(kingsway, name="Trade") if kind == "prices" else None
    file = take(kingsway, csv_file("SKU,Name,Price", "1,A,2"), kind=kind, price_list=price_list)
    assert login(kingsway, role).post(reverse("import-apply", args=[file.pk])).status_code == status


def test_the_list_costs_the_same_for_many_files(kingsway, login, django_assert_max_num_queries):
    for n in range(30):
        services.receive(kingsway, csv_file("SKU,Name", f"{n},A"), kind="products")
    client = login(kingsway)
    with django_assert_max_num_queries(20):
        assert b"goods.csv" in client.get(reverse("imports")).content


def test_the_original_comes_back_byte_for_byte(kingsway, login):
    file = services.receive(kingsway, Upload("../../Grüße\r\n.csv", GOODS), kind="products")
    answer = login(kingsway).get(reverse("import-original", args=[file.pk]))
    assert answer.content == GOODS
    assert "/" not in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"


def test_refused_rows_come_back_with_what_is_wrong_and_can_be_mended(kingsway, login):
    file = take_in(kingsway, csv_file("SKU,Name,Retail price", "=1+1,Cakestand,-5", "22424,Mug,3"))
    lines = list(
        csv.reader(io.StringIO(text_of(login(kingsway).get(reverse("import-refused", args=[file.pk, "csv"])))))
    )
    assert lines[0] == ["SKU", "Name", "Retail price", "Row", "What is wrong"]
    assert lines[1][:4] == ["'=1+1", "Cakestand", "'-5", "2"]
    assert "-5 is below 0." in lines[1][4]
    mended = "\n".join(
        ",".join([*lines[0][:3], "Row", "What"] if n == 0 else ["'=1+1", "Cakestand", "5", "2", "x"]) for n in range(2)
    )
    again = take_in(kingsway, Upload("refused.csv", mended.encode()))
    assert again.state == ImportState.DONE
    assert Variant.objects.filter(sku="=1+1").exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_of_each_kind_can_be_imported(kingsway, login, kind, form):
    answer = login(kingsway).get(reverse("file-template", args=[kind, form]))
    for sku in ("84029E", "22423") if kind != "products" else ():
        VariantFactory(product__company=kingsway, sku=sku)
    price_list = create_price_list(kingsway, name="Trade") if kind == "prices" else None
    file = take(kingsway, Upload(f"t.{form}", b"".join(answer.streaming_content)), kind=kind, price_list=price_list)
    assert wrong(file) == []
    assert sum(file.counts.values()) == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_imported_again_changes_nothing(kingsway, login, kind, form):
    for n, sku in enumerate(("-84029E", "022423", "=SUM(A1)", "+1", "'quoted")):
        variant = VariantFactory(
            product__company=kingsway,
            sku=sku,
            product__name=f"=Name {n}",
            weight=Decimal("0.125"),
            barcode="0012345678905",
        )
        StockLevelFactory(variant=variant, on_hand=n)
    price_list = create_price_list(kingsway, name="Trade", percent_off=Decimal(33))
    answer = login(kingsway).get(f"{reverse('file-export', args=[kind, form])}?list={price_list.pk}")
    more = {"price_list": price_list} if kind == "prices" else {}
    file = take(kingsway, Upload(f"e.{form}", b"".join(answer.streaming_content)), kind=kind, **more)
    assert wrong(file) == []
    assert file.counts == {"unchanged": 5, "issues": 0}


def test_no_cell_of_an_export_begins_a_formula(kingsway, login):
    VariantFactory(product__company=kingsway, sku="@cmd", product__name='=HYPERLINK("http://evil")')
    answer = login(kingsway).get(reverse("file-export", args=["products", "xlsx"]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.data_type for cell in sheet[2]].count("f") == 0
    assert sheet["A2"].value == "'@cmd"


def test_an_export_holds_only_the_companys_own_goods(kingsway, acme):
    VariantFactory(product__company=acme, sku="theirs")
    for kind in (PRODUCTS, STOCK, PRICES):
        assert len(list(output.export_lines(kingsway, kind, price_list=None))) == 1


def test_a_program_takes_a_file_in(kingsway, api):
    client = api(kingsway, "products:write")
    made = client.post("/api/v1/imports/", {"file": upload(), "kind": "products"}, format="multipart")
    assert made.status_code == 201
    path = f"/api/v1/imports/{made.data['id']}/"
    assert client.post(f"{path}apply/").status_code == 409
    chosen = client.post(f"{path}columns/", {"columns": {"sku": 0, "name": 1, "price": 2}}, format="json")
    assert chosen.data["columns"] == {"sku": 0, "name": 1, "price": 2}
    assert client.post(f"{path}check/").data["counts"] == {"create": 1, "refused": 1, "issues": 1}
    assert [issue["line"] for issue in client.get(f"{path}issues/").data] == [3]
    assert client.post(f"{path}apply/").data["state"] == "done"
    assert client.post(f"{path}apply/").data["state"] == "done"
    assert Product.objects.count() == 1


def test_prices_need_the_scope_for_prices(kingsway, acme, api):
    price_list = create_price_list(kingsway, name="Trade")
    body = {"file": upload(b"SKU,Price\n1,2\n"), "price_list_id": price_list.pk}
    assert api(kingsway, "products:write").post("/api/v1/price-imports/", body, format="multipart").status_code == 403
    theirs = api(acme, "prices:write").post(
        "/api/v1/price-imports/", {**body, "file": upload(b"SKU,Price\n1,2\n")}, format="multipart"
    )
    assert (theirs.status_code, theirs.data["field"]) == (400, "price_list")


def test_getting_started_leads_a_supplier_without_a_store_to_the_import(kingsway, login):
    type(kingsway).objects.filter(pk=kingsway.pk).update(platform="files")
    page = login(kingsway).get(reverse("home")).content.decode()
    assert reverse("import-products") in page
    assert "Connect your platform" not in page
    take_in(kingsway, csv_file("SKU,Name", "1,A"))
    assert "1 product is here." in login(kingsway).get(reverse("home")).content.decode()
