"""How amounts stand in answers."""

from __future__ import annotations

from typing import Any

AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 4}
