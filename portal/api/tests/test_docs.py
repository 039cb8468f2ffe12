"""The documentation page in Chromium: drawn without a foreign host and without bending the content policy."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_documentation_lists_the_endpoints(visitor, live_server):
    visitor.goto(f"{live_server.url}/api/docs/")
    visitor.locator(".opblock-tag", has_text="partners").click()
    visitor.get_by_text("/api/v1/partners/", exact=True).first.wait_for()
    assert visitor.get_by_text("Tradelane API").count() > 0
