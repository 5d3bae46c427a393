"""The periods a report covers: a calendar year, quarter, month or ISO week, written 2025, 2025-Q3, 2025-09, 2025-W36."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from clearland.core import formats
from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import Grain
from clearland.reports.phrases import say

_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-W(?P<week>\d{2})|-(?P<month>\d{2}))?")
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


@dataclass(frozen=True)
class Period:
    """A closed span of days and the way it is written."""

    code: str
    grain: Grain
    first: date
    last: date

    def label(self, language: str) -> str:
        """The period as a title says it: `2025`, `third quarter of 2025`, `September 2025`, `week 36 of 2025`."""
        if self.grain == "year":
            return str(self.first.year)
        if self.grain == "month":
            return formats.day(self.code, language)
        number = int(self.code.rpartition(self.code[5])[2])
        return say(language, f"period_{self.grain}", number=number, year=self.code[:4])

    def before(self, steps: int = 1) -> "Period":
        """The period of the same length that lies `steps` back."""
        found = self
        for _ in range(steps):
            found = containing(found.grain, found.first - timedelta(days=1))
        return found


def period(text: str) -> Period:
    """Read a period. Raises ClearlandError E-REPORT-YEAR for a year, E-REPORT-PERIOD for another text that is none."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ClearlandError(
            "E-REPORT-PERIOD", f"“{text}” is no period.", remedy="Write 2025, 2025-Q3, 2025-09 or 2025-W36.",
        )
    year = int(match["year"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ClearlandError("E-REPORT-YEAR", f"{year} is no year of mine action.", remedy="Give a year such as 2026.")
    try:
        if match["quarter"]:
            return containing("quarter", date(year, 3 * int(match["quarter"]), 1))
        if match["month"]:
            return containing("month", date(year, int(match["month"]), 1))
        if match["week"]:
            return containing("week", date.fromisocalendar(year, int(match["week"]), 1))
    except ValueError as error:
        raise ClearlandError(
            "E-REPORT-PERIOD", f"“{text}” is no period.", remedy="Write a month from 01 to 12, a week from 01 to 53.",
        ) from error
    return containing("year", date(year, 1, 1))


def containing(grain: Grain, day: date) -> Period:
    """The period of a length that a day lies in."""
    if grain == "week":
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
        return Period(f"{year}-W{week:02}", grain, first, first + timedelta(days=6))
    if grain == "year":
        return Period(str(day.year), grain, date(day.year, 1, 1), date(day.year, 12, 31))
    months = 3 if grain == "quarter" else 1
    begin = (day.month - 1) // months * months + 1
    end = begin + months - 1
    code = f"{day.year}-Q{end // 3}" if grain == "quarter" else f"{day.year}-{begin:02}"
    return Period(code, grain, date(day.year, begin, 1), date(day.year, end, calendar.monthrange(day.year, end)[1]))
