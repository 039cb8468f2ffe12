"""Factories of people and companies; made rows are valid and differ from each other."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from portal.companies import models
from portal.companies.services import create_api_key

PASSWORD = "a-long-quiet-password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = models.Company

    name = factory.Sequence(lambda n: f"Company {n}")
    kind = models.CompanyKind.BOTH
    email = factory.Sequence(lambda n: f"office{n}@example.com")
    address1 = "1 Trade Street"
    city = "London"
    postcode = "N1 1AA"


class SupplierFactory(CompanyFactory):
    kind = models.CompanyKind.SUPPLIER


class RetailerFactory(CompanyFactory):
    kind = models.CompanyKind.RETAILER


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = models.Membership

    company = factory.SubFactory(CompanyFactory)
    user = factory.SubFactory(UserFactory)
    role = models.Role.OWNER


class PartnershipFactory(DjangoModelFactory):
    """An accepted partnership that the supplier began."""

    class Meta:
        model = models.Partnership

    supplier = factory.SubFactory(SupplierFactory)
    retailer = factory.SubFactory(RetailerFactory)
    inviter = factory.SelfAttribute("supplier")
    state = models.PartnershipState.ACCEPTED


class AuditEventFactory(DjangoModelFactory):
    class Meta:
        model = models.AuditEvent

    company = factory.SubFactory(CompanyFactory)
    action = "company.changed"
    sentence = "Changed: city."
    actor_name = "Priya Shah"


def make_key(company: models.Company, *scopes: str) -> str:
    """A live API key of ``company``; answers its token."""
    number = company.api_keys.count() + 1
    return create_api_key(company, name=f"key {number}", scopes=scopes or ["orders:read"], by=None).token
