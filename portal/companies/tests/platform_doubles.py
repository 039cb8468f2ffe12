"""Two platforms as channels would register them, so that these tests need no channel."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal.companies import platforms
from portal.companies.platforms import Platform


@dataclass(frozen=True, slots=True)
class Checked:
    cleaned: str
    level: str = "ok"
    sentence: str = ""


def clean_secure_url(typed: str) -> Checked:
    host = typed.strip().lower().removeprefix("https://").split("/")[0]
    if "@" in host:
        return Checked(host, "error", "This is an e-mail address.")
    if not host.endswith(".3dcartstores.com"):
        return Checked(host, "warning", f"{host} looks like your shop front. We need the secure URL.")
    return Checked(host)


@pytest.fixture
def two_platforms(monkeypatch):
    """Only these platforms are registered: one that asks an address, one with another label."""
    monkeypatch.setattr(platforms, "_registered", {})
    platforms.register(
        Platform("bigcommerce", "BigCommerce", "B", address_label="Store URL", clean_address=clean_secure_url)
    )
    platforms.register(
        Platform(
            "shift4shop",
            "Shift4Shop",
            "S4",
            also="was 3dcart",
            address_label="Secure URL",
            address_help="Not the address your customers see. It usually ends in .3dcartstores.com.",
            clean_address=clean_secure_url,
        )
    )
