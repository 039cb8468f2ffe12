"""What a person is shown before and while connecting a BigCommerce store."""

from __future__ import annotations

import pytest

from channels.connectors.bigcommerce.connector import BigCommerce

STEPS = [f"{step.text} {step.tip}" for step in BigCommerce.guide]


@pytest.mark.row("S4-07")
def test_three_pieces_are_needed_and_the_secret_is_optional() -> None:
    needed = [field.name for field in BigCommerce.credential_fields if field.is_required]
    assert needed == ["store_hash", "client_id", "access_token"]
    (optional,) = [field for field in BigCommerce.credential_fields if not field.is_required]
    assert optional.name == "client_secret"
    assert "signature" in optional.help


@pytest.mark.row("S4-13")
def test_token_and_secret_are_declared_secret() -> None:
    assert {field.name for field in BigCommerce.credential_fields if field.is_secret} == {
        "access_token",
        "client_secret",
    }


@pytest.mark.row("S4-08")
def test_the_guide_leads_to_the_page_that_makes_a_token() -> None:
    path = " ".join(STEPS)
    places = [
        path.index(word) for word in ("log in", "Settings", "Store-level API accounts", "Create API account", "V2/V3")
    ]
    assert places == sorted(places)


@pytest.mark.row("S4-11")
def test_a_person_is_warned_before_the_click_that_the_credentials_are_shown_once() -> None:
    (save,) = [place for place, step in enumerate(STEPS) if step.startswith("Save.")]
    (copy,) = [place for place, step in enumerate(STEPS) if step.startswith("Copy")]
    assert "shows them this once" in STEPS[save]
    assert save < copy


@pytest.mark.row("S4-09")
def test_every_permission_has_a_reason_and_the_menu_that_grants_it() -> None:
    told = {f"{each.name}: {each.access}": each for each in BigCommerce.permissions}
    assert {"Orders: modify", "Order Transactions: read-only", "Products: modify"} <= set(told)
    assert all(each.why and each.menu for each in told.values())
    assert told["Products: modify"].is_optional
    assert not told["Orders: modify"].is_optional


def test_every_call_belongs_to_a_permission_that_is_asked_for() -> None:
    asked = {each.name for each in BigCommerce.permissions} | {"Webhooks"}
    assert {call.area for call in BigCommerce.calls} == asked
    writes = {call.area for call in BigCommerce.calls if call.method != "GET" and not call.is_for_listings}
    assert writes == {"Orders", "Webhooks"}
