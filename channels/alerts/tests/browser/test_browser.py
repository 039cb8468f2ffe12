"""Alerts in Chromium: the drawer with its preview, the secret, the log, the phone, both colour schemes."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from channels.alerts import endpoints, standard
from channels.alerts.sweep import sweep
from channels.models import Alert, AlertRule, Delivery, Problem
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.companies.models import Company
from portal.companies.tests.factories import MembershipFactory, RetailerFactory
from portal.lib import clock
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Where pictures go for whoever wants to look; none are made without it.
PICTURES = os.environ.get("TRADELANE_PICTURES", "")


@pytest.fixture(autouse=True)
def _nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.alerts.waking.async_task", lambda *args, **more: None)


@pytest.fixture
def stuck(transactional_db: None) -> Company:
    """A company with alerts of each state, a webhook with a log and a rule of its own."""
    acme = RetailerFactory(name="Acme Outdoor", is_sandbox=True, created_at=clock.now() - timedelta(days=30))
    standard.ensure([acme])
    store = make_integration(acme, name="Acme Outdoor shop")
    hook = endpoints.create(acme, name="ERP", url="https://erp.acme.example.com/tradelane/alerts", by=None).endpoint
    AlertRule.objects.create(
        company=acme, name="On call", codes=["credentials_rejected", "no_such_sku"], at_least=10, older_than_minutes=120,
        integration=store, endpoint=hook, mail_to="nobody",
    )  # fmt: skip
    for number, key in enumerate(("85099Z", "85099Z", "85099Z", "22423")):
        problem = raise_problem(
            acme, "no_such_sku", f"SKU {key} is not among the listings.", cause_key=f"no_such_sku:{key}",
            record_name=f"AC-{number}", value=Decimal("94.70"), currency="GBP", integration=store,
        )  # fmt: skip
        Problem.objects.filter(pk=problem.pk).update(record_type="order", record_id=number + 1)
    raise_problem(acme, "unexpected_answer", "The store answered in a way we do not know.", integration=store)
    sweep()
    Alert.objects.create(
        company=acme, rule=acme.alert_rules.first(), cause_key="old", code="no_price", title="37 orders: a product has no price",
        stuck_since=clock.now() - timedelta(days=2), opened_at=clock.now() - timedelta(days=2), told_at=clock.now(),
        cleared_at=clock.now() - timedelta(hours=3), caught_up=37, count=37,
    )  # fmt: skip
    body = {"type": "alert.opened", "data": {"title": "3 orders: a SKU is not among the listings", "count": 3}}
    failed = Delivery.objects.create(
        endpoint=hook, event="alert.opened", body=body, state="failed", attempts=8, last_answer="503"
    )
    for status, error in ((503, ""), (None, "it took longer than 10 seconds")):
        failed.tries.create(
            url=hook.url, status=status, error=error, milliseconds=412, response_body="<h1>Service unavailable</h1>" if status else "",
            request_headers={"webhook-id": failed.event_id, "webhook-timestamp": "1795176000"},
            response_headers={"Content-Type": "text/html"} if status else {},
        )  # fmt: skip
    Delivery.objects.create(endpoint=hook, event="webhook.test", body=body, state="sent", attempts=1, last_answer="200")
    hook.failures = 1
    hook.save()
    return acme


def look(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def test_a_rule_is_made_in_the_drawer_with_a_preview_that_follows(enter: Any, live_server: Any, stuck: Company):
    page = enter(MembershipFactory(company=stuck).user)
    page.goto(f"{live_server.url}/alerts/rules/")
    page.get_by_role("link", name="New rule").click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_text("Would have alerted 3 times in the last 7 days.")).to_be_visible()
    drawer.get_by_role("textbox", name="Name").fill("Large ones")
    drawer.get_by_label("At least so many records").fill("3")
    drawer.get_by_label("At least so many records").press("Tab")
    expect(drawer.get_by_text("Would have alerted once in the last 7 days.")).to_be_visible()
    drawer.get_by_label("Tell by e-mail").select_option("chosen")
    expect(drawer.get_by_text("Somebody who leaves the company hears nothing more.")).to_be_visible()
    drawer.get_by_role("checkbox").last.check()
    look(page, "rule-drawer")
    assert faults_of(page) == []
    drawer.get_by_role("button", name="Make the rule").click()
    expect(page.get_by_text("“Large ones” is saved.")).to_be_visible()
    assert AlertRule.objects.get(name="Large ones").at_least == 3


def test_a_failed_delivery_is_read_and_sent_again(enter: Any, live_server: Any, stuck: Company):
    page = enter(MembershipFactory(company=stuck).user)
    page.goto(f"{live_server.url}/alerts/webhooks/")
    page.get_by_role("link", name="ERP", exact=True).click()
    page.get_by_role("link", name="alert.opened").click()
    expect(page.get_by_text("it took longer than 10 seconds")).to_be_visible()
    page.get_by_text("503").last.click()
    expect(page.get_by_text("<h1>Service unavailable</h1>")).to_be_visible()
    look(page, "delivery")
    assert faults_of(page) == []
    page.get_by_role("button", name="Send again").last.click()
    expect(page.get_by_text("alert.opened is sent again.")).to_be_visible()
    assert Delivery.objects.get(event="alert.opened").state == "waiting"


def test_a_webhook_is_made_and_its_secret_shown_once(enter: Any, live_server: Any, stuck: Company):
    page = enter(MembershipFactory(company=stuck).user)
    page.goto(f"{live_server.url}/alerts/webhooks/new/")
    page.get_by_label("Name").fill("Pager")
    page.get_by_label("Address").fill("http://10.0.0.1/hooks")
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.get_by_text("must begin with https://")).to_be_visible()
    page.get_by_label("Address").fill("https://pager.example.com/hooks")
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.get_by_text("we cannot show it again")).to_be_visible()
    look(page, "secret")
    assert faults_of(page) == []


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (320, "dark")])
def test_every_page_of_alerts_is_accessible_and_fits(enter: Any, live_server: Any, stuck: Company, width, theme):
    page = enter(MembershipFactory(company=stuck).user)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    rule, hook = stuck.alert_rules.get(name="On call"), stuck.webhook_endpoints.get()
    row = hook.deliveries.get(event="alert.opened")
    paths = {
        "alerts": "", "over": "?tab=over", "rules": "rules/", "rule": f"rules/{rule.pk}/", "webhooks": "webhooks/",
        "log": f"webhooks/{hook.pk}/", "delivery": f"webhooks/{hook.pk}/deliveries/{row.pk}/",
    }  # fmt: skip
    found: dict[str, object] = {}
    for name, path in paths.items():
        page.goto(f"{live_server.url}/alerts/{path}")
        if name == "rule":
            expect(page.get_by_text("in the last 7 days.")).to_be_visible()
        if faults := faults_of(page):
            found[name] = faults
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[name] = f"{wide} px wide"
        look(page, f"{width}-{theme}-{name}")
    assert found == {}
