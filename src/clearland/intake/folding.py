"""Folding: what makes `CHACHAGÜÍ` and `Chachagui` one key, and finds the code a label stands for."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from clearland.intake.numbers import plain_text

# Letters that carry no combining mark and yet are written with and without: dotless i, schwa, slashed o and their like.
_LETTERS = str.maketrans({"ı": "i", "ə": "e", "Ə": "E", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ß": "ss"})


def fold(text: str, folds: Sequence[str]) -> str:
    """The text with accents, case or runs of spaces taken away, as `folds` says."""
    if "accents" in folds and not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)
    if "case" in folds:
        text = text.casefold()
    if "spaces" in folds:
        text = " ".join(text.split())
    return text


def cell_text(cell: object) -> str:
    """A cell as the text a person sees: whole numbers without point, dates as ISO, nothing as the empty text."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        number = Decimal(repr(cell))
        return plain_text(number) if number.is_finite() else ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (list, tuple)):
        return "; ".join(cell_text(item) for item in cell)
    return str(cell)
