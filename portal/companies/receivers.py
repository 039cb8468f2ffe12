"""What follows when allauth says that a person signed up or proved an address."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.dispatch import receiver
from django.http import HttpRequest

from portal.companies.invited import forget_invitations
from portal.companies.models import User
from portal.companies.services import complete_sign_up


@receiver(email_confirmed, dispatch_uid="companies.complete_sign_up")
def make_company_when_confirmed(email_address: EmailAddress, **kwargs: Any) -> None:
    """The company exists from the moment the address is proved."""
    complete_sign_up(email_address.user)


@receiver(user_signed_up, dispatch_uid="companies.complete_invited_sign_up")
def make_company_when_invited(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """An invited address was proved by its link already, so nothing has to be waited for."""
    if EmailAddress.objects.filter(user=user, verified=True).exists():
        complete_sign_up(user)
    forget_invitations(request)
