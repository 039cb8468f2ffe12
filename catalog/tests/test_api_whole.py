"""What could be done on screen only, by machine: who has which list, units kept back, a past price of a partner, the whole preview, files read anew."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import sold
from catalog.models import AssignmentPeriod, EffectivePrice, Listing, PriceList, PriceListAssignment, Variant
from catalog.pricing.change import Change, Fixed
from catalog.selectors import available_for_listings
from catalog.services import assign_price_list, choose, create_price_list, draft_change
from catalog.tests.factories import StockLevelFactory, trading
from catalog.tests.test_api import Program
from catalog.tests.test_pages import browser_of, text
from catalog.visibility import visible_to
from portal.companies.models import AuditEvent, Partnership
from portal.companies.tests.factories import SupplierFactory
from portal.lib import clock

pytestmark = pytest.mark.django_db
D = Decimal
DAY = timedelta(days=1)


@pytest.fixture
def partnership() -> Partnership:
    return trading()


@pytest.fixture
def supplier(partnership) -> Program:
    return Program(partnership.supplier, "prices:write", "products:write")


# --- who has which list -----------------------------------------------------------------------------------------------


def test_a_program_gives_a_partner_another_list_and_takes_it_away(partnership, supplier):
    garden = create_price_list(partnership.supplier, name="Garden", percent_off=D(50))
    path = f"price-assignments/{partnership.pk}/"
    assert supplier.get(path)["price_list_id"] == partnership.price_assignment.price_list_id
    told = supplier.send("patch", path, price_list_id=garden.pk, stock_buffer=3).json()
    assert (told["price_list_id"], told["stock_buffer"]) == (garden.pk, 3)
    assert visible_to(partnership.retailer).get().dropship == D("6.38")
    assert supplier.send("patch", path, price_list_id=None).json()["price_list_id"] is None
    assert not visible_to(partnership.retailer).exists()
    assert AuditEvent.objects.filter(action="price_list.assigned", actor_kind="key").count() == 2


def test_changing_the_units_kept_back_keeps_the_list(partnership, supplier):
    told = supplier.send("patch", f"price-assignments/{partnership.pk}/", stock_buffer=7).json()
    assert told["price_list_id"] == partnership.price_assignment.price_list_id
    assert PriceListAssignment.objects.get().stock_buffer == 7
    assert AssignmentPeriod.objects.count() == 1


def test_an_exception_is_planned_and_dropped(partnership, supplier):
    now = clock.now()
    sale = create_price_list(
        partnership.supplier, name="Sale", percent_off=D(50), valid_from=now - DAY, valid_until=now + DAY
    )
    path, usual = f"price-assignments/{partnership.pk}/", partnership.price_assignment.price_list_id
    told = supplier.send("post", f"{path}plan_exception/", price_list_id=sale.pk).json()
    assert (told["price_list_id"], told["usual_list_id"], told["exception_list_ids"]) == (sale.pk, usual, [sale.pk])
    told = supplier.send("post", f"{path}drop_exception/", price_list_id=sale.pk).json()
    assert (told["price_list_id"], told["exception_list_ids"]) == (usual, [])


def test_another_companys_list_and_partner_are_out_of_reach(partnership, supplier):
    foreign = create_price_list(SupplierFactory(), name="Foreign")
    path = f"price-assignments/{partnership.pk}/"
    assert supplier.send("patch", path, price_list_id=foreign.pk).status_code in {400, 422}
    for other in (SupplierFactory(), partnership.retailer):
        program = Program(other, "prices:write")
        assert program.get("price-assignments/")["results"] == []
        assert program.send("patch", path, price_list_id=None).status_code == 404
    assert Program(partnership.supplier, "prices:read").send("patch", path, stock_buffer=1).status_code == 403
    assert PriceListAssignment.objects.get().stock_buffer == 0


def test_fifty_partners_cost_few_queries(partnership, supplier, django_assert_max_num_queries):
    for _ in range(5):
        trading()
    Partnership.objects.update(supplier=partnership.supplier)
    supplier.get("price-assignments/")
    with django_assert_max_num_queries(5):
        assert len(supplier.get("price-assignments/")["results"]) == 6


# --- prices -----------------------------------------------------------------------------------------------------------


def test_a_program_asks_what_a_partner_paid_at_a_past_moment(partnership, supplier):
    then = clock.now() - 10 * DAY
    EffectivePrice.objects.update(valid_from=then)
    AssignmentPeriod.objects.update(began_at=then)
    assign_price_list(partnership, create_price_list(partnership.supplier, name="Winter", percent_off=D(50)))
    asked = {"partnership_id": partnership.pk, "variant_id": Variant.objects.get().pk}
    past = supplier.get("prices/", at=(clock.now() - DAY).isoformat(), **asked)["results"]
    assert [(one["amount"], one["explanation"]["base"]) for one in past] == [("10.2000", "12.75")]
    assert [one["amount"] for one in supplier.get("prices/", **asked)["results"]] == ["6.3800"]
    stranger = Program(SupplierFactory(), "prices:read")
    assert stranger.get("prices/", partnership_id=partnership.pk)["results"] == []


def test_the_preview_by_machine_counts_what_passes_a_limit_and_the_effect_on_last_month(
    partnership, supplier, monkeypatch
):
    variant = Variant.objects.get()
    monkeypatch.setattr(sold, "_tellers", [lambda partnerships, since: {variant.pk: 10}])
    draft_change(PriceList.objects.get(), Change(overrides={variant.pk: Fixed(D("5.00"))}))
    told = supplier.get(f"price-lists/{PriceList.objects.get().pk}/draft/")
    assert told["trouble_counts"] == {"below cost": 1}
    assert (told["month"]["units"], told["month"]["difference"]) == (10, "-52.0000")


# --- stock ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def listing(partnership) -> Listing:
    StockLevelFactory(variant=Variant.objects.get(), on_hand=10)
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    return Listing.objects.get()


def test_a_retailer_keeps_units_of_one_sku_back_by_machine(partnership, listing):
    program = Program(partnership.retailer, "listings:write")
    assert program.send("patch", f"listings/{listing.pk}/", stock_buffer=4).json()["stock_buffer"] == 4
    assert available_for_listings([listing.pk]) == {listing.pk: 6}
    assert program.send("patch", f"listings/{listing.pk}/", stock_buffer=-1).status_code == 400
    assert program.send("patch", f"listings/{listing.pk}/", stock_buffer=None).json()["stock_buffer"] is None
    assert available_for_listings([listing.pk]) == {listing.pk: 10}


def test_a_retailer_keeps_units_back_in_bulk_on_the_page(client, partnership, listing):
    person = browser_of(partnership.retailer)
    said = text(person.post("/listings/", {"action": "buffer", "buffer": "3", "row": [listing.pk]}, follow=True))
    assert "keep 3 back" in said
    assert available_for_listings([listing.pk]) == {listing.pk: 7}
    said = text(person.post("/listings/", {"action": "buffer", "buffer": "lots", "row": [listing.pk]}, follow=True))
    assert "how many units" in said


# --- files ------------------------------------------------------------------------------------------------------------


def uploaded(program: Program, content: bytes, kind: str = "stock") -> dict:
    file = SimpleUploadedFile("goods.csv", content)
    return program.client.post("/api/v1/imports/", {"file": file, "kind": kind}).json()


def test_a_program_has_a_file_read_another_way(supplier):
    file = uploaded(supplier, b"SKU|On hand;x\r\nA1|5;y\r\n")
    told = supplier.send("post", f"imports/{file['id']}/read/", delimiter="|").json()
    assert (told["delimiter"], told["headers"][0]) == ("|", "SKU")
    assert supplier.send("post", f"imports/{file['id']}/read/", encoding="klingon").status_code == 400


def test_a_program_downloads_the_refused_rows(partnership, supplier):
    file = uploaded(supplier, b"SKU,On hand\r\nNobody,5\r\n")
    supplier.send("post", f"imports/{file['id']}/check/")
    path = f"/api/v1/imports/{file['id']}/refused/"
    answer = supplier.client.get(path)
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert (rows[1][0], "No product has this SKU" in rows[1][-1]) == ("Nobody", True)
    assert Program(SupplierFactory(), "products:read").client.get(path).status_code == 404
