"""What the wizard's last step asks a Shift4Shop supplier: the payment method, and nothing that looks optional but is not."""

from __future__ import annotations

import pytest
from django.test import Client

from channels.models import Integration
from channels.tests.wizard import at, begin, check, finish, give, words
from channels.tests.world import SimStore, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(login, kingsway) -> Client:
    kingsway.is_sandbox = True
    kingsway.save()
    return login(kingsway)


@pytest.fixture
def store(world: World) -> SimStore:
    store = world.store("shift4shop")
    store.on_shelf({"sku": "MUG", "name": "Mug", "price": 5, "stock": 9})
    return store


def last_step(client: Client, store: SimStore):
    draft = begin(client, store.kind)
    give(client, draft, store)
    check(client, draft)
    client.post(at(draft, "check"))
    return draft, client.get(at(draft, "sync"))


def paid_offline(store: SimStore) -> None:
    """A customer of the store pays by purchase order."""
    store.place_order({"sku": "MUG", "quantity": 1}, payment_method="52")


def test_it_is_suggested_from_recent_orders_and_demanded(client, store):
    paid_offline(store)
    draft, page = last_step(client, store)
    field = page.context["form"]["setting_payment_method"]
    assert field.value() == "52 Purchase Order"
    assert field.field.required
    answer = finish(client, draft, setting_payment_method="")
    assert "Choose the payment method for partner orders." in words(answer.content)
    assert not Integration.objects.exists()
    assert finish(client, draft).status_code == 302
    assert Integration.objects.get().settings["payment_method"] == "52 Purchase Order"


def test_a_store_that_offers_none_is_connected_and_told_that_orders_wait(client, store):
    draft, page = last_step(client, store)
    assert "partners’ orders wait here until then" in words(page.content)
    answer = finish(client, draft)
    assert "partners’ orders wait here until you choose it" in words(client.get(answer.url).content)


def test_a_menu_with_a_default_does_not_call_itself_optional(client, store):
    _, page = last_step(client, store)
    text = words(page.content)
    for label in ("First orders", "Import orders with status", "Keep names and descriptions up to date"):
        assert f"{label} (optional)" not in text
        assert label in text
