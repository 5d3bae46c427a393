"""Partial dates as day numbers (`date.toordinal`), which whole arrays can compare.

A date known to the month or year counts at its last day (design section 6); the first day it can mean decides whether
a period contains it whole.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from clearland.core.partial_dates import PartialDate

UNDATED = (0, 0)
_FIRST_OF_1970 = 719_163


@lru_cache(maxsize=65_536)  # a programme has hundreds of thousands of dates but only thousands of different ones
def days_of(when: PartialDate | None) -> tuple[int, int]:
    """The first and the last day a partial date can mean; UNDATED for None, which is before every day."""
    return (when.first.toordinal(), when.last.toordinal()) if when else UNDATED


def days_of_all(dates: Sequence[PartialDate | None]) -> npt.NDArray[np.int64]:
    """`days_of` for many dates at once: one row each, first and last day."""
    given = np.array([when is not None for when in dates], dtype=bool)
    known = [(when.year, when.month or 0, when.day or 0) for when in dates if when is not None]
    year, month, day = np.fromiter(chain.from_iterable(known), dtype=np.int64, count=3 * len(known)).reshape(-1, 3).T
    first = (year - 1970) * 12 + np.maximum(month, 1) - 1
    after = np.where(month == 0, first + 12, first + 1)
    days = np.zeros((len(dates), 2), dtype=np.int64)
    days[given, 0] = _first_day(first) + np.maximum(day, 1) - 1
    days[given, 1] = np.where(day > 0, days[given, 0], _first_day(after) - 1)
    return days


def _first_day(months: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Ordinal of the first day of months counted from January 1970."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + _FIRST_OF_1970


def partial_date(first: int, last: int) -> PartialDate | None:
    """The partial date that can mean the days from `first` to `last`; None for UNDATED. The reverse of `days_of`."""
    if not last:
        return None
    start, end = date.fromordinal(first), date.fromordinal(last)
    if start == end:
        return PartialDate(start.year, start.month, start.day)
    return PartialDate(start.year, start.month) if start.month == end.month else PartialDate(start.year)
