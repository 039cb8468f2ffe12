"""The one way to write an AuditEvent; every app uses it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from portal.companies.models import AuditEvent, Company, User
from portal.companies.models.audit import ActorKind
from portal.lib.logs import redact

_SENTENCE, _REASON, _NAME = 300, 300, 200


def record(
    company: Company | None,
    action: str,
    *,
    target: Model | None = None,
    sentence: str = "",
    user: User | None = None,
    actor_kind: str = ActorKind.PERSON,
    actor_name: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """Note that somebody did ``action`` ("integration.paused": noun, dot, past participle) to ``target`` of ``company``.

    ``company`` is None only for what staff do to no company's record. ``sentence`` is what both sides may read. Values in ``data`` whose key sounds
    like a secret are cut out. Texts longer than their column are shortened. Call it in the transaction of the change.
    """
    return AuditEvent.objects.create(
        company=company,
        action=action,
        user=user,
        actor_kind=actor_kind,
        actor_name=actor_name or (str(user) if user else ActorKind(actor_kind).label),
        sentence=sentence[:_SENTENCE],
        reason=reason[:_REASON],
        data=redact(data or {}),
        **_describe(target),
    )


def _describe(target: Model | None) -> dict[str, str]:
    if target is None:
        return {}
    return {
        "target_type": target._meta.model_name or "",
        "target_id": str(target.pk or ""),
        "target_name": str(target)[:_NAME],
    }
