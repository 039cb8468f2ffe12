"""How allauth's pages fit this portal."""

from __future__ import annotations

from functools import cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest

from portal.companies.invited import invited_by


class AccountAdapter(DefaultAccountAdapter):
    """E-mail is the login; an invitation link that was opened proves the address it was sent to."""

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whether ``email`` needs no second proof: only the owner of that mailbox can hold the link."""
        return super().is_email_verified(request, email) or invited_by(request).email == email.lower()


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted with the installation's field keys, newest first."""

    def encrypt(self, text: str) -> str:
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(encrypted_text.encode()).decode()


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
