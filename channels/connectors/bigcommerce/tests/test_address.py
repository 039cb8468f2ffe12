"""What people type and paste: cleaned where it can be, else told what is wrong and where to find the right thing."""

from __future__ import annotations

import pytest

from channels.connectors.bigcommerce.connector import BigCommerce

GOOD = "https://store-abc123.mybigcommerce.com"


@pytest.mark.row("S4-05")
@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        "  HTTPS://Store-ABC123.MyBigCommerce.com/  ",
        "store-abc123.mybigcommerce.com",
        "http://store-abc123.mybigcommerce.com/manage/orders?x=1#top",
        "store-abc123-1.mybigcommerce.com",
        "htps//store-abc123.mybigcommerce.com",
        "https:/store-abc123.mybigcommerce.com.",
        "<https://store-abc123.mybigcommerce.com/>,",
        "store-abc123 .mybigcommerce.com",
        "https://api.bigcommerce.com/stores/abc123/v3/",
        "api.bigcommerce.com/stores/ABC123/v2",
        "abc123",
    ],
)
def test_every_spelling_becomes_the_permanent_address(typed: str) -> None:
    told = BigCommerce.clean_address(typed)
    assert (told.level, told.cleaned) == ("ok", GOOD)


@pytest.mark.row("S4-06")
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter the address"),
        ("   ", "Enter the address"),
        ("olga@acme.example", "e-mail"),
        ("https://www.acme-outdoor.co.uk/tents", "customers see"),
        ("acme outdoor", "no web address"),
        ("https://store-abc123.mybigcomerce.com", "slip of the pen"),
        ("https://store-abc123.mybigcommerce.con", "slip of the pen"),
        ("https://login.bigcommerce.com/", "page of BigCommerce itself"),
        ("https://api.bigcommerce.com/", "cut off"),
        ("http://localhost:8000", "no web address"),
        ("https://[::1", "no web address"),
    ],
)
def test_what_cannot_be_a_store_is_refused_with_the_reason(typed: str, says: str) -> None:
    told = BigCommerce.clean_address(typed)
    assert told.level == "error"
    assert says in told.sentence


@pytest.mark.row("S4-06")
def test_a_storefront_address_is_refused_with_where_to_find_the_right_one() -> None:
    told = BigCommerce.clean_address("www.acme.example")
    assert GOOD in told.sentence
    assert "Store-level API accounts" in told.sentence


@pytest.mark.row("S4-07")
def test_an_address_without_the_hash_may_go_on_and_the_hash_is_asked_for() -> None:
    told = BigCommerce.clean_address("acme.mybigcommerce.com")
    assert (told.level, told.cleaned) == ("warning", "https://acme.mybigcommerce.com")
    assert BigCommerce.parse_paste(told.cleaned) == {}


POPUP = """BigCommerce API credentials
Name: Tradelane
API path
https://api.bigcommerce.com/stores/abc123/v3/
Client ID:  r7y3k0v9zq1m5t8w2x4b6n1c3d5f7g9
Client secret
7d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1
Access token = q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h
"""
FILE = """ACCESS TOKEN: q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h\r
CLIENT NAME: Tradelane\r
API PATH: https://api.bigcommerce.com/stores/abc123/v3/\r
CLIENT ID: r7y3k0v9zq1m5t8w2x4b6n1c3d5f7g9\r
CLIENT SECRET: 7d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1\r
"""
JSON = (
    '{"store_hash": "abc123", "client_id": "r7y3k0v9zq1m5t8w2x4b6n1c3d5f7g9",'
    ' "client_secret": "7d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1",'
    ' "access_token": "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h"}'
)


@pytest.mark.row("S4-07", "S4-12")
@pytest.mark.parametrize("text", [POPUP, FILE, JSON], ids=["pop-up", "file", "json"])
def test_the_whole_text_of_the_pop_up_fills_every_field(text: str) -> None:
    assert BigCommerce.parse_paste(text) == {
        "store_hash": "abc123",
        "client_id": "r7y3k0v9zq1m5t8w2x4b6n1c3d5f7g9",
        "client_secret": "7d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1f3057d4f9b2c6a8e1",
        "access_token": "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h",
    }


@pytest.mark.parametrize("text", [GOOD, "https://api.bigcommerce.com/stores/abc123/v3/", "abc123"])
def test_the_hash_alone_is_found_in_an_address(text: str) -> None:
    assert BigCommerce.parse_paste(text) == {"store_hash": "abc123"}


@pytest.mark.parametrize("text", ["", "hello world", "Dear Olga, the client is happy.", "🏕"])
def test_a_text_without_credentials_gives_none(text: str) -> None:
    assert BigCommerce.parse_paste(text) == {}
