"""Four eyes on prices, by the API: the policy with its own scope, a person's yes, the no, and what a key may not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import EffectivePrice, PriceList, PricePolicy, PriceRevision, RevisionState
from catalog.pricing.change import Change
from catalog.services import draft_change, set_policy
from catalog.services.releasing import release
from catalog.tests.factories import trading
from catalog.tests.test_api import Program
from catalog.tests.test_pages import browser_of
from portal.companies.models import AuditEvent, Role
from portal.companies.tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db
D = Decimal
POLICY = "/api/v1/price-approval/policy/"
JSON = "application/json"
HALF = {"percent_off": "50"}


@pytest.fixture
def price_list() -> PriceList:
    return trading(goods=2).price_assignment.price_list


@pytest.fixture
def waiting(price_list) -> PriceRevision:
    """A draft that halves the prices, sent for approval by a pricing manager."""
    set_policy(price_list.company, share=10, move_percent=None)
    author = browser_of(price_list.company, Role.PRICING)
    author.patch(f"/api/v1/price-lists/{price_list.pk}/", HALF, content_type=JSON)
    author.post(f"/api/v1/price-lists/{price_list.pk}/publish/")
    return PriceRevision.objects.get(state=RevisionState.WAITING)


def amounts() -> set[Decimal]:
    return set(EffectivePrice.objects.filter(valid_until__isnull=True).values_list("amount", flat=True))


# --- the policy -------------------------------------------------------------------------------------------------------


def test_a_key_of_its_scope_reads_and_sets_the_policy_and_it_holds(price_list):
    program = Program(price_list.company, "price-approval:write", "prices:write")
    assert program.get("price-approval/policy/") == {"approve_move": None, "approve_share": None, "is_on": False}
    said = program.send("patch", "price-approval/policy/", approve_move=15).json()
    assert said == program.get("price-approval/policy/") == {"approve_move": 15, "approve_share": None, "is_on": True}
    path = f"price-lists/{price_list.pk}/"
    program.send("patch", path, **HALF)
    assert program.get(f"{path}draft/")["needs_approval"] == ["One price moves 37.5 %, more than 15 %."]
    assert program.send("post", f"{path}publish/").json()["state"] == "waiting"
    assert amounts() == {D("10.20")}


def test_what_is_left_out_of_a_change_stays_and_null_takes_it_off(price_list):
    set_policy(price_list.company, share=50, move_percent=15)
    program = Program(price_list.company, "price-approval:write")
    assert program.send("patch", "price-approval/policy/", approve_move=None).json()["approve_share"] == 50
    assert program.send("patch", "price-approval/policy/", approve_share=None).json()["is_on"] is False


def test_setting_the_policy_is_noted_once_with_the_name_of_the_key(price_list):
    program = Program(price_list.company, "price-approval:write")
    for _ in range(2):
        program.send("patch", "price-approval/policy/", approve_move=15)
    event = AuditEvent.objects.get(action="price_policy.changed")
    assert (event.actor_kind, event.sentence) == ("key", "Publishing prices asks for approval now.")


@pytest.mark.parametrize("figure", [-1, 1001, "many"])
def test_what_is_no_percentage_is_refused_with_its_field(price_list, figure):
    answer = Program(price_list.company, "price-approval:write").send(
        "patch", "price-approval/policy/", approve_move=figure
    )
    assert (answer.status_code, answer.json()["field"]) == (400, "approve_move")
    assert not PricePolicy.objects.exists()


def test_a_key_that_changes_prices_cannot_lift_the_check_on_them(price_list):
    set_policy(price_list.company, share=10, move_percent=None)
    answer = Program(price_list.company, "prices:write").send("patch", "price-approval/policy/", approve_share=None)
    assert answer.status_code == 403
    assert "price-approval:write" in answer.json()["detail"]
    reader = Program(price_list.company, "price-approval:read")
    assert reader.send("patch", "price-approval/policy/", approve_share=None).status_code == 403
    assert reader.get("price-approval/policy/")["is_on"] is True


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.ADMIN, 200), (Role.PRICING, 403), (Role.VIEWER, 403)]
)
def test_of_persons_owners_and_admins_set_it_and_all_read_it(price_list, role, status):
    browser = browser_of(price_list.company, role)
    assert browser.get(POLICY).status_code == 200
    assert browser.patch(POLICY, {"approve_share": 20}, content_type=JSON).status_code == status
    assert PricePolicy.objects.exists() is (status == 200)


def test_a_stranger_reads_and_sets_its_own_policy_only(price_list):
    set_policy(price_list.company, share=10, move_percent=15)
    stranger = Program(SupplierFactory(), "price-approval:write")
    assert stranger.get("price-approval/policy/")["is_on"] is False
    stranger.send("patch", "price-approval/policy/", approve_share=99)
    assert PricePolicy.objects.get(company=price_list.company).approve_share == 10


def test_reading_the_policy_costs_two_queries(price_list, django_assert_max_num_queries):
    program = Program(price_list.company, "price-approval:read")
    program.get("price-approval/policy/")
    with django_assert_max_num_queries(2):
        program.get("price-approval/policy/")


def test_the_schema_describes_the_policy_and_says_that_keys_do_not_approve(client):
    schema = client.get("/api/schema/", {"format": "json"}).json()
    assert set(schema["paths"]["/api/v1/price-approval/policy/"]) == {"get", "patch"}
    assert set(schema["components"]["schemas"]["PricePolicy"]["properties"]) == {
        "approve_move",
        "approve_share",
        "is_on",
    }
    assert "every key gets 403" in schema["paths"]["/api/v1/price-lists/{id}/approve/"]["post"]["description"].replace(
        "\n", " "
    )


# --- the yes and the no -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scopes", [("prices:write",), ("prices:write", "price-approval:write")])
def test_a_key_cannot_be_the_second_person_and_is_told_who_can(price_list, waiting, scopes):
    answer = Program(price_list.company, *scopes).send("post", f"price-lists/{price_list.pk}/approve/")
    assert answer.status_code == 403
    assert "no second person" in answer.json()["detail"]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approved_by) == (RevisionState.WAITING, None)
    assert amounts() == {D("10.20")}


def test_what_a_key_sent_is_approved_by_any_person_who_may_change_prices(price_list):
    set_policy(price_list.company, share=10, move_percent=None)
    release(draft_change(price_list, Change(terms=HALF)), by=None)
    address = f"/api/v1/price-lists/{price_list.pk}/approve/"
    assert browser_of(price_list.company, Role.VIEWER).post(address).status_code == 403
    assert browser_of(price_list.company, Role.PRICING).post(address).json()["state"] == "published"
    assert amounts() == {D("6.38")}
    event = AuditEvent.objects.get(action="price_list.published")
    assert (event.actor_kind, event.user) == ("person", PriceRevision.objects.get().approved_by)


def test_the_no_drops_the_draft_and_is_noted(price_list, waiting):
    answer = browser_of(price_list.company, Role.PRICING).delete(f"/api/v1/price-lists/{price_list.pk}/draft/")
    assert answer.status_code == 204
    waiting.refresh_from_db()
    assert (waiting.state, amounts()) == (RevisionState.DROPPED, {D("10.20")})
    assert AuditEvent.objects.filter(action="price_list.draft_dropped").count() == 1


def test_a_changed_draft_waits_no_longer_and_cannot_be_approved(price_list, waiting):
    path = f"price-lists/{price_list.pk}"
    Program(price_list.company, "prices:write").send("patch", f"{path}/draft/", percent_off="60")
    answer = browser_of(price_list.company, Role.PRICING).post(f"/api/v1/{path}/approve/")
    assert answer.status_code == 409
    assert amounts() == {D("10.20")}


@pytest.mark.parametrize(("method", "what"), [("post", "approve"), ("delete", "draft"), ("post", "publish")])
def test_a_stranger_says_neither_yes_nor_no(price_list, waiting, method, what):
    path = f"price-lists/{price_list.pk}/{what}/"
    other = SupplierFactory()
    assert Program(other, "prices:write").send(method, path).status_code == 404
    assert getattr(browser_of(other), method)(f"/api/v1/{path}").status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == RevisionState.WAITING


def test_a_change_made_by_a_key_is_noted_with_its_name(price_list):
    program = Program(price_list.company, "prices:write")
    program.send("patch", f"price-lists/{price_list.pk}/", **HALF)
    event = AuditEvent.objects.get(action="price_list.changed")
    assert (event.actor_kind, event.sentence) == ("key", "Changed “Trade”: 2 prices moved.")
