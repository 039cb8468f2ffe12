"""How old stock figures are, by the API: beside each number, in UTC, as the screens say it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.models import Variant
from catalog.services import choose
from catalog.tests.factories import StockLevelFactory, trading
from channels.models import RunResult, StepState
from channels.tests.factories import make_integration
from portal.companies.models import Partnership
from portal.lib import clock

pytestmark = pytest.mark.django_db
SCOPES = ("products:read", "listings:write")
WALKED, OWN, LISTED = "/api/v1/offers/", "/api/v1/products/", "/api/v1/listings/"


@pytest.fixture
def partnership() -> Partnership:
    partnership = trading(goods=3)
    for variant in Variant.objects.all():
        StockLevelFactory(variant=variant, on_hand=9)
    choose(partnership.retailer, variant_ids=list(Variant.objects.values_list("pk", flat=True)))
    return partnership


@pytest.fixture
def read_at(partnership) -> datetime:
    """The supplier's store was read half an hour ago, to the millisecond."""
    moment = (clock.now() - timedelta(minutes=30)).replace(microsecond=250_000)
    steps = StepState.objects.filter(integration=make_integration(partnership.supplier), step="pull_stock")
    steps.update(last_run_at=moment, last_result=RunResult.OK)
    return moment


def ages(program, path: str) -> set[str | None]:
    rows = program.get(path).json()["results"]
    assert rows
    return {row["stock_read_at"] for row in rows}


def as_said(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("path", [WALKED, f"{WALKED}?sku=22423", LISTED])
def test_a_retailer_reads_when_its_suppliers_stock_was_read(api, partnership, read_at, path):
    Variant.objects.update(sku="22423", sku_key="22423")
    assert ages(api(partnership.retailer, *SCOPES), path) == {as_said(read_at)}


def test_a_single_offer_and_a_single_listing_say_it_too(api, partnership, read_at):
    program = api(partnership.retailer, *SCOPES)
    for path in (WALKED, LISTED):
        row = program.get(path).json()["results"][0]
        assert program.get(f"{path}{row['id']}/").json() == row
    stopped = program.post(f"{LISTED}{row['id']}/stop/").json()
    assert stopped["stock_read_at"] == as_said(read_at)


def test_a_supplier_reads_it_beside_each_variant_of_its_own(api, partnership, read_at):
    program = api(partnership.supplier, *SCOPES)
    row = program.get(OWN).json()["results"][0]
    assert [one["stock_read_at"] for one in row["variants"]] == [as_said(read_at)]
    assert program.get(f"{OWN}{row['id']}/").json() == row


def test_it_is_utc_also_for_a_person_elsewhere(login, member, partnership, read_at):
    person = member(partnership.retailer)
    type(person).objects.filter(pk=person.pk).update(time_zone="Asia/Kolkata")
    person.refresh_from_db()
    browser = login(partnership.retailer, user=person)
    assert ages(browser, WALKED) == ages(browser, LISTED) == {as_said(read_at)}


@pytest.mark.parametrize("result", [RunResult.FAILED, ""])
def test_a_store_that_was_never_read_well_has_no_age(api, partnership, read_at, result):
    StepState.objects.update(last_result=result)
    program = api(partnership.retailer, *SCOPES)
    assert ages(program, WALKED) == ages(program, LISTED) == {None}


def test_a_page_of_any_length_costs_one_query_more(api, partnership, read_at, django_assert_max_num_queries):
    retailer, supplier = api(partnership.retailer, *SCOPES), api(partnership.supplier, *SCOPES)
    retailer.get(WALKED)
    supplier.get(OWN)
    for program, path, most in ((retailer, WALKED, 4), (retailer, LISTED, 3), (supplier, OWN, 5)):
        with django_assert_max_num_queries(most):
            assert len(program.get(path).json()["results"]) == 3


def test_the_schema_names_it(client):
    shapes = client.get("/api/schema/", {"format": "json"}).json()["components"]["schemas"]
    for name in ("Offer", "Variant", "Listing"):
        field = shapes[name]["properties"]["stock_read_at"]
        assert (field["format"], field["nullable"], field["readOnly"]) == ("date-time", True, True)


def test_a_stranger_reads_no_age(api, stranger, partnership, read_at):
    program = api(stranger, *SCOPES)
    listing = partnership.retailer.listings.first()
    assert program.get(WALKED).json()["results"] == program.get(LISTED).json()["results"] == []
    assert program.get(f"{LISTED}{listing.pk}/").status_code == 404
