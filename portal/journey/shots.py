"""The pictures of the README: which pages, as whom, how wide, in which theme. ``portal.journey.shots_camera`` takes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

SUPPLIER, RETAILER, NOBODY = "priya@kingsway.example", "hannah@acme.example", ""
WIDE, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: ``name`` of its file, who looks, where they start, and what they do before it is taken."""

    name: str
    who: str
    path: str
    act: Callable[[Any], None] | None = None
    theme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = WIDE
    # The simulated store whose page it is; "" for the portal's pages.
    store: str = ""


def open_first_row(page: Any) -> None:
    """Follow the first link of the table."""
    page.locator("main tbody a").first.click()
    page.wait_for_load_state("networkidle")


def explain_first_price(page: Any) -> None:
    """Ask the first price of the grid why."""
    page.locator("main tbody details summary").first.click()
    page.wait_for_load_state("networkidle")


def open_first_cause(page: Any) -> None:
    """Open the first group of what is stuck."""
    page.locator("main summary").first.click()
    page.wait_for_load_state("networkidle")


def begin_connecting(page: Any) -> None:
    """The wizard up to the page where the store's text is pasted."""
    page.get_by_role("button", name="Next: authorise").click()
    page.wait_for_load_state("networkidle")


def check_spare_store(page: Any) -> None:
    """Paste the window of the store that nobody has connected, and let the check run."""
    pasted = _window_of_spare_store(page)
    begin_connecting(page)
    page.get_by_label("Paste everything you have").fill(pasted)
    page.get_by_text("Found:").wait_for()
    page.get_by_role("button", name="Check the connection").click()
    page.get_by_role("button", name="Yes, that is us").wait_for()


def choose_sign_up_platform(page: Any) -> None:
    """A supplier who is about to sign up with a secure URL."""
    page.get_by_label("Company").fill("Kingsway Giftware")
    page.get_by_label("Work e-mail").fill("priya@kingsway-gifts.example")
    page.locator("label.tile", has_text="Shift4Shop").click()
    page.get_by_label("Secure URL").fill("https://kingsway.3dcartstores.com/")
    page.get_by_label("Secure URL").blur()
    page.locator("#store-address-hint .good").wait_for()


def pick_three(page: Any) -> None:
    """Choose three products of the catalogue."""
    for box in page.locator("li.pcard input[type=checkbox]").all()[1:4]:
        box.check()


def _window_of_spare_store(page: Any) -> str:
    other = page.context.new_page()
    other.goto(f"{page.tradelane_stores['bigcommerce']}/admin/sparebigco/api-accounts")
    text = other.locator("textarea").first.input_value()
    other.close()
    return text


SHOTS = (
    Shot("sign-up", NOBODY, "/accounts/signup/", choose_sign_up_platform),
    Shot("home", SUPPLIER, "/"),
    Shot("home-dark", SUPPLIER, "/", theme="dark"),
    Shot("home-phone", SUPPLIER, "/", size=PHONE),
    Shot("wizard-authorise", RETAILER, "/integrations/add/bigcommerce/", begin_connecting),
    Shot("wizard-check", RETAILER, "/integrations/add/bigcommerce/", check_spare_store),
    Shot("integrations", SUPPLIER, "/integrations/"),
    Shot("integration", SUPPLIER, "/integrations/", open_first_row),
    Shot("products", SUPPLIER, "/products/"),
    Shot("prices-explain", SUPPLIER, "/prices/", explain_first_price),
    Shot("catalogue", RETAILER, "/catalogue/", pick_three),
    Shot("orders", SUPPLIER, "/orders/?tab=all"),
    Shot("orders-dark", RETAILER, "/orders/?tab=all", theme="dark"),
    Shot("order-supplier", SUPPLIER, "/orders/?tab=shipped", open_first_row),
    Shot("order-retailer", RETAILER, "/orders/?tab=shipped", open_first_row),
    Shot("order-phone", RETAILER, "/orders/?tab=shipped", open_first_row, size=PHONE),
    Shot("problems", RETAILER, "/problems/", open_first_cause),
    Shot("store", NOBODY, "/admin/acme/", store="bigcommerce"),
    Shot("store-shift4shop", NOBODY, "/admin/kingsway/", store="shift4shop"),
)


def named(pattern: str) -> list[Shot]:
    """The shots whose name holds ``pattern``, a regular expression; all of them for ""."""
    return [shot for shot in SHOTS if re.search(pattern, shot.name)]
