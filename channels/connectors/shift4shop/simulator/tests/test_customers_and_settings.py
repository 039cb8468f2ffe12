"""Customers and store settings."""

from __future__ import annotations

from channels.connectors.shift4shop.simulator.tests.conftest import Maker, Sim


def test_a_customer_is_created_found_by_mail_and_changed(sim: Sim) -> None:
    body = {"Email": "Buyer@Trade.example", "Password": "secret", "BillingCompany": "Acme", "BillingAddress1": "1 Quay"}
    made = sim.post("/Customers", body)
    assert (made.status_code, made.json()[0]["Key"], made.json()[0]["Value"]) == (201, "CustomerID", "81")
    sim.put("/Customers/81", {"BillingCity": "Leeds"})
    found = sim.get("/Customers?email=buyer@trade.example").json()[0]
    assert (found["BillingCompany"], found["BillingAddress1"], found["BillingCity"]) == ("Acme", "1 Quay", "Leeds")
    assert found["Password"] == ""


def test_a_mail_address_can_be_used_once_unless_the_switch_says_otherwise(sim: Sim) -> None:
    sim.add_customer()
    assert sim.post("/Customers", {"Email": "BUYER@trade.example"}).json()[0]["Message"] == "Email already exists"
    sim.switch(duplicate_email="accept")
    assert sim.post("/Customers", {"Email": "BUYER@trade.example"}).status_code == 201


def test_settings_tell_zone_and_currency(make_sim: Maker) -> None:
    sim = make_sim()
    sim.open(timezone="America/New_York", currency="USD")
    standards = sim.get("/StoreSettings").json()["StoreStandards"]
    assert (standards["StoreTimeZone"], standards["CurrencyCode"]) == ("Eastern Standard Time", "USD")
    sim.switch(store_timezone_form="iana", store_settings_form="array")
    assert sim.get("/StoreSettings").json()[0]["StoreStandards"]["StoreTimeZone"] == "America/New_York"
    sim.switch(store_timezone_form="offset", store_settings_form="object")
    assert sim.get("/StoreSettings").json()["StoreStandards"]["StoreTimeZone"] == "UTC-04:00"


def test_dates_are_the_shops_local_time_without_zone(make_sim: Maker) -> None:
    sim = make_sim()
    sim.open(timezone="America/New_York")
    sim.at_store("POST", "/orders", {"lines": [{"name": "Thing", "price": "1"}]})
    assert sim.get("/Orders/1001").json()[0]["OrderDate"] == "2026-06-14T08:00:00"
    assert sim.at_store("GET", "/orders")[0]["created_at"] == "2026-06-14T12:00:00+00:00"
