"""Factories of the channels app."""

from __future__ import annotations

from typing import Any

from channels import credentials, dispatch
from channels.models import Health, Integration
from portal.companies.models import Company
from portal.companies.services.companies import create_company


def make_company(name: str = "Kingsway Giftware", *, kind: str = "supplier", **fields: Any) -> Company:
    """A sandbox company."""
    return create_company(name, kind=kind, currency="GBP", is_sandbox=True, email="trade@example.com", **fields)


def make_integration(company: Company | None = None, **fields: Any) -> Integration:
    """An integration that no simulator stands behind: for rules that need no store."""
    company = company or make_company()
    values: dict[str, Any] = {
        "kind": "bigcommerce",
        "name": f"Store {Integration.objects.count() + 1}",
        "remote_store_id": f"hash{Integration.objects.count() + 1}",
        "store_name": "Kingsway",
        "currency": "GBP",
        "health": Health.HEALTHY,
        "supplies": company.is_supplier,
        "sells": company.is_retailer,
        "is_sandbox": True,
        **fields,
    }
    integration = Integration.objects.create(company=company, **values)
    credentials.store(integration, {"store_hash": "abc", "access_token": "secret-token", "client_id": "client"})
    dispatch.install_steps(integration)
    return integration
