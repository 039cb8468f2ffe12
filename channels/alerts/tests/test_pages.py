"""The pages of alerts: the inbox, the rules, the webhooks and their log."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from channels.alerts import endpoints, inbox
from channels.alerts.sweep import sweep
from channels.models import Alert, AlertMail, AlertRule, Delivery, WebhookEndpoint
from channels.tests.factories import make_integration
from portal.companies.models import AuditEvent
from portal.companies.scope import Scope
from portal.companies.tests.factories import MembershipFactory
from portal.lib.prepared import how_many

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Large ones", "whose": "anybody", "at_least": "10", "older": "2", "unit": "60", "in_portal": "on",
    "mail_to": "acting", "pace": "daily", "daily_hour": "7",
}  # fmt: skip


@pytest.fixture
def owner(office, acme, login) -> Any:
    return login(acme)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_inbox_shows_what_is_new_once_and_counts_it_beside_the_bell(office, owner):
    office.stick(3)
    sweep()
    home = owner.get(reverse("problems"))
    assert '1<span class="sr"> unread</span>' in text(home)
    first = text(owner.get(reverse("alerts")))
    assert "3 orders: a SKU is not among the listings" in first
    assert ">New<" in first
    assert "£30.00" in first
    again = text(owner.get(reverse("alerts")))
    assert ">New<" not in again
    assert "unread</span>" not in again


def test_what_one_person_read_is_still_new_to_another(office, acme):
    office.stick(1)
    sweep()
    one, other = (Scope.of_membership(MembershipFactory(company=acme)) for _ in range(2))
    inbox.mark_read(one)
    assert how_many([inbox.unread(one), inbox.unread(other)]) == [0, 1]


def test_what_is_back_to_normal_is_news_and_stands_under_its_tab(office, owner):
    office.stick(4)
    office.news()
    owner.get(reverse("alerts"))
    office.mend()
    office.sweeps(minutes=15)
    page = text(owner.get(reverse("alerts"), {"tab": "over"}))
    assert "Just over" in page
    assert "4 caught up" in page


def test_an_alert_of_a_rule_that_does_not_tell_in_the_portal_is_not_shown(office, owner):
    office.rule(in_portal=False)
    office.stick(1)
    sweep()
    assert Alert.objects.exists()
    assert "a SKU is not among" not in text(owner.get(reverse("alerts"), {"tab": "all"}))


def test_the_inbox_costs_the_same_for_many_alerts(office, owner, django_assert_max_num_queries):
    for number in range(40):
        office.stick(1, key=f"no_such_sku:{number}")
    sweep()
    owner.get(reverse("alerts"))
    with django_assert_max_num_queries(18):
        owner.get(reverse("alerts"))


@pytest.mark.row("S5-28")
def test_a_rule_is_made_with_everything_that_was_chosen(office, owner, acme):
    person, store = MembershipFactory(company=acme), make_integration(acme)
    chosen = {"codes": ["zero_price"], "integration": store.pk, "mail_to": "chosen", "members": [person.pk]}
    answer = owner.post(reverse("alert-rule-new"), {**FORM, **chosen}, follow=True)
    assert "“Large ones” is saved" in text(answer)
    rule = AlertRule.objects.get(name="Large ones")
    assert (rule.codes, rule.integration, rule.at_least, rule.older_than_minutes) == (["zero_price"], store, 10, 120)
    assert list(rule.people.all()) == [person]
    assert rule.digest_due_at.hour == 7
    assert AuditEvent.objects.filter(action="alert_rule.created").exists()


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(office, owner, acme):
    cases = {
        "Choose at least one person": {"mail_to": "chosen"},
        "Choose where to tell": {"mail_to": "nobody", "in_portal": ""},
        "exists already": {"name": "Something needs you"},
        "A month is the most": {"older": "99", "unit": "1440"},
        "greater than or equal to 1": {"at_least": "0"},
    }
    for sentence, wrong in cases.items():
        assert sentence in text(owner.post(reverse("alert-rule-new"), {**FORM, **wrong})), sentence
    assert not AlertRule.objects.filter(name="Large ones").exists()


def test_another_companys_people_connections_and_webhooks_cannot_be_chosen(office, owner, stranger):
    person, store = MembershipFactory(company=stranger), make_integration(stranger)
    hook = endpoints.create(stranger, name="X", url="https://x.example.com/", by=None).endpoint
    for wrong in ({"members": [person.pk]}, {"integration": store.pk}, {"endpoint": hook.pk}):
        owner.post(reverse("alert-rule-new"), {**FORM, **wrong})
    assert not AlertRule.objects.filter(name="Large ones").exists()


def test_the_preview_counts_while_one_types(office, owner):
    office.stick(12)
    page = text(owner.post(reverse("alert-rule-preview"), {**FORM, "older": "0"}))
    assert "Would have alerted once in the last 7 days." in page
    assert "1 × A SKU is not among the listings" in page
    assert "Would not have alerted" in text(owner.post(reverse("alert-rule-preview"), {**FORM, "at_least": "99"}))
    assert "as soon as the rule can be read" in text(owner.post(reverse("alert-rule-preview"), {"at_least": "x"}))


def test_switching_a_rule_off_ends_its_alerts_and_can_be_undone(office, owner, acme):
    office.stick(1)
    sweep()
    rule = acme.alert_rules.get(standard="needs_us")
    answer = owner.post(reverse("alert-rule-switch", args=[rule.pk]), follow=True)
    assert "Nobody is told by it." in text(answer)
    assert reverse("alert-rule-switch", args=[rule.pk]) in text(answer)
    assert Alert.objects.get().cleared_at
    owner.post(reverse("alert-rule-switch", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.enabled


def test_a_test_goes_to_everybody_whom_the_rule_tells_and_not_twice_a_minute(office, owner, acme):
    rule = acme.alert_rules.get(standard="needs_us")
    page = text(owner.post(reverse("alert-rule-test", args=[rule.pk]), follow=True))
    assert "A test is on its way to 2 people." in page
    assert AlertMail.objects.filter(is_test=True).count() == 2
    assert "less than a minute ago" in text(owner.post(reverse("alert-rule-test", args=[rule.pk]), follow=True))


def test_a_standard_rule_is_switched_off_and_not_removed(office, owner, acme):
    own = AlertRule.objects.create(company=acme, name="Own")
    for rule in acme.alert_rules.all():
        owner.post(reverse("alert-rule-remove", args=[rule.pk]))
    assert not AlertRule.objects.filter(pk=own.pk).exists()
    assert acme.alert_rules.count() == 2


def test_a_webhooks_secret_is_shown_once(office, owner, acme):
    data = {"name": "ERP", "url": "https://erp.example.com/hooks"}
    page = owner.post(reverse("webhook-new"), data)
    hook = WebhookEndpoint.objects.get()
    secret = hook.secret["secret"]
    assert secret in text(page)
    assert "no-store" in page["Cache-Control"]
    for name, args in (("webhooks", ()), ("webhook", (hook.pk,)), ("webhook-edit", (hook.pk,))):
        assert secret not in text(owner.get(reverse(name, args=args)))
    assert not AuditEvent.objects.filter(sentence__contains=secret).exists()


def test_a_bad_address_is_said_beside_the_field(office, owner):
    page = text(owner.post(reverse("webhook-new"), {"name": "ERP", "url": "http://erp.example.com/"}))
    assert "must begin with https://" in page
    assert not WebhookEndpoint.objects.exists()


def test_the_log_shows_request_and_answer_and_sends_again(office, owner, acme):
    hook = endpoints.create(acme, name="ERP", url="https://erp.example.com/", by=None).endpoint
    row = Delivery.objects.create(endpoint=hook, event="alert.opened", body={"type": "alert.opened"}, state="failed")
    row.tries.create(
        url=hook.url, status=404, response_body="<h1>no such page</h1>", request_headers={"webhook-id": "e1"}
    )
    assert "alert.opened" in text(owner.get(reverse("webhook", args=[hook.pk]), {"tab": "failed"}))
    page = text(owner.get(reverse("webhook-delivery", args=[hook.pk, row.pk])))
    assert "webhook-id: e1" in page
    assert "&lt;h1&gt;no such page" in page
    answer = owner.post(reverse("webhook-delivery-resend", args=[hook.pk, row.pk]), follow=True)
    assert "alert.opened is sent again." in text(answer)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)


def test_everything_since_a_moment_is_sent_again_by_its_form(office, owner, acme):
    hook = endpoints.create(acme, name="ERP", url="https://erp.example.com/", by=None).endpoint
    Delivery.objects.create(endpoint=hook, event="alert.opened", state="failed")
    address = reverse("webhook-resend", args=[hook.pk])
    assert "1 is sent again." in text(owner.post(address, {"since": "2026-11-20T08:00"}, follow=True))
    assert "Nothing has failed since then." in text(owner.post(address, {"since": "2026-11-20T08:00"}, follow=True))
    assert "Choose a day and a time" in text(owner.post(address, {"since": "tomorrow"}, follow=True))


def test_a_role_that_may_not_make_webhooks_reads_their_log_only(office, acme, login):
    hook = endpoints.create(acme, name="ERP", url="https://erp.example.com/", by=None).endpoint
    assert 'data-p="2r" data-head="Failed"' in text(login(acme).get(reverse("webhooks")))
    worker = login(acme, "operations")
    page = text(worker.get(reverse("webhook", args=[hook.pk])))
    assert "New secret" not in page
    assert worker.post(reverse("webhook-rotate", args=[hook.pk])).status_code == 403
    viewer = login(acme, "viewer")
    assert "New rule" not in text(viewer.get(reverse("alert-rules")))
    assert viewer.get(reverse("webhooks")).status_code == 403


def test_another_companys_delivery_is_not_found_under_ones_own_webhook(office, owner, acme, stranger):
    mine = endpoints.create(acme, name="ERP", url="https://erp.example.com/", by=None).endpoint
    theirs = endpoints.create(stranger, name="ERP", url="https://erp.example.com/", by=None).endpoint
    row = Delivery.objects.create(endpoint=theirs, event="alert.opened")
    assert owner.get(reverse("webhook-delivery", args=[mine.pk, row.pk])).status_code == 404
    assert owner.get(reverse("webhook-delivery", args=[theirs.pk, row.pk])).status_code == 404
