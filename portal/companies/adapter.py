"""How allauth's pages fit this portal."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from portal.companies.invited import invited_by


class AccountAdapter(DefaultAccountAdapter):
    """E-mail is the login; an invitation link that was opened proves the address it was sent to."""

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whether ``email`` needs no second proof: only the owner of that mailbox can hold the link."""
        return super().is_email_verified(request, email) or invited_by(request).email == email.lower()
