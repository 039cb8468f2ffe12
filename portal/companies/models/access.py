"""Who may enter a company: memberships, invitations and the keys of programs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.companies.permissions import Role
from portal.companies.scope import Scoped
from portal.lib import clock

INVITATION_LIFE = timedelta(days=14)


def hash_token(token: str) -> str:
    """How keys and invitation links are stored: long random tokens need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class Membership(Scoped):
    """A person's role in a company."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.VIEWER)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("company", "user"), name="one_membership_a_person")]

    def __str__(self) -> str:
        return f"{self.user} in {self.company}"


def _expiry():
    return clock.now() + INVITATION_LIFE


class Invitation(Scoped):
    """A link by e-mail that lets one address join ``company``; only the hash of its token is kept."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.VIEWER)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(default=_expiry)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.company}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > clock.now()


class ApiKey(Scoped):
    """A program's key: shown once, stored hashed, limited to scopes, revocable."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("company", "name"), condition=Q(revoked_at__isnull=True), name="one_live_key_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def new_token() -> str:
        return f"tl_{secrets.token_urlsafe(32)}"
