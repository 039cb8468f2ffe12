"""The kinds of file and their fields: what each is called in templates, what other systems call it, and how its cell is read.

What others call them stands in ``synonyms``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.files import values
from catalog.files.synonyms import synonyms_of
from catalog.files.values import Cell
from catalog.models import ImportKind
from portal.companies.permissions import Can

Reader = Callable[[Cell, str], Any]
Doubt = Callable[[Any], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Field:
    """A column that we understand. ``read(cell, decimal mark)`` gives its value or raises BadCell; ``doubt(value)`` says what is odd about one that is taken
    all the same, and what to do; ``is_amount`` helps to guess the decimal mark."""

    key: str
    label: str
    read: Reader
    is_required: bool = False
    is_amount: bool = False
    hint: str = ""
    examples: tuple[str | Decimal | int, str | Decimal | int] = ("", "")
    doubt: Doubt | None = None

    @property
    def synonyms(self) -> tuple[str, ...]:
        return synonyms_of(self.key)


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file of this kind is about, who may import it, and its fields in the order of the template."""

    key: str
    title: str
    noun: str
    sentence: str
    permission: Can
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field:
        return next(one for one in self.fields if one.key == key)

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.is_required)


def _text(most: int = 255) -> Reader:
    return lambda cell, decimal: values.read_text(cell, most=most)


def _sku(cell: Cell, decimal: str) -> str:
    return values.read_sku(cell)


def _amount(cell: Cell, decimal: str) -> Decimal:
    return values.read_amount(cell, decimal=decimal)


def _units(cell: Cell, decimal: str) -> int:
    return values.read_units(cell, decimal=decimal)


def _flag(cell: Cell, decimal: str) -> bool:
    return values.read_flag(cell)


def _code(cell: Cell, decimal: str) -> str:
    """A bar code: digits that a spreadsheet damages as it does SKUs."""
    return values.read_sku(cell)


def _address(cell: Cell, decimal: str) -> str:
    text = values.read_text(cell, most=1000)
    if not text.lower().startswith(("https://", "http://")):
        raise values.BadCell(f"“{text[:30]}” is not the address of a picture.", "Type one that begins with https://.")
    return text


def _currency(cell: Cell, decimal: str) -> str:
    text = values.read_text(cell).upper()
    if len(text) != 3 or not text.isalpha():
        raise values.BadCell(f"“{text[:10]}” is not a currency.", "Type three letters such as GBP.")
    return text


# The word that gives a price back to the list's own rule.
RULE = "rule"


def _price_or_rule(cell: Cell, decimal: str) -> Decimal | str:
    if isinstance(cell, str) and cell.strip().casefold() == RULE:
        return RULE
    return values.read_amount(cell, decimal=decimal)


SKU = Field(
    "sku",
    "SKU",
    _sku,
    is_required=True,
    hint="Your code for this very item; the same in every file.",
    examples=("84029E", "22423"),
)

PRODUCTS = FileKind(
    ImportKind.PRODUCTS,
    "Products",
    "product",
    "One row a SKU. New SKUs are created, known ones updated; an empty cell leaves what is there.",
    Can.PRODUCTS,
    (
        SKU,
        Field(
            "name",
            "Name",
            _text(),
            hint="Needed for new products.",
            examples=("Hand warmer owl", "Regency cakestand 3 tier"),
        ),
        Field(
            "group", "Product code", _text(100), hint="The same on all variants of one product.", examples=("84029", "")
        ),
        Field("option1_name", "Option 1 name", _text(60), hint="What its variants differ by.", examples=("Colour", "")),
        Field("option1", "Option 1", _text(120), hint="What this variant is.", examples=("Red", "")),
        Field("option2_name", "Option 2 name", _text(60), hint="A second difference, such as Size."),
        Field("option2", "Option 2", _text(120), hint="What this variant is of it, such as Large."),
        Field("description", "Description", _text(20_000)),
        Field("brand", "Brand", _text(120), examples=("Kingsway", "Regency")),
        Field("category", "Category", _text(200), examples=("Winter", "Kitchen and cake")),
        Field("barcode", "Barcode", _code, examples=("5012345678900", ""), doubt=values.odd_barcode),
        Field(
            "price",
            "Retail price",
            _amount,
            is_amount=True,
            hint="What shops sell it for.",
            examples=(Decimal("2.10"), Decimal("12.75")),
        ),
        Field(
            "cost",
            "Cost",
            _amount,
            is_amount=True,
            hint="Only your own people see it.",
            examples=(Decimal("0.85"), Decimal("6.90")),
        ),
        Field("msrp", "MSRP", _amount, is_amount=True, hint="The price that the maker recommends to shops."),
        Field("map_price", "MAP", _amount, is_amount=True, hint="The lowest price that a shop may advertise."),
        Field("weight", "Weight", _amount, is_amount=True),
        Field("image_url", "Picture", _address),
        Field("is_active", "Active", _flag, hint="Yes or no.", examples=("yes", "yes")),
        Field("on_hand", "Stock", _units, hint="Units on hand now.", examples=(60, 12)),
    ),
)

STOCK = FileKind(
    ImportKind.STOCK,
    "Stock",
    "stock figure",
    "Units on hand by SKU. SKUs that the file does not name stay as they are.",
    Can.PRODUCTS,
    (
        SKU,
        Field(
            "on_hand",
            "On hand",
            _units,
            is_required=True,
            hint="Whole units; 0 where nothing is left.",
            examples=(60, 12),
        ),
        Field("location", "Place", _text(80), hint="Only if you stock in several places.", examples=("", "")),
    ),
)

PRICES = FileKind(
    ImportKind.PRICES,
    "Prices",
    "price",
    "Dropship prices for one price list. A price in the file wins over the list's rule until it is taken away.",
    Can.PRICES,
    (
        SKU,
        Field(
            "amount",
            "Dropship price",
            _price_or_rule,
            is_required=True,
            is_amount=True,
            hint="An amount, or the word rule to follow the list again.",
            examples=(Decimal("1.68"), Decimal("10.20")),
        ),
        Field("currency", "Currency", _currency, hint="Checked against the list's.", examples=("GBP", "GBP")),
    ),
)

KINDS: dict[str, FileKind] = {kind.key: kind for kind in (PRODUCTS, STOCK, PRICES)}
