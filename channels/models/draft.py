"""A connection that somebody is making: kept for an hour, encrypted, and gone without a trace when it is cancelled."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from channels.fields import EncryptedJSONField
from portal.companies.scope import Scoped
from portal.lib import clock

if TYPE_CHECKING:
    from portal.companies.models import Company

DRAFT_LIFE = timedelta(hours=1)


def _draft_key() -> str:
    return secrets.token_urlsafe(18)


def _draft_expiry() -> datetime:
    return clock.now() + DRAFT_LIFE


class ConnectDraft(Scoped):
    """What the wizard (or reauthorising, where ``integration`` is set) collected so far; ``channels.drafts`` reads and writes it.

    ``session`` ties it to the browser session that began it. ``company`` and ``user`` are empty only for an app that was installed from the store's side
    and waits for somebody to log in. ``awaits`` is the store address that a call of our app's address may fill in. ``version`` makes one-time things
    happen once.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=40, unique=True, default=_draft_key)
    session = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=120, blank=True)
    awaits = models.CharField(max_length=255, blank=True, db_index=True)
    held = EncryptedJSONField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(default=_draft_expiry, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()

    @property
    def owner(self) -> Company:
        """The company that connects. Raises ValueError while nobody has taken the draft of an installed app over."""
        if self.company is None:
            raise ValueError("Nobody has taken this draft over yet: it can be tried only for a company.")
        return self.company
