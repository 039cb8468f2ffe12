"""Taking a product or stock file back: what it changed is as before, what somebody changed since stays and is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.files import services, work
from catalog.files.tests.files import csv_file, take, take_in
from catalog.models import ImportFile, ImportState, PriceChange, Product, StockChange, StockLevel, Variant
from catalog.tests.factories import LocationFactory, StockLevelFactory, VariantFactory
from catalog.tests.test_api import Program
from catalog.tests.test_pages import browser_of, text
from portal.companies.models import AuditEvent, Role
from portal.companies.tests.factories import SupplierFactory
from portal.lib.errors import InvalidMove

pytestmark = pytest.mark.django_db
D = Decimal
HEAD = "SKU,Name,Brand,Price,On hand"


@pytest.fixture
def lamp(kingsway) -> Variant:
    """What is there before the file: a lamp at £12.75, 5 of it."""
    lamp = VariantFactory(product__company=kingsway, product__name="Lamp", product__brand="Old", sku="L1")
    StockLevelFactory(variant=lamp, on_hand=5)
    return lamp


def fresh(variant: Variant) -> Variant:
    return Variant.objects.select_related("product").get(pk=variant.pk)


def on_hand(variant: Variant) -> int:
    return StockLevel.objects.get(variant=variant).on_hand


def undo(file: ImportFile) -> ImportFile:
    services.undo(file)
    while file.is_moving:
        work.work(file.pk)
        file.refresh_from_db()
    return ImportFile.objects.get(pk=file.pk)


def test_changed_goods_are_as_before_and_new_ones_out_of_trade(kingsway, lamp):
    file = take_in(kingsway, csv_file(HEAD, "L1,Lamp,New,15.00,9", "N1,Night light,New,3.00,7"))
    assert (fresh(lamp).price, fresh(lamp).product.brand, on_hand(lamp)) == (D("15.00"), "New", 9)
    file = undo(file)
    assert (fresh(lamp).price, fresh(lamp).product.brand, on_hand(lamp)) == (D("12.75"), "Old", 5)
    made = Variant.objects.get(sku="N1")
    assert (made.is_active, made.product.is_active) == (False, False)
    assert not StockLevel.objects.filter(variant=made).exists()
    assert (file.state, file.counts.get("left", 0), file.sample) == (ImportState.UNDONE, 0, [])


def test_the_history_tells_the_import_and_its_undo(kingsway, lamp):
    undo(take_in(kingsway, csv_file(HEAD, "L1,Lamp,Old,15.00,9")))
    prices = PriceChange.objects.filter(variant=lamp, field="price").order_by("pk")
    assert list(prices.values_list("after", "cause")) == [(D("15.00"), "file"), (D("12.75"), "undo")]
    stock = StockChange.objects.filter(variant=lamp).order_by("pk")
    assert list(stock.values_list("after", "cause")) == [(9, "file"), (5, "undo")]


def test_what_somebody_changed_since_stays_and_is_named_beside_what_went_back(kingsway, lamp):
    file = take_in(kingsway, csv_file(HEAD, "L1,Lamp,New,15.00,9", "N1,Night light,New,3.00,7"))
    Variant.objects.filter(sku="L1").update(price=D("16.00"))
    StockLevel.objects.filter(variant=lamp).update(on_hand=8)
    Product.objects.filter(name="Night light").update(name="Moonlight")
    file = undo(file)
    assert (fresh(lamp).price, fresh(lamp).product.brand, on_hand(lamp)) == (D("16.00"), "Old", 8)
    assert Product.objects.get(name="Moonlight").is_active
    assert not Variant.objects.get(sku="N1").is_active
    said = {(one["sku"], *change) for one in file.sample for change in one["changes"]}
    assert said == {
        ("L1", "Retail price", "15.0000", "16.0000"),
        ("L1", "On hand", "9", "8"),
        ("Moonlight", "Name", "Night light", "Moonlight"),
    }
    assert file.counts["left"] == 3


def test_a_stock_file_goes_back_place_by_place(kingsway, lamp):
    shed = LocationFactory(company=kingsway, key="Shed")
    StockLevelFactory(variant=lamp, location=shed, on_hand=1)
    lines = ("SKU,On hand,Location", "L1,50,", "L1,60,Shed", "L1,70,Attic")
    file = take_in(kingsway, csv_file(*lines), kind="stock")
    assert sorted(StockLevel.objects.values_list("on_hand", flat=True)) == [50, 60, 70]
    undo(file)
    held = StockLevel.objects.filter(variant=lamp).values_list("location__key", "on_hand")
    assert dict(held) == {"default": 5, "Shed": 1}


def test_the_next_file_that_names_undone_goods_brings_them_back_into_trade(kingsway):
    undo(take_in(kingsway, csv_file(HEAD, "N1,Night light,New,3.00,7")))
    take_in(kingsway, csv_file(HEAD, "N1,Night light,New,4.00,7"))
    again = Variant.objects.select_related("product").get(sku="N1")
    assert (again.is_active, again.product.is_active, again.price) == (True, True, D("4.00"))


def test_goods_that_somebody_took_out_of_trade_stay_out_when_a_file_names_them(kingsway, lamp):
    Variant.objects.update(is_active=False)
    take_in(kingsway, csv_file(HEAD, "L1,Lamp,New,15.00,9"))
    assert not fresh(lamp).is_active


def test_an_undo_that_was_cut_goes_on_and_puts_nothing_back_twice(kingsway, monkeypatch):
    monkeypatch.setattr("catalog.files.undoing.AT_ONCE", 3)
    goods = [VariantFactory(product__company=kingsway, sku=f"S{n}", price=D(n)) for n in range(1, 6)]
    file = take_in(kingsway, csv_file("SKU,Price", *(f"S{n},99" for n in range(1, 6))))
    ImportFile.objects.filter(pk=file.pk).update(state=ImportState.UNDOING)
    assert work.work(file.pk, seconds=0) is True
    assert Variant.objects.filter(price=99).count() == 2
    work.work(file.pk)
    assert [fresh(one).price for one in goods] == [D(n) for n in range(1, 6)]
    file.refresh_from_db()
    assert (file.state, file.counts["back"]) == (ImportState.UNDONE, 5)


def test_a_stopped_import_takes_back_what_it_had_done(kingsway, lamp):
    file = take(kingsway, csv_file(HEAD, "L1,Lamp,New,15.00,9"))
    services.apply(file)
    ImportFile.objects.filter(pk=file.pk).update(state=ImportState.CANCELLED)
    file.refresh_from_db()
    undo(file)
    assert fresh(lamp).price == D("12.75")


def test_a_file_that_changed_nothing_has_nothing_to_undo(kingsway, lamp):
    file = take_in(kingsway, csv_file("SKU,Price", "L1,12.75"))
    assert not services.can_be_undone(file)
    with pytest.raises(InvalidMove, match="nothing"):
        services.undo(file)


# --- on screen and by machine -----------------------------------------------------------------------------------------


def test_a_person_undoes_a_file_on_its_page_after_a_warning_and_reads_what_stayed(kingsway, lamp):
    file = take_in(kingsway, csv_file(HEAD, "L1,Lamp,New,15.00,9"))
    person = browser_of(kingsway)
    page = text(person.get(file.get_absolute_url()))
    assert "Undo the import" in page
    assert "except what somebody changed since" in page
    Variant.objects.filter(sku="L1").update(price=D("16.00"))
    page = text(person.post(reverse("import-undo", args=[file.pk]), follow=True))
    assert "What stayed as it is" in page
    assert "16.0000" in page
    assert AuditEvent.objects.filter(company=kingsway, action="import.undone").count() == 1


def test_a_program_undoes_a_stock_file_and_is_told_what_stayed(kingsway, lamp):
    file = take_in(kingsway, csv_file("SKU,On hand", "L1,50"), kind="stock")
    StockLevel.objects.update(on_hand=49)
    told = Program(kingsway, "products:write").send("post", f"imports/{file.pk}/undo/").json()
    assert (told["state"], told["counts"]["left"]) == ("undone", 1)
    assert told["kept"] == [{"sku": "L1", "changes": [["On hand", "50", "49"]]}]
    assert AuditEvent.objects.get(action="import.undone").actor_kind == "key"


def test_nobody_else_undoes_a_file(kingsway, lamp):
    file = take_in(kingsway, csv_file("SKU,On hand", "L1,50"), kind="stock")
    address = reverse("import-undo", args=[file.pk])
    assert browser_of(SupplierFactory()).post(address).status_code == 404
    assert browser_of(kingsway, Role.VIEWER).post(address).status_code == 403
    assert Program(SupplierFactory(), "products:write").send("post", f"imports/{file.pk}/undo/").status_code == 404
    assert Program(kingsway, "products:read").send("post", f"imports/{file.pk}/undo/").status_code == 403
    assert on_hand(lamp) == 50
