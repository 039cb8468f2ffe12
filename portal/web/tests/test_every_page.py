"""Every page of the navigation, seen by both sides of a trade: accessible, inside its screen, and asking nobody else for anything."""

from __future__ import annotations

import pytest

from channels.tests.factories import make_integration
from orders.tests.factories import line, trade
from portal.companies.models import Company
from portal.companies.tests.factories import MembershipFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = ("/", "/orders/", "/products/", "/partners/", "/integrations/", "/integrations/add/", "/problems/", "/activity/")
SETTINGS = ("/settings/company/", "/settings/people/", "/settings/keys/", "/partners/invite/")
SIDES = {
    "supplier": (*BOTH, *SETTINGS, "/prices/", "/prices/new/"),
    "retailer": (*BOTH, "/catalogue/", "/listings/", "/orders/enter/"),
}
SCREENS = ((1440, 900, "dark"), (320, 640, "light"))


@pytest.mark.parametrize("side", SIDES)
def test_every_page_is_accessible_and_fits_its_screen(enter, live_server, side):
    company, pages = _traded(side)
    page = enter(MembershipFactory(company=company).user)
    page.emulate_media(reduced_motion="reduce")
    found: dict[tuple[str, int], object] = {}
    for width, height, theme in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        for path in (*SIDES[side], *pages):
            page.goto(live_server.url + path)
            if faults := faults_of(page):
                found[path, width] = faults
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                found[path, width] = f"{wide} px wide"
    assert found == {}


def _traded(side: str) -> tuple[Company, list[str]]:
    """A company with an order, a held order and a store; the pages of its own things."""
    pair = trade("85123A", "22423")
    part = pair.supplier_order("85123A")
    held = pair.place(line("NO-SUCH-SKU"), number="AC-20999", source_id="20999").order
    company = getattr(pair, side)
    own = f"/integrations/{make_integration(company).pk}/"
    product = f"/products/{pair.goods['85123A'].product_id}/"
    if side == "supplier":
        return company, [own, product, f"/orders/{part.reference}/", f"/prices/{pair.price_list.pk}/"]
    return company, [own, product, f"/orders/customers/{part.order_id}/", f"/orders/customers/{held.pk}/"]
