"""English names of months as documents write them: one table for reading lines and for reading dates.

Written out rather than taken from `calendar`, whose names follow the machine's language.
"""

FULL = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = {name.lower(): number for number, name in enumerate(FULL, 1)} | {
    short.lower(): next(number for number, name in enumerate(FULL, 1) if name.startswith(short[:3])) for short in SHORT
}


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name, full or short, in any case and with or without its full stop; None for another word."""
    return _NUMBERS.get(name.lower().rstrip("."))
