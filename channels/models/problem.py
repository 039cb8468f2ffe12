"""Something stuck, with a cause and an owner. One open row per cause and record; screens group them by cause."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.companies.scope import Scoped, ScopedQuerySet
from portal.lib import clock


class ProblemState(models.TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"
    IGNORED = "ignored", "Ignored"


class ProblemQuerySet(ScopedQuerySet):
    """Problems by what a person has to do about them."""

    def open(self) -> Self:
        """Not resolved and not ignored; snoozed ones too."""
        return self.filter(state=ProblemState.OPEN)

    def awake(self, now: datetime | None = None) -> Self:
        """Open and not snoozed: what the number beside Problems counts, and all that may alert."""
        return self.open().exclude(snoozed_until__gt=now or clock.now())

    def snoozed(self) -> Self:
        """Open, and put off until a time that has not come."""
        return self.open().filter(snoozed_until__gt=clock.now())


ProblemManager = models.Manager.from_queryset(ProblemQuerySet)


class Problem(Scoped):
    """``company`` is who must act (see ``channels.causes``); ``cause_key`` groups ("no_such_sku:ABC"), ``record`` is what is stuck. ``assigned_to`` is the
    colleague of the company who sees to it, ``staff_assigned_to`` who of our staff does; either, both or none.

    Snoozed is a time, not a state: when it is over, or when the cause meets another record, the problem is back without anybody's doing.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="problems")
    integration = models.ForeignKey(
        "channels.Integration", on_delete=models.CASCADE, null=True, blank=True, related_name="problems"
    )
    code = models.CharField(max_length=40)
    cause_key = models.CharField(max_length=160)
    sentence = models.CharField(max_length=500)
    detail = models.TextField(blank=True)
    record_type = models.CharField(max_length=20, blank=True)
    record_id = models.PositiveBigIntegerField(null=True, blank=True)
    record_name = models.CharField(max_length=200, blank=True)
    outbound = models.ForeignKey(
        "channels.Outbound", on_delete=models.SET_NULL, null=True, blank=True, related_name="problems"
    )
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=10, choices=ProblemState.choices, default=ProblemState.OPEN)
    first_seen_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    times_seen = models.PositiveIntegerField(default=1)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    resolution = models.CharField(max_length=300, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned_problems"
    )
    staff_assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="staff_problems",
        verbose_name="with staff",
    )

    objects: ClassVar[ProblemManager] = ProblemManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("company", "cause_key", "record_type", "record_id"),
                condition=Q(state="open"),
                nulls_distinct=False,
                name="one_open_problem_a_record",
            )
        ]
        indexes = [models.Index(fields=("company", "state", "-last_seen_at", "-id"), name="problem_open")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def staff_name(self) -> str:
        """Who of our staff sees to it, as the company reads it, never an address; "" where nobody does."""
        person = self.staff_assigned_to
        return "" if person is None else f"{person.name} of Tradelane" if person.name else "Tradelane’s staff"


class ProblemComment(Scoped):
    """What somebody of the company says about a cause; it stays with the cause, whichever records it keeps stuck."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="problem_comments")
    code = models.CharField(max_length=40)
    cause_key = models.CharField(max_length=160)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    text = models.CharField(max_length=1000)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=("company", "cause_key", "id"), name="comments_of_cause")]

    def __str__(self) -> str:
        return self.text[:80]
