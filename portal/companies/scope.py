"""The one scoping mechanism: every row that belongs to a company says by which columns, and every read goes through here.

A model names its owners in ``company_paths``; ``Model.objects.for_company(company)`` is then the rows that company may see. Portal views, API
viewsets and receivers all start from it. A request carries ``request.scope`` (see ``middleware``), which is None for strangers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.db import models
from django.db.models import Q

from portal.companies.permissions import Can, permissions_of

if TYPE_CHECKING:
    from portal.companies.models import ApiKey, Company, Membership, User


class ScopedQuerySet(models.QuerySet):
    """A query set that can be narrowed to what one company may see."""

    def for_company(self, company: Company | int) -> Self:
        """Rows of which ``company`` is an owner, by the model's ``company_paths``."""
        condition = Q()
        # Only models that are Scoped have these query sets.
        for path in cast("type[Scoped]", self.model).company_paths:
            condition |= Q(**{path: company})
        return self.filter(condition)


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


class Scoped(models.Model):
    """A row that belongs to one company or to two partners."""

    company_paths: ClassVar[tuple[str, ...]] = ("company",)

    objects = ScopedManager()

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, for which company, and what they may do there: built once a request from a membership or an API key."""

    company: Company
    user: User | None
    allowed: frozenset[str]
    key: ApiKey | None = None
    # Somebody of ours who works on the company's records from the admin, with a reason.
    is_staff: bool = False

    @classmethod
    def of_membership(cls, membership: Membership) -> Scope:
        return cls(company=membership.company, user=membership.user, allowed=permissions_of(membership.role))

    def can(self, permission: Can | str) -> bool:
        return str(permission) in self.allowed

    def rows(self, model: type[Scoped]) -> Any:
        """The rows of ``model`` that this scope may see."""
        return model.objects.for_company(self.company)
