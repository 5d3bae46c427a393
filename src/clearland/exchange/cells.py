"""Values as cells of a sheet: lists in one cell, text that a spreadsheet would run, numbers that keep every digit."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal

from clearland.exchange.export import Column, Value

_RUNS = re.compile(r"^'*\s*[=+\-@\t\r]")
_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PARTING = re.compile(r"[;|\n]|^[\s\[]|\s$")
_SHEET_DIGITS = 15  # what a spreadsheet keeps of a number


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, without control characters: an apostrophe goes before it.

    Text that already begins with apostrophes before such a sign gets one more, so that taking one away gives it back.
    """
    clean = _BROKEN.sub("", text)
    return f"'{clean}" if _RUNS.match(clean) else clean


def listed(values: Sequence[str]) -> str:
    """Several values in one cell: parted by semicolons, or as a JSON list where a value holds what parts values."""
    if any(_PARTING.search(value) for value in values):
        return json.dumps(list(values), ensure_ascii=False)
    return "; ".join(values)


def text_of(value: Value) -> str | None:
    """A value as text; None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return listed(value) if isinstance(value, list) else str(value)


def exact_float(value: str, digits: int = 17) -> float | None:
    """A decimal text as a float that reads back as the same number and takes no more digits; None where none does."""
    number = float(value)
    same = Decimal(repr(number)) == Decimal(value)
    return number if same and len(Decimal(value).normalize().as_tuple().digits) <= digits else None


def sheet_number(value: str | int) -> float | int | None:
    """A number as a spreadsheet can keep it, None where it would lose digits."""
    if isinstance(value, int):
        return value if abs(value) < 10**_SHEET_DIGITS else None
    return exact_float(value, _SHEET_DIGITS)


def floats_of(column: Column) -> list[float | None] | None:
    """A whole decimal column as floats, None where one of its values would change."""
    numbers = [exact_float(str(value)) if value is not None else None for value in column.values]
    lost = any(number is None and value is not None for number, value in zip(numbers, column.values, strict=True))
    return None if lost else numbers
