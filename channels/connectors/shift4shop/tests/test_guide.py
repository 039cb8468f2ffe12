"""What people read while they connect."""

from __future__ import annotations

import pytest

from channels.connectors.shift4shop.connector import Shift4Shop


def test_both_names_of_the_vendor_are_shown_and_found() -> None:
    assert "Shift4Shop" in Shift4Shop.label
    assert "3dcart" in Shift4Shop.label
    assert "3dcart" in Shift4Shop.other_names


@pytest.mark.row("S1-05")
@pytest.mark.row("S1-06")
@pytest.mark.row("S1-07")
def test_the_secure_url_field_says_what_it_is_not_how_it_looks_and_where_it_is() -> None:
    field = {field.name: field for field in Shift4Shop.credential_fields}["secure_url"]

    assert "Not the address your customers see" in field.help
    assert ".3dcartstores.com or .3dcart.net" in field.help
    assert "Settings > General > Store Settings" in field.help


@pytest.mark.row("S2-12")
def test_the_access_token_is_a_secret_field() -> None:
    field = {field.name: field for field in Shift4Shop.credential_fields}["token"]

    assert (field.label, field.is_secret, field.is_required) == ("Access token", True, True)


@pytest.mark.row("S1-12")
def test_the_permissions_that_are_asked_for_are_those_of_the_guide_and_product_writing_is_optional() -> None:
    asked = {(permission.name, permission.access): permission.is_optional for permission in Shift4Shop.permissions}

    assert asked[("Orders", "read")] is asked[("Orders", "write")] is False
    assert asked[("OrderStatus", "read")] is asked[("Products", "read")] is False
    assert asked[("Products", "write")] is True
    assert all(permission.why and permission.menu for permission in Shift4Shop.permissions)


@pytest.mark.parametrize(
    ("position", "parts"),
    [
        pytest.param(0, ["developer portal in a new tab", "e-mail and password"], marks=pytest.mark.row("S2-13")),
        pytest.param(1, ["Add new", "Create app", "Save"], marks=pytest.mark.row("S2-14")),
        pytest.param(2, ["another window and keep it open", "user name and password"], marks=pytest.mark.row("S2-15")),
        pytest.param(3, ["Modules", "rest API", "Settings", "Add"], marks=pytest.mark.row("S2-16")),
        pytest.param(
            4,
            ["public key from the developer portal into the store", "Save", "Authorize"],
            marks=pytest.mark.row("S2-17"),
        ),
        pytest.param(5, ["new entry"], marks=pytest.mark.row("S2-18")),
        pytest.param(6, ["Stores that are using this APP"], marks=pytest.mark.row("S2-19")),
        pytest.param(7, ["store's address", "Proceed", "token"], marks=pytest.mark.row("S2-20")),
    ],
)
def test_the_guide_goes_step_by_step_and_the_key_goes_the_right_way(position: int, parts: list[str]) -> None:
    step = Shift4Shop.guide[position]

    assert all(part in step.text for part in parts)


def test_the_declared_rate_stays_below_what_the_vendor_documents() -> None:
    limit = Shift4Shop.rate_limit

    assert limit.requests / limit.seconds < 2
    assert limit.burst <= 30
