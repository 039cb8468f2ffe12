"""How old a number of units is: when its supplier's stock was last read, beside every number that the API gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from catalog.stock_age import stock_read_at
from portal.companies.api_rows import Endpoint

HELP = (
    "When the stock of the goods' supplier was last read well as a whole, in UTC; null where no store of it is read. "
    "A change that the store tells of meanwhile is in “available” at once and leaves this moment alone."
)


class StockReadAtField(serializers.DateTimeField):
    """A moment in UTC, whatever the reader's zone, taken from what ``StockAged`` put on the row."""

    def __init__(self, **kwargs: Any) -> None:
        said: dict[str, Any] = {"read_only": True, "allow_null": True, "help_text": HELP, "default_timezone": UTC}
        super().__init__(**said | kwargs)


class StockAged(Endpoint):
    """Puts ``stock_read_at`` on the rows of a page, and on a single row: one query, however many rows and suppliers."""

    def supplier_of(self, row: Any) -> int | None:
        """Whose stock the row tells."""
        return row.company_id

    def paginate_queryset(self, rows: Any) -> list[Any]:
        return self.aged(super().paginate_queryset(rows) or [])

    def get_object(self) -> Any:
        return self.aged([super().get_object()])[0]

    def aged(self, rows: list[Any]) -> list[Any]:
        suppliers = [self.supplier_of(row) for row in rows]
        ages = stock_read_at({one for one in suppliers if one}) if rows else {}
        for row, supplier in zip(rows, suppliers, strict=True):
            self.put_age(row, ages.get(supplier) if supplier else None)
        return rows

    def put_age(self, row: Any, read_at: datetime | None) -> None:
        row.stock_read_at = read_at
