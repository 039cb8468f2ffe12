"""Both sides of an integration compared: one row a reconciliation with its statement, one row a difference until it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.companies.scope import Scoped
from portal.lib import clock

if TYPE_CHECKING:
    from portal.ui.looks import Look


class Book(models.TextChoices):
    """What is compared, in the order in which a statement shows it."""

    ORDERS = "orders", "Orders"
    BOUGHT = "bought", "Supplier orders"
    STOCK = "stock", "Stock"
    PRICES = "prices", "Prices"
    SHIPMENTS = "shipments", "Shipments"


class ReconciliationResult(models.TextChoices):
    RUNNING = "running", "Comparing"
    AGREES = "agrees", "Books agree"
    DIFFERS = "differs", "Differences"
    UNFINISHED = "unfinished", "Not finished"


class Reconciliation(Scoped):
    """One comparison of an integration's books. ``books`` holds the statement a book, as ``channels.reconcile.statement`` writes it."""

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="reconciliations")
    trigger = models.CharField(max_length=12, default="schedule")
    result = models.CharField(max_length=10, choices=ReconciliationResult.choices, default=ReconciliationResult.RUNNING)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    books = models.JSONField(default=dict, blank=True)
    compared = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    on_the_way = models.PositiveIntegerField(default=0)
    sentence = models.CharField(max_length=400, blank=True)

    # How the list of nights shows it (``channels.reconcile.shown``).
    look: Look

    class Meta:
        ordering = ("-started_at", "-id")
        indexes = [models.Index(fields=("integration", "-started_at", "-id"), name="reconciliations_newest")]

    def __str__(self) -> str:
        return f"{self.integration_id} {self.started_at:%Y-%m-%d %H:%M} {self.result}"


class DifferenceState(models.TextChoices):
    OPEN = "open", "Open"
    CHOSEN = "chosen", "Chosen"
    GONE = "gone", "Gone"


class Side(models.TextChoices):
    OURS = "ours", "Ours"
    THEIRS = "theirs", "Theirs"


class Difference(Scoped):
    """One record on which the sides disagree. ``key`` names the record within its book, so that the same difference tomorrow is this row.

    ``kind`` is a row of ``channels.reconcile.differences``; ``ours`` and ``theirs`` are what each side says, in words. ``value`` is what is at stake in
    ``currency``. ``remote_id`` is their id of what would be read again. ``seen_in`` is the last reconciliation that found it.
    """

    company_paths = ("integration__company",)

    integration = models.ForeignKey("channels.Integration", on_delete=models.CASCADE, related_name="differences")
    seen_in = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="found")
    book = models.CharField(max_length=10, choices=Book.choices)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    record_type = models.CharField(max_length=20, blank=True)
    record_id = models.PositiveBigIntegerField(null=True, blank=True)
    remote_id = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=255)
    ours = models.CharField(max_length=200, blank=True)
    theirs = models.CharField(max_length=200, blank=True)
    # Their figure where it is one: the shelf price or the units that "theirs" would take over.
    their_amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=8, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    choice = models.CharField(max_length=8, choices=Side.choices, blank=True)
    # Whether the choice was only written down: such a difference is not opened again while both sides say the same.
    is_noted = models.BooleanField(default=False)
    answer = models.CharField(max_length=300, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    chosen_at = models.DateTimeField(null=True, blank=True)
    first_seen_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("integration", "book", "key"), condition=~Q(state="gone"), name="one_difference_a_record"
            )
        ]
        indexes = [
            models.Index(fields=("integration", "state", "-last_seen_at", "-id"), name="differences_newest"),
            models.Index(fields=("integration", "state", "name", "id"), name="differences_by_name"),
        ]

    def __str__(self) -> str:
        return self.name
