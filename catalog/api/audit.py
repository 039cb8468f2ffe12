"""What programs do to the catalogue, noted like what people do."""

from __future__ import annotations

from typing import Any

from portal.companies.audit import record
from portal.companies.models.audit import ActorKind
from portal.companies.scope import Scope


def record_of(scope: Scope, action: str, **what: Any) -> None:
    """Note ``action`` of whoever is behind ``scope``: a person's session, or a key by its name."""
    if scope.key is None:
        record(scope.company, action, user=scope.user, **what)
    else:
        record(scope.company, action, actor_kind=ActorKind.KEY, actor_name=str(scope.key), **what)
