"""The largest figures that the API of orders takes."""

from __future__ import annotations

MOST_LINES = 500
LARGEST_ID = 2**62
