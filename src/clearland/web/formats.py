"""`core.formats` in the language of the reader who asks."""

from datetime import datetime

from django.utils.translation import get_language

from clearland.core import formats as core
from clearland.core.units import AREA_M2

area_unit = core.area_unit


def language() -> str:
    """The reader's language, one of those the site is written in."""
    code = (get_language() or "en").split("-")[0]
    return code if code in core.LANGUAGES else "en"


def number(value: object, decimals: int | None = None) -> str:
    """A number with the language's separators."""
    return core.number(value, language(), decimals)


def area(value_m2: object, unit: str) -> str:
    """An area given in m², written in `unit`."""
    return core.area(value_m2, unit, language())


def unit_size(unit: str) -> float:
    """How many m² one unit of area has."""
    return float(AREA_M2[unit])


def unit_sign(unit: str | None) -> str:
    """`km²`, `ha`, `%`, a currency code; nothing for counts, whose thing is named in words."""
    return core.unit_sign(unit, language()) if unit in AREA_M2 or unit == "percent" or _is_currency(unit) else ""


def _is_currency(unit: str | None) -> bool:
    return bool(unit) and len(unit or "") == 3 and str(unit).isupper()


def day(value: object) -> str:
    """A date, moment or partial date in words."""
    return core.day(value, language())


def moment(value: datetime) -> str:
    """A moment in UTC to the minute."""
    return f"{day(value)}, {value:%H:%M} UTC"
