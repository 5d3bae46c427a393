"""Numbers as people write them: `1,234.5`, `1.234,5`, `1 234,5`, `1'234.5`.

The marks are found from the whole column, never from one cell: `1.234` alone can be one or one thousand, and a wrong
guess is a wrong area. Where the column does not settle it, it is refused and the mapping has to say.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from clearland.intake.mapping import Numbers

_SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f\u2009'’", ""))
_SPACED = re.compile(r"^[+-]?\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?:[.,]\d+)?$")
_SHAPE = re.compile(r"^[+-]?\d+(?:[.,]\d+)*$")
_PLAIN = re.compile(r"^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$")
_LARGEST_DIGITS = 40


class AmbiguousMarksError(ValueError):
    """The column can be read in two ways, or mixes them; `example` is one cell that shows it."""

    def __init__(self, example: str, *, mixed: bool) -> None:
        super().__init__(example)
        self.example = example
        self.mixed = mixed


@dataclass(frozen=True)
class Marks:
    """The decimal mark, and the mark of thousands or None."""

    decimal: str = "."
    thousands: str | None = None


def find_marks(cells: Iterable[object], declared: Numbers, *, whole: bool = False, degrees: bool = False) -> Marks:
    """The marks of a column. Raises AmbiguousMarksError. `whole`: integers, where a comma can only group thousands.

    `degrees`: coordinates, where a point is always the decimal mark and nothing is grouped.
    """
    if declared.decimal or declared.thousands:
        other = {".": ",", ",": "."}
        return Marks(declared.decimal or other.get(declared.thousands or "", "."), declared.thousands)
    texts = {cell for cell in cells if isinstance(cell, str) and ("," in cell or "." in cell)}
    decimal: dict[str, str] = {}
    thousands: dict[str, str] = {}
    open_question: dict[str, str] = {}
    for text in texts:
        bare = text.translate(_SPACES)
        if _SHAPE.match(bare):
            _weigh(text, bare, decimal, thousands, open_question)
    for mark in set(decimal) & set(thousands):
        raise AmbiguousMarksError(decimal[mark], mixed=True)
    if len(decimal) > 1 or len(thousands) > 1:
        raise AmbiguousMarksError(next(iter((decimal if len(decimal) > 1 else thousands).values())), mixed=True)
    found = Marks(next(iter(decimal), ""), next(iter(thousands), None))
    if found.decimal:
        return found
    if found.thousands:
        return Marks("," if found.thousands == "." else ".", found.thousands)
    return _settle(open_question, whole=whole, degrees=degrees)


def _weigh(text: str, bare: str, decimal: dict[str, str], thousands: dict[str, str], open_question: dict[str, str]) -> None:
    commas, points = bare.count(","), bare.count(".")
    if commas and points:
        last = "," if bare.rindex(",") > bare.rindex(".") else "."
        decimal[last] = text
        thousands["." if last == "," else ","] = text
        return
    mark = "," if commas else "."
    if commas + points > 1:
        thousands[mark] = text
        return
    before, after = bare.lstrip("+-").split(mark)
    if len(after) != 3 or len(before) > 3 or before.startswith("0") or _SPACED.match(text):
        decimal[mark] = text
    else:
        open_question[mark] = text


def _settle(open_question: dict[str, str], *, whole: bool, degrees: bool) -> Marks:
    if not open_question:
        return Marks()
    if degrees and "," not in open_question:
        return Marks()
    if whole and "." not in open_question:
        return Marks(".", ",")
    raise AmbiguousMarksError(next(iter(open_question.values())), mixed=len(open_question) > 1)


def to_decimal(cell: object, marks: Marks) -> Decimal:
    """One cell as an exact number. Raises ValueError with a sentence for anything that is none."""
    if isinstance(cell, bool):
        raise ValueError("a truth value is no number")  # noqa: TRY004 (every wrong cell is a ValueError)
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        # repr gives the shortest text that means this float, so 1521.82 stays 1521.82
        return _finite(Decimal(repr(cell)))
    text = cell if isinstance(cell, str) else ""
    if not _PLAIN.match(text) or marks.thousands or marks.decimal != ".":
        text = _unmarked(text, marks)
    if len(text) > _LARGEST_DIGITS:
        raise ValueError("it has more digits than any real figure")
    try:
        return _finite(Decimal(text))
    except InvalidOperation as error:
        raise ValueError("it is no number") from error


def _unmarked(text: str, marks: Marks) -> str:
    bare = text.translate(_SPACES) if _SPACED.match(text) else text
    whole, point, rest = bare.partition(marks.decimal)
    if marks.thousands and marks.thousands in whole:
        groups = whole.lstrip("+-").split(marks.thousands)
        if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:]):
            raise ValueError("its thousands are not in groups of three")
        whole = whole.replace(marks.thousands, "")
    plain = f"{whole}.{rest}" if point else whole
    if not _PLAIN.match(plain):
        raise ValueError("it is no number")
    return plain


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError("it is not finite")
    return number


def plain_text(number: Decimal) -> str:
    """The canonical text of a decimal: no exponent, no trailing zeros, no plus."""
    if number == number.to_integral_value():
        return str(int(number))
    return format(number.normalize(), "f")


def floats(cells: Sequence[object], marks: Marks) -> list[float | None]:
    """Coordinates; a cell that is no number becomes None."""
    values: list[float | None] = []
    for cell in cells:
        if type(cell) is float or type(cell) is int:
            values.append(float(cell))
        elif cell is None:
            values.append(None)
        else:
            try:
                values.append(float(to_decimal(cell, marks)))
            except ValueError:
                values.append(None)
    return values
