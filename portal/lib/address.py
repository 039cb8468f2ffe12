"""A postal address as a value: the same shape in the contract, in orders and in forms."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from babel import Locale

_COUNTRIES = Locale("en", "GB").territories


@dataclass(frozen=True, slots=True)
class Address:
    """Who and where. ``country`` is ISO 3166 alpha-2. Texts are as received, unshortened; each channel cuts to its own limits and says so."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Address:
        """The address in ``data``; unknown keys are ignored, missing ones empty."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: str(value or "") for key, value in data.items() if key in known})

    def lines(self) -> list[str]:
        """The lines as written on a parcel, without empty ones; the country by its name."""
        place = f"{self.city} {self.state} {self.postcode}".replace("  ", " ").strip()
        country = _COUNTRIES.get(self.country.upper(), self.country)
        return [line for line in (self.full_name, self.company, self.address1, self.address2, place, country) if line]
