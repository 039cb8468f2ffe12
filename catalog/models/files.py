"""Files that somebody imports: the original is kept, what came of it stands beside it, and an interrupted import goes on where it was."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from portal.companies.scope import Scoped
from portal.lib import clock


class ImportKind(models.TextChoices):
    PRODUCTS = "products", "Products"
    STOCK = "stock", "Stock"
    PRICES = "prices", "Prices"


class ImportState(models.TextChoices):
    RECEIVED = "received", "Columns to confirm"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Ready to apply"
    APPLYING = "applying", "Being applied"
    DONE = "done", "Applied"
    CANCELLED = "cancelled", "Stopped"
    FAILED = "failed", "Cannot be read"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


# What may follow what; ``catalog.files.services`` makes every move, with one conditional update.
MOVES: dict[str, frozenset[str]] = {
    ImportState.RECEIVED: frozenset({ImportState.CHECKING, ImportState.CANCELLED, ImportState.FAILED}),
    ImportState.CHECKING: frozenset({ImportState.CHECKED, ImportState.CANCELLED, ImportState.FAILED}),
    ImportState.CHECKED: frozenset({ImportState.APPLYING, ImportState.RECEIVED, ImportState.CANCELLED}),
    ImportState.APPLYING: frozenset({ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED}),
    ImportState.DONE: frozenset({ImportState.UNDOING}),
    ImportState.UNDOING: frozenset({ImportState.UNDONE, ImportState.FAILED}),
    ImportState.CANCELLED: frozenset({ImportState.RECEIVED, ImportState.UNDOING}),
    ImportState.FAILED: frozenset({ImportState.RECEIVED, ImportState.UNDOING}),
    ImportState.UNDONE: frozenset(),
}
MOVING = frozenset({ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING})


class ImportFile(Scoped):
    """An uploaded CSV or XLSX file.

    ``headers`` are the names in its head row, ``columns`` says which of our fields is read from which of them (field → place from 0). ``encoding``,
    ``delimiter`` and ``decimal`` are what a CSV is read with, ``sheet`` the sheet of a workbook; all are guessed and may be changed. ``position`` is how many
    rows below the head the present phase has committed, ``counts`` what came of them, ``checked`` the counts of the dry run. Who works on it holds the
    lease until ``lease_until``; a stale one is taken over. ``price_list`` is the list that a price file is for.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="import_files")
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    price_list = models.ForeignKey("catalog.PriceList", on_delete=models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(default=0)
    form = models.CharField(max_length=4, default="csv")
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    decimal = models.CharField(max_length=1, default=".")
    sheet = models.CharField(max_length=100, blank=True)
    sheets = models.JSONField(default=list, blank=True)
    head_row = models.PositiveIntegerField(default=0)
    headers = models.JSONField(default=list, blank=True)
    columns = models.JSONField(default=dict, blank=True)
    examples = models.JSONField(default=list, blank=True)
    notes = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.RECEIVED)
    failure = models.CharField(max_length=400, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    checked = models.JSONField(default=dict, blank=True)
    sample = models.JSONField(default=list, blank=True)
    lease_owner = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    uploaded_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("company", "-uploaded_at", "-id"), name="import_newest"),
            models.Index(
                fields=("lease_until",),
                condition=models.Q(state__in=("checking", "applying", "undoing")),
                name="import_at_work",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING

    @property
    def refused(self) -> int:
        return int(self.counts.get("refused", 0))

    @property
    def warnings(self) -> int:
        return int(self.counts.get("warnings", 0))


class ImportContent(models.Model):
    """The file as it was uploaded, byte for byte; apart, so that no list reads it."""

    file = models.OneToOneField(ImportFile, on_delete=models.CASCADE, primary_key=True, related_name="content")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.file)


class ImportIssue(Scoped):
    """One thing that is wrong in a row: where, what, and what to do. ``line`` is the row's number in the file, from 1. A warning is of a row that is taken
    all the same."""

    company_paths: ClassVar[tuple[str, ...]] = ("file__company",)

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="issues")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=80, blank=True)
    wrong = models.CharField(max_length=300)
    todo = models.CharField(max_length=300, blank=True)
    is_warning = models.BooleanField(default=False)

    class Meta:
        ordering = ("line", "id")
        indexes = [models.Index(fields=("file", "line", "id"), name="issue_by_line")]

    def __str__(self) -> str:
        return f"Row {self.line}: {self.wrong}"


class ImportOverflow(models.Model):
    """What is wrong in rows past those kept singly: one row a chunk of the import, ``issues`` as [line, column, value, wrong, todo], for the download."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="overflow")
    line = models.PositiveIntegerField()
    issues = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("file", "line"), name="one_overflow_a_chunk")]

    def __str__(self) -> str:
        return f"From row {self.line}"


class ImportedChange(models.Model):
    """What a file of products or stock changed of one record, so that the import can be undone.

    ``record`` is the id of a product or variant, or of the variant whose stock at ``place`` it was. ``before`` holds the changed fields as they were (null:
    the file made the record), ``after`` as the file left them.
    """

    class What(models.TextChoices):
        PRODUCT = "product", "Product"
        VARIANT = "variant", "Variant"
        STOCK = "stock", "Stock"

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=8, choices=What.choices)
    record = models.BigIntegerField()
    place = models.CharField(max_length=80, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("file", "what", "record", "place"), name="one_imported_change")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.record}"


class ImportedPrice(models.Model):
    """The override of a variant before a price file changed it (null: it followed the rule), so that the import can be undone."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="prices")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    before = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    after = models.DecimalField(max_digits=14, decimal_places=4, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("file", "variant"), name="one_imported_price")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class ColumnMemory(Scoped):
    """How a company matched the columns of its files last: the header's text → our field, for one kind of file."""

    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    fields = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("company", "kind"), name="one_memory_a_kind")]

    def __str__(self) -> str:
        return f"{self.company}: {self.kind}"
