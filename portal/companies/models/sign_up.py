"""What somebody asked for at sign-up, kept until their address is verified."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.companies.models.company import CompanyKind
from portal.lib import clock


class SignUp(models.Model):
    """The company to be made, or the invitation to be accepted, once ``user`` has proved the e-mail address. Done at most once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_up")
    company_name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=CompanyKind.choices, default=CompanyKind.SUPPLIER)
    platform = models.CharField(max_length=30, blank=True)
    store_address = models.CharField(max_length=255, blank=True)
    # What the browser told; "" when it told nothing that can be used.
    time_zone = models.CharField(max_length=64, blank=True)
    invitation = models.ForeignKey("companies.Invitation", on_delete=models.SET_NULL, null=True, blank=True)
    partnership = models.ForeignKey("companies.Partnership", on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    completed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.company_name or str(self.user)
