"""Alerts for staff: looked at, sent again with a reason, and counted."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from channels.alerts import endpoints
from channels.alerts.metrics import AlertCollector
from channels.alerts.sweep import sweep
from channels.models import AlertMail, Delivery
from portal.companies.models import AuditEvent, User

pytestmark = pytest.mark.django_db
TABLES = ("alertrule", "alert", "alertmail", "webhookendpoint", "delivery", "deliveryattempt", "alertreading")


@pytest.fixture
def staff(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ops@example.com", "a-long-quiet-password"))
    cache.clear()
    return client


@pytest.fixture
def filled(office, acme) -> Delivery:
    """A row of every table."""
    hook = endpoints.create(acme, name="ERP", url="https://erp.example.com/", by=None).endpoint
    office.rule(endpoint=hook)
    office.stick(2)
    sweep()
    row = Delivery.objects.get()
    row.tries.create(url=hook.url, status=404)
    Delivery.objects.update(state="failed", finished_at=row.created_at)
    return row


def act(staff: Client, model: str, pk: int, action: str, reason: str = "Their receiver was away"):
    address = reverse(f"admin:channels_{model}_changelist")
    data = {"action": action, "_selected_action": [pk], "confirmed": "1", "reason": reason}
    return staff.post(address, data, follow=True)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_shown_and_no_secret_on_its_pages(staff, filled, table):
    secret = filled.endpoint.secret["secret"]
    answer = staff.get(reverse(f"admin:channels_{table}_changelist"))
    assert answer.status_code == 200
    page = staff.get(reverse("admin:channels_webhookendpoint_change", args=[filled.endpoint_id]))
    assert secret.removeprefix("whsec_") not in answer.content.decode() + page.content.decode()


def test_a_delivery_is_sent_again_with_a_reason_that_is_kept(staff, filled):
    act(staff, "delivery", filled.pk, "resend")
    filled.refresh_from_db()
    assert filled.state == "waiting"
    event = AuditEvent.objects.get(action="staff.resend")
    assert (event.reason, event.company) == ("Their receiver was away", filled.endpoint.company)


def test_without_a_reason_nothing_is_sent(staff, filled):
    act(staff, "delivery", filled.pk, "resend", reason="")
    filled.refresh_from_db()
    assert filled.state == "failed"


def test_a_mail_on_its_way_is_not_sent_beside_itself(staff, filled):
    row = AlertMail.objects.get()
    assert "on its way already" in act(staff, "alertmail", row.pk, "resend").content.decode()


def test_figures_tell_how_many_alerts_are_open_and_deliveries_failed(office, filled):
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in AlertCollector().collect()
        for sample in metric.samples
    }
    assert found["tradelane_alerts_open",] == 1
    assert found["tradelane_deliveries", "failed"] == 1
    assert found["tradelane_deliveries", "waiting"] == 0
    assert found["tradelane_alert_mails", "waiting"] == 1
