"""Who calls: a program with a key, or a person with a session."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.companies.api_scopes import permissions_of_scopes
from portal.companies.models import ApiKey
from portal.companies.models.access import hash_token
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.prepared import Prepared

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema

USE_NOTED_EVERY = timedelta(minutes=5)
_BY_HASH = Prepared(lambda digest: ApiKey.objects.filter(key_hash=digest).select_related("company"), texts=("digest",))


@dataclass(frozen=True, slots=True)
class Program:
    """Stands in ``request.user`` for a call with a key; it is nobody's login."""

    key: ApiKey
    is_authenticated: bool = True
    is_active: bool = True
    is_staff: bool = False

    @property
    def pk(self) -> str:
        return f"key-{self.key.pk}"

    def __str__(self) -> str:
        return f"API key {self.key.name}"


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer tl_…``. Puts ``request.scope`` of the key's company in place; the session, if any, does not count."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Program, ApiKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the key as “Authorization: Bearer tl_…”, without spaces in it.")
        key = _find(words[1].decode("latin-1"))
        _note_use(key)
        request._request.scope = Scope(
            company=key.company, user=None, allowed=permissions_of_scopes(key.scopes), key=key
        )
        return Program(key), key

    def authenticate_header(self, request: Request) -> str:
        return f'{self.keyword} realm="api"'


def _find(token: str) -> ApiKey:
    digest = hash_token(token)
    key = _read(digest)
    # The index finds by hash, so timing tells nothing of the token; the comparison says so to whoever reads this.
    if key is None or not hmac.compare_digest(key.key_hash, digest):
        raise AuthenticationFailed("We do not know this API key. Make one under Settings › API keys.")
    if key.revoked_at:
        raise AuthenticationFailed("This API key was revoked. Make another under Settings › API keys.")
    return key


def _read(digest: str) -> ApiKey | None:
    """The key of this hash with its company: each call begins here, so its statement is made once."""
    return next(iter(_BY_HASH.objects(digest=digest, limit=1)), None)


def _note_use(key: ApiKey) -> None:
    # "Last used" is good to some minutes; a write for each call would cost more than the call.
    now = clock.now()
    if key.last_used_at is None or now - key.last_used_at > USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes keys."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key made under Settings › API keys."}
