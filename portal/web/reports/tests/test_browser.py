"""The Reports page in Chromium: accessible in both themes, inside its screen, drawn, and exported by clicking."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from channels import services
from channels.tests.factories import make_integration
from orders.tests.factories import trade
from portal.lib import clock
from portal.ui.tests.browser import faults_of
from portal.web.reports.tests.test_reports import place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = ((1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (320, 640, "dark"))


@pytest.mark.row("S2-39", "S2-40")
def test_the_report_is_accessible_drawn_and_tells_removed_from_recreated(enter, live_server, member):
    pair = trade("85123A")
    person = member(pair.retailer)
    first = make_integration(pair.retailer, name="Acme shop")
    place(pair, first, number="1")
    services.remove(first, by=person)
    again = make_integration(pair.retailer, name="Acme shop")
    for number in range(3):
        place(pair, again, number=str(number))
    page = enter(person)
    page.emulate_media(reduced_motion="reduce")
    for width, height, theme in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        page.goto(f"{live_server.url}/reports/")
        assert faults_of(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("Boolean(window.Chart.getChart('report-chart'))")
        assert f"Acme shop (removed {clock.now():%Y-%m-%d})" in page.locator("tbody").last.inner_text()
        _keep(page, f"reports-{width}-{theme}")


def test_the_table_is_exported_by_clicking(enter, live_server, member):
    pair = trade("85123A")
    place(pair, make_integration(pair.retailer, name="Acme shop"))
    page = enter(member(pair.retailer))
    page.goto(f"{live_server.url}/reports/")
    page.get_by_text("Export 1 row").click()
    with page.expect_download() as loading:
        page.get_by_text("CSV").click()
    assert "Acme shop" in Path(loading.value.path()).read_text("utf-8-sig")


def _keep(page, name: str) -> None:
    """A picture for people, where a folder for them is named."""
    if folder := os.environ.get("TRADELANE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")
