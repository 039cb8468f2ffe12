"""Keys of programs: the token is shown once and only its hash is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from portal.companies import audit
from portal.companies.api_scopes import ALL_SCOPES
from portal.companies.models import ApiKey, Company, User
from portal.companies.models.access import hash_token
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

_SHOWN = 11


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key and its token, to be shown once."""

    key: ApiKey
    token: str


@transaction.atomic
def create_api_key(company: Company, *, name: str, scopes: Sequence[str], by: User | None) -> IssuedKey:
    """Make a key called ``name`` with ``scopes`` ("orders:read"). Raises Conflict for a live key of that name, DomainError for no or unknown scopes."""
    unknown = set(scopes) - ALL_SCOPES
    if unknown or not scopes:
        raise DomainError("Choose at least one thing that this key may do.", field="scopes")
    if company.api_keys.filter(name=name, revoked_at=None).exists():
        raise Conflict(f"A key called {name} exists already. Choose another name or revoke that one.", field="name")
    token = ApiKey.new_token()
    key = ApiKey.objects.create(
        company=company,
        name=name,
        prefix=token[:_SHOWN],
        key_hash=hash_token(token),
        scopes=sorted(set(scopes)),
        created_by=by,
    )
    sentence = f"The API key {key} was made. It may: {', '.join(key.scopes)}."
    audit.record(company, "api_key.created", target=key, user=by, sentence=sentence)
    return IssuedKey(key, token)


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: User | None) -> None:
    """Refuse the key from now on; twice changes nothing."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        return
    audit.record(key.company, "api_key.revoked", target=key, user=by, sentence=f"The API key {key} was revoked.")
