"""Where reading begins in every endpoint: at the rows of the caller's company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from rest_framework import mixins, viewsets


class ScopedViewSet(viewsets.GenericViewSet):
    """Reads start at ``rows``; while the schema is drawn there is nobody to ask for."""

    # Always a query set here, never one of the managers that Django REST framework also takes.
    queryset: QuerySet

    def rows(self) -> QuerySet:
        """All that the caller may see, made through ``request.scope``."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        return self.queryset if getattr(self, "swagger_fake_view", False) else self.rows()


class ScopedReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """A list and one of it."""


if TYPE_CHECKING:
    # What the mixins of endpoints find beside them.
    Endpoint = ScopedViewSet
else:
    Endpoint = object
