"""Supplier and retailer who trade with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.companies.scope import Scoped
from portal.lib import clock

if TYPE_CHECKING:
    from portal.companies.models import Company


class PartnershipState(models.TextChoices):
    INVITED = "invited", "Invited"
    ACCEPTED = "accepted", "Trading"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class Partnership(Scoped):
    """Only an accepted partnership, together with its price list, shares data. The invited side may not exist yet: then only its e-mail is known."""

    company_paths = ("supplier", "retailer")

    supplier = models.ForeignKey(
        "companies.Company", on_delete=models.PROTECT, null=True, blank=True, related_name="as_supplier"
    )
    retailer = models.ForeignKey(
        "companies.Company", on_delete=models.PROTECT, null=True, blank=True, related_name="as_retailer"
    )
    state = models.CharField(max_length=10, choices=PartnershipState.choices, default=PartnershipState.INVITED)
    invited_email = models.EmailField(blank=True)
    invited_name = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    inviter = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    message = models.TextField(blank=True, max_length=1000)
    # Supplier orders wait for a person's "accept" only where the partners agreed on it.
    needs_acceptance = models.BooleanField(default=False)
    # Days from order to parcel that the partners agreed on; the clock on the orders list.
    ship_within_days = models.PositiveSmallIntegerField(default=2)
    created_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("supplier", "retailer"), condition=~Q(state="ended"), name="one_live_partnership_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(supplier__isnull=True) | Q(retailer__isnull=True) | ~Q(supplier=F("retailer")),
                name="partners_are_two_companies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier or self.invited_email} → {self.retailer or self.invited_email}"

    def get_absolute_url(self) -> str:
        return reverse("partner", args=[self.pk])

    def other_side(self, company: Company) -> Company | None:
        """The partner of ``company``; None while the invited one has not signed up."""
        return self.retailer if self.supplier_id == company.pk else self.supplier

    @property
    def is_trading(self) -> bool:
        return self.state == PartnershipState.ACCEPTED
