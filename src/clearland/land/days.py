"""Partial dates as day numbers (`date.toordinal`), which whole arrays can compare.

A date known to the month or year counts at its last day (design section 6); the first day it can mean decides whether
a period contains it whole.
"""

from functools import lru_cache

from clearland.core.partial_dates import PartialDate

UNDATED = (0, 0)


@lru_cache(maxsize=65_536)  # a programme has hundreds of thousands of dates but only thousands of different ones
def days_of(when: PartialDate | None) -> tuple[int, int]:
    """The first and the last day a partial date can mean; UNDATED for None, which is before every day."""
    return (when.first.toordinal(), when.last.toordinal()) if when else UNDATED
