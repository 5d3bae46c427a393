"""Dates as sheets hold them: typed Excel dates, ISO text, `31.12.2014`, and whatever pattern the mapping names.

`03/04/2014` is two days at once. Where the column does not settle which, it is refused and the mapping has to say.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from clearland.core.partial_dates import PartialDate

_ISO = re.compile(r"^\d{4}(?:-\d{2}(?:-\d{2})?)?$")
_ISO_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}")
_DOTTED = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_SLASHED = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[./](\d{4})$")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIAL = "excel"


class AmbiguousDayError(ValueError):
    """Day and month cannot be told apart in this column; `example` is one cell that shows it."""

    def __init__(self, example: str, *, mixed: bool) -> None:
        super().__init__(example)
        self.example = example
        self.mixed = mixed


def day_comes_first(cells: Iterable[object]) -> bool | None:
    """Whether slashed dates of a column are day/month (True) or month/day; None where there are none.

    Raises AmbiguousDayError where every part is at most 12 and day differs from month, or where both orders occur.
    """
    day_first = month_first = None
    either = None
    for text in {cell for cell in cells if isinstance(cell, str)}:
        match = _SLASHED.match(text)
        if not match:
            continue
        first, second = int(match[1]), int(match[2])
        if first > 12 and second <= 12:
            day_first = text
        elif second > 12 and first <= 12:
            month_first = text
        elif first != second:
            either = text
    if day_first and month_first:
        raise AmbiguousDayError(day_first, mixed=True)
    if day_first or month_first:
        return day_first is not None
    if either:
        raise AmbiguousDayError(either, mixed=False)
    return None


def to_partial_date(cell: object, patterns: Sequence[str], day_first: bool | None) -> PartialDate:
    """One cell as a date with its precision. Raises ValueError with a sentence for what is none.

    `patterns` are those of strptime (`%d.%m.%Y`, `%m/%Y`, `%Y`), or `excel` for the numbers Excel keeps dates as.
    """
    if isinstance(cell, datetime):
        return PartialDate.of(cell.date())
    if isinstance(cell, date):
        return PartialDate.of(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _from_number(cell, patterns)
    if not isinstance(cell, str):
        raise ValueError("it is no date")  # noqa: TRY004 (every wrong cell is a ValueError)
    for pattern in patterns:
        found = _by_pattern(cell, pattern)
        if found:
            return found
    return _by_form(cell, day_first)


def _from_number(cell: int | float, patterns: Sequence[str]) -> PartialDate:
    if EXCEL_SERIAL in patterns and 0 < cell < 2_958_466:
        return PartialDate.of(_EXCEL_DAY_ZERO + timedelta(days=int(cell)))
    if isinstance(cell, int) and 1800 <= cell <= 2200:
        return PartialDate(cell)
    if 20_000 < cell < 80_000:
        raise ValueError("it is a number as Excel keeps dates; say `dates: [excel]` for this field")
    raise ValueError("it is a number, not a date")


def _by_pattern(text: str, pattern: str) -> PartialDate | None:
    if pattern == EXCEL_SERIAL:
        return _from_number(int(text), (EXCEL_SERIAL,)) if text.isdecimal() else None
    try:
        moment = datetime.strptime(text, pattern).replace(tzinfo=UTC)
    except ValueError:
        return None
    has_month = any(part in pattern for part in ("%m", "%b", "%B", "%j", "%x"))
    has_day = any(part in pattern for part in ("%d", "%j", "%x"))
    return PartialDate(moment.year, moment.month if has_month else None, moment.day if has_day else None)


def _by_form(text: str, day_first: bool | None) -> PartialDate:
    if _ISO.match(text):
        return _existing(text)
    timed = _ISO_TIME.match(text)
    if timed:
        return _existing(timed[1])
    for form, order in ((_DOTTED, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3))):
        match = form.match(text)
        if match:
            return _of(*(int(match[part]) for part in order))
    match = _SLASHED.match(text)
    if match:
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        return _of(year, first, second) if day_first is False else _of(year, second, first)
    match = _MONTH_YEAR.match(text)
    if match:
        return _existing(f"{match[2]}-{int(match[1]):02d}")
    raise ValueError("its form is not known; name it under `dates`, such as `%d %b %Y`")


def _of(year: int, month: int, day: int) -> PartialDate:
    try:
        return PartialDate.of(date(year, month, day))
    except ValueError as error:
        raise ValueError("there is no such day") from error


def _existing(text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise ValueError("there is no such day") from error
