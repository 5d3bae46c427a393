"""Time is handed in: a programme, a test or the demonstration decides what *now* is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment in UTC, to the millisecond (what the ledger stores)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still, for tests and for builds that must repeat byte for byte."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs a time zone")
    return lambda: moment
