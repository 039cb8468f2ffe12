"""Which webhooks are kept, and which are looked at first."""

from __future__ import annotations

import pytest
from django_q.models import OrmQ

from channels import inbox
from channels.contract import Topic
from channels.models import OrderLink, Receipt
from channels.tests.factories import make_company
from channels.tests.world import World

pytestmark = pytest.mark.django_db


def test_a_store_that_only_sells_keeps_no_webhooks_about_goods(world: World):
    store = world.store("bigcommerce")
    selling = world.connect(make_company("Acme", kind="retailer"), store)
    assert not inbox._wanted(selling, Topic.PRODUCT)
    assert not inbox._wanted(selling, Topic.STOCK)
    assert inbox._wanted(selling, Topic.ORDER)


def test_a_store_that_supplies_keeps_them(world: World):
    supplying = world.connect(make_company(), world.store("bigcommerce"))
    assert inbox._wanted(supplying, Topic.PRODUCT)
    assert inbox._wanted(supplying, Topic.ORDER)


def test_a_sale_is_fetched_before_a_burst_about_goods(world: World):
    store = world.store("bigcommerce")
    store.on_shelf({"name": "Lantern", "sku": "71053", "price": "3.39", "stock": 10})
    integration = world.connect(make_company("Acme", kind="both"), store)
    placed = store.place_order({"sku": "71053", "quantity": 1})
    for number in range(5):
        Receipt.objects.create(integration=integration, event_key=f"g{number}", topic=Topic.PRODUCT, remote_id="999")
    Receipt.objects.create(integration=integration, event_key="o", topic=Topic.ORDER, remote_id=str(placed["id"]))
    inbox.handle_waiting(integration.pk, most=1)
    assert OrderLink.objects.get().remote_id == str(placed["id"])


def test_a_long_burst_is_taken_in_turns_and_goes_on_by_itself(world: World, monkeypatch):
    store = world.store("bigcommerce")
    made = store.on_shelf(*({"name": f"Mug {n}", "sku": f"M-{n}", "price": "3.39", "stock": 1} for n in range(3)))
    integration = world.connect(make_company(), store)
    for product in made:
        Receipt.objects.create(
            integration=integration, event_key=f"p{product['id']}", topic=Topic.PRODUCT, remote_id=str(product["id"])
        )
    monkeypatch.setattr(inbox, "LONGEST_TURN", -1.0)
    assert inbox.handle_waiting(integration.pk) == 0
    assert OrmQ.objects.filter(key="trade").exists()
    monkeypatch.setattr(inbox, "LONGEST_TURN", 20.0)
    assert inbox.handle_waiting(integration.pk) == 3
