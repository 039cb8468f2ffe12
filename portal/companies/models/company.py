"""A company: supplier, retailer or both."""

from __future__ import annotations

import secrets

from django.db import models

from portal.lib import clock


class CompanyKind(models.TextChoices):
    SUPPLIER = "supplier", "Supplier"
    RETAILER = "retailer", "Retailer"
    BOTH = "both", "Supplier and retailer"


class Company(models.Model):
    """The owner of everything else. The postal address is asked for only when the first supplier order needs it."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=CompanyKind.choices, default=CompanyKind.SUPPLIER)
    # What was chosen at sign-up: a channel's kind, "files" or "none".
    platform = models.CharField(max_length=30, blank=True)
    store_address = models.CharField(max_length=255, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address1 = models.CharField(max_length=200, blank=True)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="GB")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    currency = models.CharField(max_length=3, default="GBP")
    is_sandbox = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "companies"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_supplier(self) -> bool:
        return self.kind in {CompanyKind.SUPPLIER, CompanyKind.BOTH}

    @property
    def is_retailer(self) -> bool:
        return self.kind in {CompanyKind.RETAILER, CompanyKind.BOTH}

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def has_address(self) -> bool:
        """Whether the postal address is complete enough to bill a supplier order to."""
        return bool(self.address1 and self.city and self.postcode and self.country)


def _new_tag() -> str:
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(4))


class Installation(models.Model):
    """The one row that names this database: its tag is part of every reference, so two databases never share one."""

    tag = models.CharField(max_length=6, unique=True, default=_new_tag)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.tag

    @classmethod
    def current_tag(cls) -> str:
        """This database's tag, made on first use."""
        row = cls.objects.order_by("pk").first() or cls.objects.create()
        return row.tag
