"""What stands in a cell becomes a value, or a sentence that says what is wrong with it and what to do."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from portal.lib.cells import unguarded
from portal.lib.gtin import LENGTHS, check_digit, is_digits, is_gtin

# A number of a workbook arrives as Decimal, everything else as text.
Cell = str | Decimal

HIGHEST = Decimal(10) ** 9
MOST_UNITS = 1_000_000_000
WHOLE = "Type a whole number such as 12."
YES = frozenset({"yes", "y", "true", "1", "active", "enabled", "on", "published", "visible", "x"})
NO = frozenset({"no", "n", "false", "0", "inactive", "disabled", "off", "draft", "hidden", "archived", "discontinued"})
# Excel writes numbers of twelve digits and more as 1.23E+11 when it saves a CSV; the lost digits are gone.
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E[+]?\d{1,3}", re.IGNORECASE)
_SPREADSHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "########"})
_POINT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d*)?")
# Fifteen digits are exact in a workbook; from there on the sheet has rounded the number itself.
_EXACT_DIGITS = 15
_GTIN_LENGTHS = f"{', '.join(map(str, LENGTHS[:-1]))} or {LENGTHS[-1]}"


class NoResult(str):
    """A formula whose result the workbook does not hold; the text is the formula."""

    __slots__ = ()


class BadCell(ValueError):
    """A cell that cannot be taken: ``wrong`` says what is wrong, ``todo`` what to do."""

    def __init__(self, wrong: str, todo: str) -> None:
        super().__init__(wrong)
        self.wrong, self.todo = wrong, todo


def read_text(cell: Cell, *, most: int = 255) -> str:
    """The cell as text, without outer blanks and without the guard of an export. Raises BadCell for errors of the sheet and for overlong text."""
    _check_result(cell)
    text = unguarded(_plain(cell).replace("\x00", "").strip())
    if text.upper() in _SPREADSHEET_ERRORS:
        raise BadCell(f"{text} is an error of the spreadsheet, not a value.", "Mend the formula or type the value.")
    if len(text) > most:
        raise BadCell(f"This is {len(text):,} characters long; {most:,} fit.", "Shorten it.")
    return text


def read_sku(cell: Cell) -> str:
    """A SKU as it stands. Raises BadCell for one that a spreadsheet has damaged."""
    text = read_text(cell)
    if is_damaged(text) or (isinstance(cell, Decimal) and len(text.lstrip("-")) > _EXACT_DIGITS):
        raise BadCell(
            f"“{text[:30]}” looks like a damaged SKU: the spreadsheet turned a long number into a short form.",
            "Format the SKU column as text in the spreadsheet, type the SKU again, and save.",
        )
    return text


def is_damaged(sku: str) -> bool:
    """Whether ``sku`` has the look of 1.23E+11."""
    return bool(_SCIENTIFIC.fullmatch(sku)) and ("+" in sku or "." in sku or "," in sku)


def odd_barcode(code: str) -> tuple[str, str] | None:
    """What is odd about a barcode that is taken as it stands, and what to do; None where it is one that tills and marketplaces know."""
    if is_gtin(code):
        return None
    if not is_digits(code):
        return (
            f"“{code[:30]}” is not a barcode that tills and marketplaces know: those are {_GTIN_LENGTHS} digits and nothing else.",
            "Compare it with the product and type only the digits, or leave the cell empty where there is no barcode.",
        )
    if len(code) not in LENGTHS:
        return (
            f"“{code[:30]}” has {len(code):,} digit{'' if len(code) == 1 else 's'}; a barcode has {_GTIN_LENGTHS}.",
            "Compare it with the product. A spreadsheet drops zeros at the beginning: format the column as text and type them again.",
        )
    return (
        f"The last digit of {code} does not fit the others, which would end in {check_digit(code[:-1])}.",
        "Compare it with the product: a digit is mistyped, or two are swapped.",
    )


def read_amount(cell: Cell, *, decimal: str = ".") -> Decimal:
    """A price or weight of 0 or more, in the file's own notation (``decimal`` is "." or ","). Raises BadCell."""
    amount = read_number(cell, decimal=decimal)
    if amount < 0:
        raise BadCell(f"{_plain(cell).strip()} is below 0.", "Type an amount of 0 or more, or leave the cell empty.")
    if amount >= HIGHEST:
        raise BadCell(f"{_plain(cell).strip()[:30]} is larger than any price we keep.", "Check the decimal mark.")
    return amount.quantize(Decimal("0.0001"))


def read_units(cell: Cell, *, decimal: str = ".") -> int:
    """A whole number of units, 0 or more. Raises BadCell."""
    number = read_number(cell, decimal=decimal, advice=WHOLE)
    shown = _plain(cell).strip()[:30]
    if number != number.to_integral_value():
        raise BadCell(f"{shown} is not a whole number of units.", WHOLE)
    if number < 0:
        raise BadCell(f"{shown} is below 0.", "Type 0 where nothing is left.")
    if number > MOST_UNITS:
        raise BadCell(f"{shown} is more than any stock we keep.", "Check the column and the decimal mark.")
    return int(number)


def read_flag(cell: Cell) -> bool:
    """Yes or no in the words that shops use. Raises BadCell."""
    word = read_text(cell).casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCell(f"“{word[:30]}” is neither yes nor no.", "Type yes or no.")


def read_number(cell: Cell, *, decimal: str, advice: str = "") -> Decimal:
    """Any finite number. Currency signs and blanks between digits are passed over. Raises BadCell, with ``advice`` or that for an amount."""
    advice = advice or _advice(decimal)
    _check_result(cell)
    if isinstance(cell, Decimal):
        return cell
    text = re.sub(r"[\s\u00a0\u202f£$€]|^[A-Z]{3}(?=[\d\s])", "", unguarded(cell.strip()))
    text = re.sub(r"(?<=\d)[A-Z]{3}$", "", text).replace("’", "").replace("−", "-")
    shape = _COMMA if decimal == "," else _POINT
    if not any(one.isdigit() for one in text) or not shape.fullmatch(text):
        raise BadCell(f"“{cell.strip()[:30]}” is not a number with a decimal {_mark(decimal)}.", advice)
    plain = text.replace(".", "").replace(",", ".") if decimal == "," else text.replace(",", "")
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise BadCell(f"“{cell.strip()[:30]}” is not a number.", advice) from error


def guess_decimal(cells: list[Cell]) -> str:
    """The decimal mark that most of ``cells`` use; a point where nothing tells."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    commas = sum(1 for text in texts if re.search(r"\d,\d{1,2}\D*$|\.\d{3},\d", text))
    points = sum(1 for text in texts if re.search(r"\d\.\d{1,2}\D*$|,\d{3}\.\d", text))
    return "," if commas > points else "."


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def shown(cell: Cell) -> str:
    """The cell for a message."""
    return _plain(cell).strip()[:80]


def _plain(cell: Cell) -> str:
    return f"{cell.normalize():f}" if isinstance(cell, Decimal) else cell


def _check_result(cell: Cell) -> None:
    if isinstance(cell, NoResult):
        raise BadCell("This cell holds a formula without a result.", "Open the file, save it once, or type the value.")


def _mark(decimal: str) -> str:
    return "comma" if decimal == "," else "point"


def _advice(decimal: str) -> str:
    example = "9,95" if decimal == "," else "9.95"
    return f"Type an amount such as {example}, or choose the other decimal mark for this file."
