"""Importing a file in Chromium: with the keyboard, by dropping, on a phone; nothing for axe to complain about."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog.files.tests.files import csv_file, take_in
from catalog.models import ImportFile, Product, Variant
from catalog.tests.factories import VariantFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOODS = b"Title,Variant SKU,Variant Price,Notes\n=Cakestand,22423,12.75,x\nOwl,1.23E+11,1,\n"


@pytest.fixture
def open_page(kingsway, member, enter, live_server):
    def open_(name: str, *args: object):
        page = enter(member(kingsway))
        page.goto(f"{live_server.url}{reverse(name, args=args)}")
        return page

    return open_


def test_a_file_is_imported_from_the_products_page_to_its_result(open_page):
    page = open_page("products")
    page.locator("summary", has_text="Import").first.click()
    page.get_by_role("link", name="Products", exact=True).last.click()
    page.locator("input[type=file]").set_input_files({"name": "goods.csv", "mimeType": "text/csv", "buffer": GOODS})
    page.get_by_text("goods.csv").wait_for()
    page.get_by_role("button", name="Read the file").press("Enter")
    page.get_by_text("Which column is what?").wait_for()
    assert page.get_by_label("What “Variant SKU” is").input_value() == "sku"
    assert faults_of(page) == []
    page.get_by_label("What “Notes” is").select_option("sku")
    assert page.get_by_label("What “Variant SKU” is").input_value() == ""
    page.get_by_label("What “Variant SKU” is").select_option("sku")
    page.get_by_role("button", name="Check the file").press("Enter")
    page.get_by_role("button", name="Apply 1 change").wait_for()
    assert page.get_by_text("looks like a damaged SKU").is_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Apply 1 change").press("Enter")
    page.get_by_text("The file is in").wait_for()
    assert Product.objects.get().name == "=Cakestand"


def test_a_file_can_be_dropped(open_page):
    page = open_page("import-stock")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["SKU,On hand\\n22423,5\\n"], "stock.csv", { type: "text/csv" }));
          document.querySelector(".dropzone").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.get_by_text("stock.csv").wait_for()
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("Which column is what?").wait_for()
    assert ImportFile.objects.get().name == "stock.csv"


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_imports_scrolls_sideways(open_page, kingsway, width):
    VariantFactory(product__company=kingsway, sku="022423")
    file = take_in(kingsway, csv_file("SKU,Name,Price", "84029E,Hand warmer,2", "22423,x,-1"))
    for name, args in (("imports", ()), ("import-products", ()), ("import", (file.pk,)), ("sku-health", ())):
        opened = open_page(name, *args)
        opened.set_viewport_size({"width": width, "height": 844})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, name
        assert faults_of(opened) == [], name


def test_look_alikes_are_settled_with_the_keyboard(kingsway, acme, partnership, member, enter, live_server):
    from catalog.services import assign_price_list, create_price_list, resolve_skus

    theirs = VariantFactory(product__company=kingsway, sku="22423")
    VariantFactory(product__company=acme, sku="022423")
    assign_price_list(partnership, create_price_list(kingsway, name="Trade"))
    page = enter(member(acme))
    page.goto(f"{live_server.url}{reverse('sku-health')}")
    page.get_by_role("checkbox", name="Select 022423").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Same goods").press("Enter")
    page.get_by_text("1 remembered.").wait_for()
    assert resolve_skus(acme, ["022423"]) == {"022423": theirs.pk}
    assert Variant.objects.count() == 2
