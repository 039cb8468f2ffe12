"""Alerts for programs: rules, alerts, webhooks, deliveries; scopes, strangers, bad input."""

from __future__ import annotations

import pytest

from channels.alerts import endpoints
from channels.alerts.sweep import sweep
from channels.models import AlertMail, AlertRule, Delivery, WebhookEndpoint
from channels.tests.factories import make_integration
from portal.companies.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

RULES, ALERTS = "/api/v1/alert-rules/", "/api/v1/alerts/"
HOOKS, DELIVERIES = "/api/v1/webhook-endpoints/", "/api/v1/webhook-deliveries/"


@pytest.fixture
def program(office, acme, api):
    return api(acme, "alerts:write", "webhooks:write")


def test_a_rule_is_made_changed_previewed_tried_and_removed(office, program, acme):
    store, person = make_integration(acme), MembershipFactory(company=acme)
    body = {"name": "Big", "codes": ["no_such_sku"], "integration_id": store.pk, "at_least": 2, "mail_to": "chosen"}
    answer = program.post(RULES, {**body, "people": [person.user.email]}, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["codes"], made["people"], made["integration_id"]) == (["no_such_sku"], [person.user.email], store.pk)
    address = f"{RULES}{made['id']}/"
    changed = program.patch(address, {"pace": "daily", "integration_id": None, "enabled": False}, format="json").json()
    assert (changed["pace"], changed["integration_id"], changed["enabled"]) == ("daily", None, False)
    assert changed["digest_due_at"]
    assert changed["people"] == [person.user.email]
    office.stick(3)
    assert program.get(f"{address}preview/").json()["number"] == 1
    assert program.post(f"{address}test/").json()["addresses"] == [person.user.email]
    assert AlertMail.objects.get(is_test=True).to == person.user.email
    assert program.delete(address).status_code == 204
    assert not AlertRule.objects.filter(name="Big").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"codes": ["no_such_cause"]}, "codes"),
        ({"integration_id": 99999}, "integration_id"),
        ({"endpoint_id": 99999}, "endpoint_id"),
        ({"people": ["nobody@example.com"]}, "people"),
        ({"mail_to": "chosen"}, "people"),
        ({"mail_to": "nobody", "in_portal": False}, "in_portal"),
        ({"at_least": 0}, "at_least"),
        ({"daily_hour": 24}, "daily_hour"),
        ({"pace": "now"}, "pace"),
        ({"name": ""}, "name"),
        ({"name": "Something needs you"}, "name"),
    ],
)
def test_what_is_wrong_is_named(office, program, wrong, field):
    answer = program.post(RULES, {"name": "Big", **wrong}, format="json")
    assert answer.status_code in {400, 409}
    assert answer.json()["field"] == field
    assert not AlertRule.objects.filter(name="Big").exists()


def test_a_standard_rule_can_be_switched_off_and_not_removed(office, program):
    row = AlertRule.objects.get(standard="needs_us")
    assert program.delete(f"{RULES}{row.pk}/").status_code == 400
    assert program.patch(f"{RULES}{row.pk}/", {"enabled": False}, format="json").json()["enabled"] is False


def test_alerts_are_read_with_what_is_stuck(office, program):
    office.stick(2)
    sweep()
    (row,) = program.get(ALERTS, {"open": "true"}).json()["results"]
    assert (row["count"], row["amounts"], row["code"]) == (2, {"GBP": "20.00"}, "no_such_sku")
    assert row["action"] == "Match it once; we remember it."
    assert program.get(ALERTS, {"open": "false"}).json()["results"] == []
    assert program.post(ALERTS, {}).status_code == 405


def test_a_webhooks_secret_is_in_one_answer_only(office, program):
    made = program.post(HOOKS, {"name": "ERP", "url": "https://erp.example.com/"}, format="json").json()
    address = f"{HOOKS}{made['id']}/"
    assert made["secret"].startswith("whsec_")
    assert "secret" not in program.get(address).json()
    turned = program.post(f"{address}rotate/").json()
    assert turned["secret"] != made["secret"]
    assert turned["old_secret_until"]
    changed = program.patch(address, {"url": "https://new.example.com/", "enabled": False}, format="json").json()
    assert (changed["url"], changed["enabled"]) == ("https://new.example.com/", False)
    assert program.post(f"{address}test/").status_code == 400
    assert program.delete(address).status_code == 204
    assert program.get(address).status_code == 404
    assert WebhookEndpoint.objects.get().secret == {}


@pytest.mark.parametrize("url", ["http://erp.example.com/", "https://127.0.0.1/", "https://10.0.0.1/", "nonsense", ""])
def test_an_address_that_we_do_not_call_is_refused(office, program, url):
    answer = program.post(HOOKS, {"name": "ERP", "url": url}, format="json")
    assert answer.status_code == 400
    assert answer.json()["field"] == "url"


def test_deliveries_are_read_and_sent_again(office, program, acme):
    hook = endpoints.create(acme, name="ERP", url="https://erp.example.com/", by=None).endpoint
    rows = [Delivery.objects.create(endpoint=hook, event="alert.opened", state="failed") for _ in range(2)]
    rows[0].tries.create(url=hook.url, status=500, response_body="broken")
    assert len(program.get(DELIVERIES, {"state": "failed", "endpoint_id": hook.pk}).json()["results"]) == 2
    whole = program.get(f"{DELIVERIES}{rows[0].pk}/").json()
    assert whole["tries"][0]["response_body"] == "broken"
    assert program.post(f"{DELIVERIES}{rows[0].pk}/resend/").json()["state"] == "waiting"
    assert program.post(f"{DELIVERIES}{rows[0].pk}/resend/").status_code == 409
    answer = program.post(f"{HOOKS}{hook.pk}/resend/", {"since": "2026-11-01T00:00:00Z"}, format="json")
    assert answer.json() == {"number": 1}


def test_reading_needs_a_scope_and_changing_another(office, acme, api):
    reader, other = api(acme, "alerts:read"), api(acme, "orders:read")
    assert reader.get(RULES).status_code == 200
    assert reader.post(RULES, {"name": "Big"}, format="json").status_code == 403
    assert reader.get(HOOKS).status_code == 403
    assert other.get(ALERTS).status_code == 403


def test_a_person_needs_the_role_for_it(office, acme, login):
    assert login(acme, "viewer").get(RULES).status_code == 200
    body = {"name": "Big"}
    assert login(acme, "viewer").post(RULES, body, content_type="application/json").status_code == 403
    assert login(acme, "operations").post(RULES, body, content_type="application/json").status_code == 201
    assert login(acme, "operations").post(HOOKS, body, content_type="application/json").status_code == 403


def test_another_company_reads_and_names_nothing(office, acme, stranger, api):
    hook = endpoints.create(acme, name="ERP", url="https://erp.example.com/", by=None).endpoint
    nosy = api(stranger, "alerts:write", "webhooks:write")
    assert nosy.get(f"{HOOKS}{hook.pk}/").status_code == 404
    assert nosy.post(RULES, {"name": "Big", "endpoint_id": hook.pk}, format="json").json()["field"] == "endpoint_id"
