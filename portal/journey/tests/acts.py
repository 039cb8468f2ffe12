"""The acts of the journey as a person does them, on the portal's pages and on the simulated shops' own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.journey.own_stack import OwnStack
from portal.journey.tests.person import Person

PASSWORD = "green-harbour-41"
GOODS = (
    ("KB-LANTERN", "Brass lantern", "24.50", "40"),
    ("KB-BUNTING", "Jubilee bunting", "9.95", "120"),
    ("KB-KETTLE", "Enamel kettle", "31.00", "18"),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A simulated shop: its id, its admin's address, and what its merchant types or pastes to connect it."""

    id: str
    admin: str
    address: str
    pasted: str = ""


def open_shift4shop(keeper: Person, stack: OwnStack, name: str) -> Shop:
    """Open a shop on the simulator's page and put goods on its shelf."""
    keeper.goto(stack.simulator("shift4shop"))
    keeper.fill("Name", name)
    keeper.press("Open the shop")
    keeper.page.wait_for_url("**/admin/*/")
    admin = keeper.page.url
    for sku, title, price, stock in GOODS:
        keeper.goto(f"{admin}products")
        form = keeper.page.locator("form", has=keeper.page.get_by_role("button", name="Add the product"))
        for label, value in (("Name", title), ("SKU", sku), ("Price", price), ("Stock", stock)):
            form.get_by_label(label, exact=True).fill(value)
        keeper.press("Add the product")
    shop = admin.rstrip("/").rsplit("/", 1)[1]
    return Shop(shop, admin, f"https://{shop}.3dcartstores.com/")


def offline_payment(keeper: Person, shop: Shop) -> str:
    """An offline payment method as the shop's settings name it: number and name."""
    keeper.goto(f"{shop.admin}rest-api")
    name, number = re.search(r"(Purchase Order) has the id (\d+)", keeper.words).groups()  # type: ignore[union-attr]
    return f"{number} {name}"


def open_bigcommerce(keeper: Person, stack: OwnStack, name: str) -> Shop:
    """Open a store on the simulator's page and keep the text of its API account's window."""
    keeper.goto(stack.simulator("bigcommerce"))
    keeper.fill("Name", name)
    keeper.press("Create store")
    pasted = keeper.page.locator("textarea").first.input_value()
    shop = keeper.page.url.split("/admin/")[1].split("/")[0]
    admin = f"{stack.simulator('bigcommerce')}/admin/{shop}/"
    return Shop(shop, admin, f"https://store-{shop}.mybigcommerce.com", pasted)


def sign_up(person: Person, *, company: str, email: str, platform: str, field: str, address: str) -> None:
    """The form of the sign-up page; the address is shown back before it is sent."""
    person.fill("Company", company)
    if email:
        person.fill("Work e-mail", email)
    person.fill("Password", PASSWORD)
    person.click(person.page.locator("label.tile", has_text=platform))
    person.fill(field, address)
    person.page.get_by_label(field).blur()
    person.page.locator("#store-address-hint .good").wait_for()
    person.press("Create company")


def verify_mail(person: Person, email: str) -> None:
    """Open the mail on the sandbox's page, and its link."""
    person.follow("See the sandbox’s mails")
    open_mail(person, email, link="confirm-email")
    person.press("Confirm and go on")
    person.see("Getting started")


def open_mail(person: Person, email: str, *, link: str) -> None:
    """Click the link of the newest mail to ``email``."""
    mail = person.page.locator("article.mail", has_text=email).first
    person.click(mail.get_by_role("link", name=link))


def connect_shift4shop(person: Person, *, payment: str) -> None:
    """From Home through the wizard and the store's own consent page."""
    _begin(person, "Shift4Shop")
    person.press("Next: what we ask for")
    person.follow("Go to your store")
    person.press("Authorize")
    person.press("Yes, that is us")
    person.fill("Payment method for partner orders", payment)
    _finish(person)


def connect_bigcommerce(person: Person, *, pasted: str) -> None:
    """From Home through the wizard, with the text of the store's window."""
    _begin(person, "BigCommerce")
    person.fill("Paste everything you have", pasted)
    person.see("Found: Store hash, Client ID, Access token, Client secret.")
    person.press("Check the connection")
    person.press("Yes, that is us")
    _finish(person)


def _begin(person: Person, channel: str) -> None:
    person.go("Home")
    person.follow("Connect a store")
    if person.page.url.rstrip("/").endswith("/integrations"):
        person.follow("Add sales channel")
    if person.page.url.rstrip("/").endswith("/integrations/add"):
        person.click(person.page.get_by_role("link", name=re.compile(f"Add {channel}")))
    person.press("Next: authorise")


def _finish(person: Person) -> None:
    person.click(person.page.get_by_role("button", name=re.compile("^Connect ")))
    person.page.wait_for_url("**/connected/")


def make_price_list(person: Person, *, name: str, percent_off: str) -> None:
    """The first price list, from the page that follows connecting."""
    person.follow("Set prices")
    person.follow("Make your first price list")
    person.fill("Name", name)
    person.fill("Margin", percent_off)
    person.press("Make the list")
    person.see(name)


def invite_retailer(person: Person, email: str) -> None:
    """An invitation to trade."""
    person.go("Partners")
    person.click(person.page.get_by_role("link", name=re.compile("^Invite")))
    person.page.get_by_label(re.compile("E-mail")).fill(email)
    person.press("Send invitation")


def assign_list(person: Person, retailer: str) -> None:
    """Let a partner use the price list."""
    person.go("Prices")
    person.click(person.page.get_by_role("link", name=re.compile("Assign one|Choose its partners")))
    person.click(person.page.get_by_role("checkbox", name=re.compile(retailer)))
    person.press("Save who uses it")
    person.see("1 partner")


def choose_goods(person: Person, names: tuple[str, ...]) -> None:
    """Pick products in the catalogue and publish them."""
    person.go("Catalogue")
    for name in names:
        person.click(person.page.get_by_role("checkbox", name=f"Choose {name}"))
    person.press("Choose and publish", inside=".bulk")


def give_address(person: Person) -> None:
    """The company's postal address, where the sentence on the order says it is asked."""
    person.go("Settings")
    person.page.get_by_label(re.compile("Street")).first.fill("5 Harbour Road")
    person.page.get_by_label(re.compile("Town|City")).first.fill("Leeds")
    person.page.get_by_label(re.compile("Postcode")).first.fill("LS1 4AP")
    person.click(person.page.get_by_role("button", name=re.compile("address", re.IGNORECASE)))


def buy(keeper: Person, shop: Shop, *, sku: str, quantity: int) -> str:
    """A customer buys in the BigCommerce shop; the order's number."""
    keeper.goto(shop.admin)
    keeper.page.get_by_label("Product").select_option(sku)
    keeper.fill("Quantity", str(quantity))
    keeper.press("Place paid order")
    return re.search(r"Order (\d+) was placed", keeper.words).group(1)  # type: ignore[union-attr]


def ship(keeper: Person, shop: Shop, *, tracking: str) -> None:
    """The supplier's warehouse ships the newest order in the Shift4Shop admin."""
    keeper.goto(shop.admin)
    keeper.page.locator("tbody a").first.click()
    keeper.fill("Tracking number", tracking)
    keeper.press("Ship the parcel")
    keeper.see(tracking)
