"""How amounts stand in answers."""

from __future__ import annotations

AMOUNT = {"max_digits": 14, "decimal_places": 4}
