"""Keys of programs."""

from __future__ import annotations

import pytest

from portal.companies.api_scopes import permissions_of_scopes
from portal.companies.models import ApiKey, AuditEvent
from portal.companies.models.access import hash_token
from portal.companies.permissions import Can
from portal.companies.services import create_api_key, revoke_api_key
from portal.companies.tests.factories import CompanyFactory
from portal.lib.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return CompanyFactory()


def test_a_token_is_kept_only_as_a_hash(company):
    issued = create_api_key(company, name="ERP", scopes=["orders:read"], by=None)
    assert issued.token.startswith("tl_")
    assert issued.token not in str(ApiKey.objects.values().get())
    assert ApiKey.objects.get(key_hash=hash_token(issued.token)) == issued.key


def test_the_audit_log_does_not_hold_the_token(company):
    issued = create_api_key(company, name="ERP", scopes=["orders:read"], by=None)
    assert issued.token not in str(list(AuditEvent.objects.values()))


def test_a_key_without_scope_or_with_an_invented_one_is_refused(company):
    for scopes in ([], ["orders:burn"]):
        with pytest.raises(DomainError, match="at least one"):
            create_api_key(company, name="ERP", scopes=scopes, by=None)


def test_a_name_is_used_by_one_live_key(company):
    first = create_api_key(company, name="ERP", scopes=["orders:read"], by=None)
    with pytest.raises(Conflict, match="exists already"):
        create_api_key(company, name="ERP", scopes=["orders:read"], by=None)
    revoke_api_key(first.key, by=None)
    assert create_api_key(company, name="ERP", scopes=["orders:read"], by=None).key.revoked_at is None


def test_revoking_twice_is_noted_once(company):
    key = create_api_key(company, name="ERP", scopes=["orders:read"], by=None).key
    revoke_api_key(key, by=None)
    revoke_api_key(key, by=None)
    assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1


def test_a_key_that_may_only_read_integrations_may_change_nothing_of_them():
    assert permissions_of_scopes(["integrations:read"]) == {Can.VIEW}
    assert permissions_of_scopes(["integrations:write"]) == {Can.VIEW, Can.INTEGRATIONS}


def test_writing_orders_gives_no_right_to_prices():
    assert permissions_of_scopes(["orders:write", "prices:read"]) == {Can.VIEW, Can.ORDERS}
