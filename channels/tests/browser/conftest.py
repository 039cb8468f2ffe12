"""Fixtures: both simulators over real HTTP beside the live server, and a visitor who may leave for their consent pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page

from channels.simkit.server import build_server
from channels.tests.world import CREATE, TIME_SCALE, SimStore
from portal.companies.models import Company
from portal.companies.tests.factories import MembershipFactory, RetailerFactory, SupplierFactory
from portal.ui.tests.browser import _chromium, browser_type_launch_args, enter, visitor  # noqa: F401


@dataclass
class Sandbox:
    """Simulators that listen on loopback ports."""

    urls: dict[str, str]

    def store(self, kind: str, name: str = "Kingsway Giftware") -> SimStore:
        """A new store with three products on its shelf."""
        door = _Door(self.urls[kind])
        made = SimStore(kind, "", "", {}, door).call(
            "POST", "/stores", {"name": name, "currency": "GBP", "timezone": "Europe/London"}
        )
        return SimStore(kind, made["store"], made["address"], made["credentials"], door)


class _Door(requests.Session):
    """Reaches a simulator's state door under the name that ``SimStore`` uses."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.base = url

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        return super().request(method, url.replace("http://sim.test", self.base), **kwargs)


@dataclass
class Clicker:
    """A page that counts the clicks of a person."""

    page: Page
    clicks: list[str] = field(default_factory=list)

    def click(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.clicks.append(name)


@pytest.fixture
def sandbox(live_server: Any, settings: Any) -> Iterator[Sandbox]:
    """Both simulators, told of our application, with the portal pointed at them."""
    settings.TIME_SCALE, settings.PORTAL_URL, settings.SANDBOX = TIME_SCALE, live_server.url, True
    urls, servers = {}, []
    hosts = {kind: dict(sides) for kind, sides in settings.CHANNEL_HOSTS.items()}
    for kind, make in CREATE.items():
        server = build_server(make(state=":memory:", time_scale=TIME_SCALE, **_app(kind, live_server.url)))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        urls[kind] = f"http://127.0.0.1:{server.server_port}"
        hosts[kind]["sandbox"] = dict.fromkeys(hosts[kind]["sandbox"], urls[kind])
    settings.CHANNEL_HOSTS = hosts
    yield Sandbox(urls)
    for server in servers:
        server.shutdown()
        server.server_close()


def _app(kind: str, portal: str) -> dict[str, str]:
    app = django_settings.CHANNEL_APPS[kind]["sandbox"]
    if "public_key" not in app:
        return {}
    return {
        "public_key": app["public_key"],
        "private_key": app["private_key"],
        "redirect_uri": f"{portal}/integrations/return/{kind}/",
        "callback_url": f"{portal}/integrations/callback/{kind}/",
    }


@pytest.fixture
def guest(sandbox: Sandbox, live_server: Any, page: Page) -> Iterator[Callable[[Any], Page]]:
    """``guest(user)`` is a logged-in page that may visit the portal and the simulators, and nobody else."""
    allowed = {urlsplit(url).netloc for url in (live_server.url, *sandbox.urls.values())}
    strange: list[str] = []
    page.on(
        "request",
        lambda asked: (
            strange.append(asked.url)
            if urlsplit(asked.url).scheme.startswith("http") and urlsplit(asked.url).netloc not in allowed
            else None
        ),
    )
    page.on("pageerror", lambda error: strange.append(f"script error: {error}"))
    page.on("response", lambda got: strange.append(f"{got.status}: {got.url}") if got.status >= 500 else None)

    def log_in(user: Any) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    yield log_in
    assert strange == []


@pytest.fixture
def supplier(transactional_db: None) -> Company:
    """A supplier in the sandbox who named no store yet."""
    return SupplierFactory(name="Kingsway Giftware", is_sandbox=True)


@pytest.fixture
def retailer(transactional_db: None) -> Company:
    """A retailer in the sandbox."""
    return RetailerFactory(name="Acme Outdoor", is_sandbox=True)


@pytest.fixture
def owner(supplier: Company) -> Any:
    """Who owns the supplier."""
    return MembershipFactory(company=supplier).user
