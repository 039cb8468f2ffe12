"""Fixtures of browser tests: Chromium from the machine, a guard against foreign requests, axe, and a login.

Import them in a ``conftest.py``: ``from portal.ui.tests.browser import *  # noqa: F403``. A test takes ``visitor`` (a page that fails the test when it asks any
other origin for anything) and marks itself ``browser``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Request

__all__ = ["_chromium", "browser_type_launch_args", "enter", "faults_of", "visitor"]

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Schemes that never leave the machine.
_LOCAL = {"data", "blob", "about"}


@pytest.fixture(scope="session")
def _chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("No Chromium on this machine: install the package `chromium` to run the browser tests.")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(_chromium: str) -> Iterator[dict[str, Any]]:
    """How pytest-playwright starts the browser."""
    # Playwright's loop runs in the tests' thread, which Django takes for asynchronous code from then on.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield {"executable_path": _chromium, "args": list(_FLAGS)}


@pytest.fixture
def visitor(live_server: Any, page: Page) -> Iterator[Page]:
    """A page at the live server. The test fails when it asked another origin, met a 5xx or a script raised."""
    strange: list[str] = []
    home = urlsplit(live_server.url).netloc

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in _LOCAL and address.netloc != home:
            strange.append(f"foreign request: {request.url}")

    page.on("request", note)
    page.on("pageerror", lambda error: strange.append(f"script error: {error}"))
    page.on("console", lambda message: strange.append(message.text) if _is_refusal(message) else None)
    page.on(
        "response", lambda answer: strange.append(f"{answer.status}: {answer.url}") if answer.status >= 500 else None
    )
    yield page
    assert strange == []


@pytest.fixture
def enter(visitor: Page, live_server: Any) -> Callable[[Any], Page]:
    """``enter(user)`` logs somebody in without the login page and returns the page."""

    def log_in(user: Any) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return visitor

    return log_in


def faults_of(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def _is_refusal(message: Any) -> bool:
    return message.type == "error" and "Content Security Policy" in message.text
