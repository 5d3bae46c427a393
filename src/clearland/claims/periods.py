"""Periods of claims as closed intervals of days, and how two of them lie to one another."""

import re
from datetime import date
from typing import Literal

from clearland.core.partial_dates import PartialDate

Lie = Literal["same", "overlap", "apart", "unknown"]
Interval = tuple[date, date]
_DATE = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_FORM = re.compile(rf"^(?:as-of\s(?P<asof>{_DATE})|(?P<one>{_DATE})|(?P<from>{_DATE})?/(?P<to>{_DATE})?)$")


def interval(period: str | None) -> Interval | None:
    """The days a period may cover; an open end reaches to the end of the calendar. None for *not stated* or unreadable."""
    match = _FORM.match(period.strip()) if period else None
    if match is None:
        return None
    try:
        if match["asof"] or match["one"]:
            when = PartialDate.parse(match["asof"] or match["one"])
            return when.first, when.last
        first = PartialDate.parse(match["from"]).first if match["from"] else date.min
        last = PartialDate.parse(match["to"]).last if match["to"] else date.max
    except ValueError:
        return None
    return (first, last) if first <= last else None


def lie(left: str | None, right: str | None) -> Lie:
    """How two periods lie: a period not stated is never the same as another, and two of one year *as of* are."""
    a, b = interval(left), interval(right)
    if a is None or b is None:
        return "unknown"
    if a == b:
        return "same"
    if left and right and left.startswith("as-of") and right.startswith("as-of"):
        return "same" if a[0].year == b[0].year else "apart"
    return "overlap" if a[0] <= b[1] and b[0] <= a[1] else "apart"
