"""Counting beside a row in one query, without joins that multiply one another."""

from __future__ import annotations

from django.db.models import Count, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce


def count_of(rows: QuerySet, outer: str) -> Coalesce:
    """How many of ``rows`` there are, 0 for none; ``outer`` is their column that is filtered by OuterRef."""
    counted = rows.order_by().values(outer).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
