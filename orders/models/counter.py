"""Numbers that are given once and never again."""

from __future__ import annotations

from django.db import models
from django.db.models import F

FIRST = 10_000


class Counter(models.Model):
    """The last number given under a name."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveBigIntegerField(default=FIRST)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"

    @classmethod
    def next(cls, name: str) -> int:
        """The next number under ``name``; call it in the transaction that uses it. A number given up by a rollback was never seen by anybody."""
        cls.objects.get_or_create(name=name)
        cls.objects.filter(name=name).update(last=F("last") + 1)
        return cls.objects.values_list("last", flat=True).get(name=name)
