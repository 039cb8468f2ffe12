"""Country names by ISO code, as BigCommerce spells the common ones."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# The time-zone database names some countries in its own way.
_SPELLED = {"GB": "United Kingdom", "CZ": "Czech Republic", "KR": "Korea, Republic of", "MM": "Myanmar"}


@cache
def names() -> dict[str, str]:
    """Upper-case ISO 3166-1 alpha-2 code to name."""
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows} | _SPELLED


def find_country(*, name: str = "", iso2: str = "") -> tuple[str, str] | None:
    """(name, code) by code or by name without regard to case; None when neither is known."""
    if iso2.upper() in names():
        return names()[iso2.upper()], iso2.upper()
    return next(((known, code) for code, known in names().items() if known.lower() == name.lower()), None)
