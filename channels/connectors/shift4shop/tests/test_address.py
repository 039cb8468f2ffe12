"""What people type as their store's address."""

from __future__ import annotations

import pytest

from channels.connectors.shift4shop.address import normalise_host
from channels.connectors.shift4shop.connector import Shift4Shop

HOST = "northwind-outdoor.3dcartstores.com"


@pytest.mark.row("S1-08")
@pytest.mark.parametrize(
    "typed",
    [
        HOST,
        f"https://{HOST}",
        f"http://{HOST}/",
        f"  HTTPS://Northwind-Outdoor.3dCartStores.com/  ",  # noqa: F541
        f"https://{HOST}/admin/login.asp?x=1#top",
        f"https://www.{HOST}",
        f"wwww.{HOST}",
        f"https//{HOST}",
        f"https:/{HOST}",
        f"https:{HOST}",
        f"htps://{HOST}",
        f"hhtps://{HOST}",
        f"ttps://{HOST}",
        f"https:\\\\{HOST}\\",
        f"https;//{HOST}",
        f"“{HOST}”",
        f"<https://{HOST}>",
        f"{HOST}:443",
        f"{HOST}.",
        f"{HOST},",
        "northwind-outdoor..3dcartstores.com",
        "northwind-outdoor,3dcartstores.com",
        "northwind-outdoor. 3dcartstores .com",
        "\u200bnorthwind-outdoor.3dcartstores.com\ufeff",
        "northwind-outdoor.3dcartstores.com",
        f"Secure URL: https://{HOST}",
    ],
)
def test_a_pasted_address_is_cleaned_to_its_host(typed: str) -> None:
    found = Shift4Shop.clean_address(typed)

    assert (found.cleaned, found.level, found.sentence) == (HOST, "ok", "")


@pytest.mark.row("S1-06")
@pytest.mark.parametrize("host", ["18274.3dcart.net", "311n1234567.s4shops.com", "311n1234567.3dcartstores.com"])
def test_all_host_families_of_the_vendor_pass(host: str) -> None:
    assert Shift4Shop.clean_address(f"https://{host}/").level == "ok"


@pytest.mark.row("S1-05")
@pytest.mark.row("S1-06")
def test_a_shop_front_is_warned_about_and_not_refused() -> None:
    found = Shift4Shop.clean_address("https://www.Northwind-Outdoor.example/tents")

    assert found.cleaned == "northwind-outdoor.example"
    assert found.level == "warning"
    assert "looks like your shop front" in found.sentence
    assert ".3dcartstores.com or .3dcart.net" in found.sentence


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("northwind.3dcartstore.com", "northwind.3dcartstores.com"),
        ("northwind.3dcartstores", "northwind.3dcartstores.com"),
        ("northwind.3dcartstores.co", "northwind.3dcartstores.com"),
        ("northwind.3dcartsstores.com", ""),
        ("northwind.3d-cartstores.com", "northwind.3dcartstores.com"),
        ("northwind.3dcart.met", "northwind.3dcart.net"),
        ("northwind.s4shop.com", "northwind.s4shops.com"),
    ],
)
def test_a_mistyped_ending_is_offered_as_it_was_meant(typed: str, meant: str) -> None:
    found = Shift4Shop.clean_address(typed)

    assert found.level == "warning"
    assert not meant or found.sentence == f"Did you mean {meant}?"


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "Enter your store's secure URL"),
        ("   ", "Enter your store's secure URL"),
        ("https://", "Enter your store's secure URL"),
        ("owner@northwind.example", "e-mail address"),
        ("northwind", "only a part of the address"),
        ("localhost", "no store's address"),
        ("http://127.0.0.1:8102/", "no store's address"),
        ("http://[::1]/", "no store's address"),
        ("https://169.254.169.254/latest", "no store's address"),
        ("https://devportal.3dcart.com", "a page of Shift4Shop"),
        ("apirest.3dcart.com", "a page of Shift4Shop"),
        ("www.shift4shop.com", "a page of Shift4Shop"),
        ("store-abc123.mybigcommerce.com", "BigCommerce store"),
        ("northwind.myshopify.com", "Shopify store"),
        ("north_wind.3dcartstores.com", "characters that no address has"),
        ("-north.3dcartstores.com", "only"),
        ("<script>alert(1)</script>.com", ""),
    ],
)
def test_what_cannot_be_a_store_is_refused_with_a_sentence(typed: str, part: str) -> None:
    found = Shift4Shop.clean_address(typed)

    if part == "only":
        # A leading hyphen is a slip of the mouse, not a part of the name.
        assert found.cleaned == "north.3dcartstores.com"
        return
    assert found.level == "error"
    assert part in found.sentence


def test_the_same_store_is_known_however_its_address_is_written() -> None:
    spellings = ["https://WWW.North.3dcart.net/", "north.3dcart.net", "http://north.3dcart.net:443/x"]

    assert {normalise_host(spelling) for spelling in spellings} == {"north.3dcart.net"}
