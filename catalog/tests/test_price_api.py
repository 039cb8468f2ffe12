"""Price lists by the API: terms, rules, overrides, a draft with its preview, publish, undo, a past moment."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import EffectivePrice, PriceList, PriceOverride, Variant
from catalog.services import change_price_list, lock_overrides, set_overrides, set_policy
from catalog.tests.factories import trading
from catalog.tests.test_pages import browser_of
from portal.companies.models import Role
from portal.lib import clock

pytestmark = pytest.mark.django_db
D = Decimal
LISTS = "/api/v1/price-lists/"
JSON = "application/json"


@pytest.fixture
def price_list() -> PriceList:
    return trading(goods=2).price_assignment.price_list


@pytest.fixture
def client(price_list):
    return browser_of(price_list.company)


def amounts() -> set[Decimal]:
    return set(EffectivePrice.objects.filter(valid_until__isnull=True).values_list("amount", flat=True))


def test_a_list_is_made_with_rules_and_breaks_and_read_back(client):
    rule = {"target": "brand", "value": "Regency", "amount_off": "2.0000", "percent_off": "0.000", "basis": ""}
    said = {"name": "Garden", "percent_off": "10", "rules": [rule], "breaks": [{"quantity": 10, "percent_off": "5"}]}
    answer = client.post(LISTS, said, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made = client.get(f"{LISTS}{answer.json()['id']}/").json()
    assert made["rules"] == [rule]
    assert made["breaks"][0]["quantity"] == 10
    price = EffectivePrice.objects.filter(price_list=made["id"]).latest("pk")
    assert (price.amount, price.breaks) == (D("10.75"), [["10", "10.21"]])


def test_terms_change_at_once_and_nonsense_is_refused_with_its_field(client, price_list):
    assert client.patch(f"{LISTS}{price_list.pk}/", {"percent_off": "50"}, content_type=JSON).status_code == 200
    assert amounts() == {D("6.38")}
    refused = client.patch(f"{LISTS}{price_list.pk}/", {"percent_off": "150"}, content_type=JSON)
    assert refused.status_code in {400, 422}
    assert "below 100" in refused.content.decode()
    assert amounts() == {D("6.38")}


def test_overrides_are_set_and_locked_ones_pass_by(client, price_list):
    first, second = Variant.objects.order_by("pk")
    set_overrides(price_list, {first.pk: D("9.00")})
    lock_overrides(price_list, [first.pk], is_locked=True)
    prices = [{"variant_id": pk, "amount": "8.00"} for pk in (first.pk, second.pk)]
    answer = client.post(f"{LISTS}{price_list.pk}/overrides/", {"prices": prices}, content_type=JSON).json()
    assert answer == {"draft": False, "moved": 1, "skipped": 1}
    assert amounts() == {D("9.00"), D("8.00")}


def test_a_draft_is_changed_previewed_published_and_undone(client, price_list):
    base = f"{LISTS}{price_list.pk}"
    edits = client.patch(f"{base}/draft/", {"percent_off": "50"}, content_type=JSON).json()["edits"]
    preview = client.get(f"{base}/draft/").json()
    assert (preview["down"], preview["movers"][0]["new"]) == (2, "6.3800")
    assert amounts() == {D("10.20")}
    assert client.post(f"{base}/publish/", {"seen": edits - 1}, content_type=JSON).status_code == 409
    assert client.post(f"{base}/publish/", {"seen": edits}, content_type=JSON).json()["state"] == "published"
    assert amounts() == {D("6.38")}
    newest = client.get(f"{base}/history/").json()[0]
    client.post(f"{base}/undo/", {"revision_id": newest["id"]}, content_type=JSON)
    assert amounts() == {D("10.20")}


def test_a_draft_is_dropped_and_then_there_is_none(client, price_list):
    base = f"{LISTS}{price_list.pk}"
    client.patch(f"{base}/draft/", {"percent_off": "50"}, content_type=JSON)
    assert client.delete(f"{base}/draft/").status_code == 204
    assert client.get(f"{base}/draft/").status_code == 409


def test_above_the_threshold_publishing_waits_for_a_colleague(client, price_list):
    set_policy(price_list.company, share=10, move_percent=None)
    base = f"{LISTS}{price_list.pk}"
    client.patch(f"{base}/", {"percent_off": "50"}, content_type=JSON)
    assert client.post(f"{base}/publish/", content_type=JSON).json()["state"] == "waiting"
    assert client.post(f"{base}/approve/").status_code == 403
    colleague = browser_of(price_list.company, Role.PRICING)
    assert colleague.post(f"{base}/approve/").json()["state"] == "published"
    assert amounts() == {D("6.38")}


def test_prices_of_a_past_moment_are_read_with_their_sums(client, price_list):
    then = clock.now()
    change_price_list(price_list, percent_off=D(50))
    past = client.get("/api/v1/prices/", {"at": then.isoformat()}).json()["results"]
    now = client.get("/api/v1/prices/").json()["results"]
    assert {row["amount"] for row in past} == {"10.2000"}
    assert {row["amount"] for row in now} == {"6.3800"}
    assert past[0]["explanation"]["base"] == "12.75"


def test_a_viewer_reads_and_may_not_write(price_list):
    viewer = browser_of(price_list.company, Role.VIEWER)
    assert viewer.get(f"{LISTS}{price_list.pk}/").status_code == 200
    assert viewer.patch(f"{LISTS}{price_list.pk}/", {"percent_off": "50"}, content_type=JSON).status_code == 403
    assert not PriceOverride.objects.exists()
