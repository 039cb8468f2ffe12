"""The cast of the whole suite: a supplier, a retailer who trades with them, and a stranger who must see nothing.

Fixtures for every test: ``kingsway``, ``acme``, ``stranger`` (companies), ``partnership``, ``member(company, role)``, ``login(company, role)`` (a client),
``api(company, *scopes)`` (an API client with a key).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture(autouse=True)
def own_cache_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases of tests count from 1 each, but share one cache: what one counted (calls of key 1) must not stop the next."""
    monkeypatch.setattr(settings, "REDIS_PREFIX", f"test-{secrets.token_hex(6)}")


@pytest.fixture
def kingsway(db: None) -> Any:
    """The supplier."""
    from portal.companies.tests.factories import SupplierFactory

    return SupplierFactory(name="Kingsway Giftware")


@pytest.fixture
def acme(db: None) -> Any:
    """The retailer who trades with Kingsway."""
    from portal.companies.tests.factories import RetailerFactory

    return RetailerFactory(name="Acme Outdoor")


@pytest.fixture
def stranger(db: None) -> Any:
    """A company that is nobody's partner."""
    from portal.companies.tests.factories import CompanyFactory

    return CompanyFactory(name="Nosy Parker Ltd")


@pytest.fixture
def partnership(kingsway: Any, acme: Any) -> Any:
    """Kingsway supplies Acme."""
    from portal.companies.tests.factories import PartnershipFactory

    return PartnershipFactory(supplier=kingsway, retailer=acme)


@pytest.fixture
def member(db: None) -> Callable[..., Any]:
    """``member(company, role="owner")`` is a person who works there."""
    from portal.companies.tests.factories import MembershipFactory

    return lambda company, role="owner": MembershipFactory(company=company, role=role).user


@pytest.fixture
def login(member: Callable[..., Any]) -> Callable[..., Client]:
    """``login(company, role="owner")`` is a browser in which such a person (or ``user``) is logged in."""

    def log_in(company: Any, role: str = "owner", user: Any = None) -> Client:
        client = Client()
        client.force_login(user or member(company, role), backend="portal.companies.backends.PersonBackend")
        return client

    return log_in


@pytest.fixture
def api(db: None) -> Callable[..., Any]:
    """``api(company, "orders:read")`` is a program's client with a key of that company."""
    from rest_framework.test import APIClient

    from portal.companies.tests.factories import make_key

    def connect(company: Any, *scopes: str) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_key(company, *scopes)}")
        return client

    return connect
