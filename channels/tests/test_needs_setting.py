"""A connection whose key is good and that only lacks a choice: its settings mend it, and nobody is sent for a new key."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from catalog.models import PriceList
from channels import services
from channels.models import Health, Integration, Outbound, OutboundState
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from channels.tests.trading import Trade, listed, make_due
from channels.tests.wizard import words
from channels.tests.world import World, run
from portal.lib.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(world: World) -> Trade:
    """A Shift4Shop supplier who never chose a payment method, and an order for them."""
    trade = listed(world, supplier_kind="shift4shop")
    Integration.objects.filter(pk=trade.supplies.pk).update(settings={})
    trade.buy()
    trade.to_supplier()
    trade.supplies.refresh_from_db()
    return trade


@pytest.fixture
def client(login, trade) -> Client:
    return login(trade.supplier)


def page(client: Client, name: str, integration: Integration) -> str:
    return client.get(reverse(name, args=[integration.pk])).content.decode()


def choose_payment(client: Client, trade: Trade, value: str = "52 Purchase Order") -> None:
    form = client.get(reverse("integration-settings", args=[trade.supplies.pk])).context["form"]
    values = {bound.html_name: bound.value() or "" for bound in form} | {"setting_payment_method": value}
    client.post(reverse("integration-settings", args=[trade.supplies.pk]), values)


def test_it_is_misconfigured_and_its_page_leads_to_the_settings(client, trade):
    assert (trade.supplies.health, trade.supplies.health_code) == (Health.MISCONFIGURED, "setting_missing")
    html = page(client, "integration", trade.supplies)
    assert "Open settings" in words(html)
    assert f'class="btn primary" href="{reverse("integration-settings", args=[trade.supplies.pk])}"' in html


def test_its_settings_ask_the_store_and_do_not_send_for_a_new_key(client, trade):
    trade.supplier_store.place_order({"sku": "LAN-1", "quantity": 1})
    text = words(page(client, "integration-settings", trade.supplies))
    assert "Reauthorise first" not in text


def test_a_rejected_key_is_still_sent_to_reauthorise(client, trade):
    Integration.objects.filter(pk=trade.supplies.pk).update(
        health=Health.NEEDS_REAUTHORISATION, health_code="credentials_rejected"
    )
    assert "Reauthorise first" in words(page(client, "integration-settings", trade.supplies))


def test_the_mail_leads_to_the_settings(trade, django_capture_on_commit_callbacks):
    Integration.objects.filter(pk=trade.supplies.pk).update(health=Health.HEALTHY, health_code="")
    make_due(trade.supplies)
    with django_capture_on_commit_callbacks(execute=True):
        run(trade.supplies, "push_orders")
    assert f"/integrations/{trade.supplies.pk}/settings/" in mail.outbox[-1].body


def test_the_daily_check_does_not_call_it_mended(trade):
    assert run(trade.supplies, "check_credentials") == ["ok"]
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.MISCONFIGURED


def test_choosing_it_sends_what_waited(client, trade):
    choose_payment(client, trade)
    run(trade.supplies, "check_credentials")
    trade.supplies.refresh_from_db()
    assert trade.supplies.health == Health.HEALTHY
    make_due(trade.supplies)
    run(trade.supplies, "push_orders")
    assert len(trade.made()) == 1
    assert not Outbound.objects.filter(integration=trade.supplies, state=OutboundState.WAITING).exists()


def test_sync_now_says_what_to_do(trade):
    with pytest.raises(DomainError, match="choose what its settings lack"):
        services.sync_now(trade.supplies, "push_orders", by=None)


# --- its own problems -----------------------------------------------------------------------------------------------------


def test_the_problems_tab_shows_only_what_is_stuck_with_this_connection(login, kingsway):
    mine, other = make_integration(kingsway, name="Main"), make_integration(kingsway, name="Outlet")
    raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=mine, cause_key="mug")
    raise_problem(kingsway, "sku_missing", "A lamp has no SKU.", integration=other, cause_key="lamp")
    text = words(page(login(kingsway), "integration-problems", mine))
    assert "A mug has no SKU." in text
    assert "A lamp has no SKU." not in text


def test_a_connection_without_problems_says_so(login, kingsway):
    assert "Nothing is stuck" in words(page(login(kingsway), "integration-problems", make_integration(kingsway)))


def test_many_problems_take_as_many_queries_as_one(login, kingsway, django_assert_max_num_queries):
    store = make_integration(kingsway)
    for number in range(60):
        raise_problem(kingsway, "sku_missing", f"Mug {number}.", integration=store, cause_key=f"mug{number}")
    client = login(kingsway)
    with django_assert_max_num_queries(25):
        html = page(client, "integration-problems", store)
    assert html.count("Who acts:") == 50
    assert "Older" in html


# --- the page after connecting ---------------------------------------------------------------------------------------------


def test_a_selling_store_is_not_promised_products(login, acme):
    store = make_integration(acme)
    text = words(page(login(acme), "integration-connected", store))
    assert "Orders are taken over from now on" in text
    assert "products arrive" not in text
    assert "Find your first supplier" in text


def test_with_a_supplier_the_next_step_is_choosing(login, acme, partnership):
    assert "Choose products to sell" in words(page(login(acme), "integration-connected", make_integration(acme)))


def test_a_supplier_with_a_price_list_is_not_told_to_begin_with_prices(login, acme):
    store = make_integration(acme, supplies=True)
    assert "Set pricing on the Prices page" in words(page(login(acme), "integration-connected", store))
    PriceList.objects.create(company=acme, name="Trade", currency="GBP")
    assert "Look at the prices of the new products" in words(page(login(acme), "integration-connected", store))


def test_a_supplier_without_a_payment_method_is_told_that_orders_wait(client, trade):
    assert "partners’ orders wait here until you choose it" in words(
        page(client, "integration-connected", trade.supplies)
    )
