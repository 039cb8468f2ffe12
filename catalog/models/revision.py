"""Changes of a price list as records: drafted, approved, published at a time, undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.price import PriceList
from portal.companies.scope import Scoped
from portal.lib import clock


class RevisionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waits for approval"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHING = "publishing", "Being published"
    PUBLISHED = "published", "Published"
    DROPPED = "dropped", "Dropped"


# What may follow what; ``catalog.services.revisions`` makes every move with one conditional update.
MOVES: dict[str, frozenset[str]] = {
    RevisionState.DRAFT: frozenset(
        {RevisionState.WAITING, RevisionState.SCHEDULED, RevisionState.PUBLISHING, RevisionState.DROPPED}
    ),
    RevisionState.WAITING: frozenset(
        {RevisionState.DRAFT, RevisionState.SCHEDULED, RevisionState.PUBLISHING, RevisionState.DROPPED}
    ),
    RevisionState.SCHEDULED: frozenset({RevisionState.DRAFT, RevisionState.PUBLISHING, RevisionState.DROPPED}),
    RevisionState.PUBLISHING: frozenset({RevisionState.PUBLISHED}),
    RevisionState.PUBLISHED: frozenset(),
    RevisionState.DROPPED: frozenset(),
}
OPEN = (RevisionState.DRAFT, RevisionState.WAITING, RevisionState.SCHEDULED)


class PriceRevision(Scoped):
    """One change of a list: ``change`` says what becomes of terms, rules, breaks and overrides, ``before`` (once published) what they were.

    While it is open nothing of it is in force. ``edits`` counts what was changed in it, so that two people who edit it notice each other. ``publish_at`` is
    when it goes live by itself. ``undoes`` is the revision whose ``before`` it restores. While it is being published, whoever works on it holds it until
    ``held_until``; ``published_at`` is the one moment at which all its prices came into force, null before it.
    """

    company_paths = ("price_list__company",)

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="revisions")
    state = models.CharField(max_length=12, choices=RevisionState.choices, default=RevisionState.DRAFT)
    change = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    edits = models.PositiveIntegerField(default=0)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, related_name="undone_by", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(default=clock.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("price_list",), condition=Q(state__in=OPEN), name="one_open_revision_a_list"
            ),
        ]
        indexes = [
            models.Index(fields=("publish_at",), condition=Q(state="scheduled"), name="revision_due"),
            models.Index(fields=("price_list", "-id"), name="revision_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.price_list}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class StagedPrice(models.Model):
    """A price that a publish has worked out and that is not in force yet; once it is, the note that partners' stores are still to hear of it.

    ``held`` is the price row in force that it replaces (null: there was none); ``amount`` null ends the price.
    """

    revision = models.ForeignKey(PriceRevision, on_delete=models.CASCADE, related_name="staged")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    held = models.BigIntegerField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    retail_amount = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    rule = models.CharField(max_length=120, blank=True)
    explanation = models.JSONField(default=dict, blank=True)
    breaks = models.JSONField(default=list, blank=True)
    is_moved = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("revision", "variant"), name="one_staged_price")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.amount}"


class PricePolicy(Scoped):
    """When a second person of ``company`` must approve a publish; null = never for that reason.

    ``approve_share``: more than so many percent of a list's prices move. ``approve_move``: one price moves by more than so many percent.
    """

    company = models.OneToOneField("companies.Company", on_delete=models.CASCADE, related_name="price_policy")
    approve_share = models.PositiveIntegerField(null=True, blank=True)
    approve_move = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.company}: approval of prices"

    @property
    def is_on(self) -> bool:
        return self.approve_share is not None or self.approve_move is not None
