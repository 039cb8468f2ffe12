"""The pictures in the guides: parts of the simulated stores' own pages. Needs the development packages and a Chromium."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from playwright.sync_api import Browser, Locator, Page

from portal.journey.shots_camera import chromium, squeeze
from portal.run.environment import ROOT

MOST_BYTES = 60_000
# Pixels of the picture for one of the page, so that small print stays readable on a fine screen.
SCALE = 2
# Of the window; the pages with a column at the side need the wide one.
WIDEST, WIDE, NARROW = 1060, 960, 600
STORE, APP = "kingsway", "Tradelane"
PUBLIC_KEY = "7d1c0f5e9a2b48c6b3e4f7081a5c9d2e"
BACK = "https://tradelane.example/back"
SHIFT4SHOP_PERMISSIONS = {
    "Orders": ["read", "write"],
    "OrderStatus": ["read"],
    "Products": ["read"],
    "Customers": ["read", "write"],
    "StoreSettings": ["read"],
    "Webhooks": ["read", "write"],
}
BIGCOMMERCE_SCOPES = (
    "store_v2_orders",
    "store_v2_transactions_read_only",
    "store_v2_products",
    "store_v2_information_read_only",
)
BIGCOMMERCE_LEVELS = {
    "Order Transactions": "read-only",
    "Store Inventory": "read-only",
    "Store Locations": "read-only",
    "Information & Settings": "read-only",
}


@dataclass(frozen=True, slots=True)
class Part:
    """The box with ``heading`` on the page ``path`` of a store of ``kind``, after ``act``."""

    name: str
    kind: str
    path: str
    heading: str
    act: Callable[[Page], None] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    width: int = WIDE


def save_public_key(page: Page) -> None:
    """Paste our app's public key into the module and save it."""
    page.get_by_label("Public key").fill(PUBLIC_KEY)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def choose_levels(page: Page) -> None:
    """Fill the form of a new API account as the guide says."""
    for label, level in BIGCOMMERCE_LEVELS.items():
        page.get_by_label(label, exact=True).select_option(label=level)


def make_account(page: Page) -> None:
    """Save the form of a new API account."""
    choose_levels(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was created").wait_for()


PARTS = (
    Part(
        "bigcommerce-account",
        "bigcommerce",
        f"/admin/{STORE}/api-accounts",
        "Create an API account",
        choose_levels,
    ),
    Part("bigcommerce-key", "bigcommerce", f"/admin/{STORE}/api-accounts", APP, make_account, width=WIDEST),
    Part(
        "bigcommerce-app", "bigcommerce", "/install/tradelane", f"Install {APP}", query={"store": STORE}, width=NARROW
    ),
    Part("shift4shop-address", "shift4shop", f"/admin/{STORE}/rest-api", "Store settings"),
    Part("shift4shop-module", "shift4shop", f"/admin/{STORE}/rest-api", "Modules", save_public_key),
    Part(
        "shift4shop-permissions",
        "shift4shop",
        "/oauth/authorize",
        "Permissions",
        query={"response_type": "code", "redirect_uri": BACK, "state": "1"},
    ),
)


def take_help_pictures(folder: Path, *, tell: Callable[[str], None]) -> list[Path]:
    """Take every part into ``folder``. Raises NoChromium, and requests' and playwright's errors."""
    folder.mkdir(parents=True, exist_ok=True)
    with _store("bigcommerce") as bigcommerce, _store("shift4shop") as shift4shop, chromium() as browser:
        key = _prepare(bigcommerce, shift4shop)
        stores = {"bigcommerce": (bigcommerce, {}), "shift4shop": (shift4shop, key)}
        return [_take(browser, part, *stores[part.kind], folder=folder, tell=tell) for part in PARTS]


@contextmanager
def _store(kind: str) -> Iterator[str]:
    """A simulator on a free port as a process of its own, ended afterwards; its address."""
    command = [sys.executable, "-m", f"channels.connectors.{kind}.simulator", "--no-hooks"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # nosec B101  # it was asked for
        try:
            yield process.stdout.readline().partition("listening on ")[2].strip()
        finally:
            process.terminate()


def _prepare(bigcommerce: str, shift4shop: str) -> dict[str, str]:
    """One store of each kind and our app at both; what names both in the address of Shift4Shop's consent page."""
    store = {"id": STORE, "name": "Kingsway Giftware", "authorised": False}
    app = {"client_id": "tradelane", "name": APP, "auth_callback": BACK, "scopes": BIGCOMMERCE_SCOPES}
    _call("POST", f"{bigcommerce}/_sim/stores", store)
    _call("POST", f"{bigcommerce}/_sim/apps", app)
    ours = {"name": APP, "public_key": PUBLIC_KEY, "redirect_uri": BACK, "permissions": SHIFT4SHOP_PERMISSIONS}
    _call("PUT", f"{shift4shop}/_sim/app", ours)
    address = _call("POST", f"{shift4shop}/_sim/stores", store)["address"]
    return {"client_id": PUBLIC_KEY, "store_url": address}


def _call(method: str, address: str, body: Mapping[str, Any]) -> Any:
    answer = requests.request(method, address, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def _take(
    browser: Browser, part: Part, base: str, key: Mapping[str, str], *, folder: Path, tell: Callable[[str], None]
) -> Path:
    page = browser.new_page(
        viewport={"width": part.width, "height": 900}, device_scale_factor=SCALE, color_scheme="light", locale="en-GB"
    )
    page.goto(f"{base}{part.path}?{urlencode({**key, **part.query})}")
    if part.act:
        part.act(page)
    picture = folder / f"{part.name}.png"
    picture.write_bytes(squeeze(_box(page, part.heading).screenshot(), most_bytes=MOST_BYTES))
    page.close()
    tell(f"{picture.name}: {picture.stat().st_size // 1000} kB")
    return picture


def _box(page: Page, heading: str) -> Locator:
    return page.locator("section.box").filter(has=page.get_by_role("heading", name=heading)).last
