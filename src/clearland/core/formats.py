"""Numbers, areas and dates as a reader's language writes them (CLDR: en 1,234.5; az 1.234,5; ru 1 234,5).

Areas are kept in m² and shown in one unit per table; the exact m² stands in tooltips, annexes and exports.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from clearland.core.partial_dates import PartialDate
from clearland.core.units import AREA_M2

LANGUAGES = ("en", "az", "ru")
_GROUP = {"en": ",", "az": ".", "ru": "\N{NO-BREAK SPACE}"}
_POINT = {"en": ".", "az": ",", "ru": ","}
_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
}
_MONTHS_ALONE = {
    **_MONTHS,
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split(),
}
_SIGNS = {
    "m2": "m²", "km2": "km²", "ha": "ha", "percent": "%", "mm": "mm", "cm": "cm", "m": "m", "km": "km", "g": "g", "degree": "°",
}  # fmt: skip
_SIGNS_RU = {
    "m2": "м²", "km2": "км²", "ha": "га", "percent": "%", "mm": "мм", "cm": "см", "m": "м", "km": "км", "g": "г", "degree": "°",
}  # fmt: skip
COUNTED = frozenset({"count", "number"})


def number(value: object, language: str, decimals: int | None = None) -> str:
    """A number with the language's separators. `decimals=None` keeps what there is. Text that is no number stays."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return str(value)
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    text = f"{abs(exact):f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, part = text.partition(".")
    groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)][::-1]
    joined = _GROUP[language].join(groups) + (_POINT[language] + part if part else "")
    return ("\N{MINUS SIGN}" if exact < 0 and exact != 0 else "") + joined


def area(value_m2: object, unit: str, language: str) -> str:
    """An area given in m², written in `unit` (m2, ha, km2) with as many decimals as a person can use."""
    exact = Decimal(str(value_m2)) / AREA_M2[unit]
    if unit == "m2":
        return number(exact, language, 0)
    size = abs(exact)
    decimals = 0 if size >= 10_000 else 1 if size >= 1_000 else 2 if size >= 1 or not size else 4
    return number(exact, language, decimals)


def area_unit(values_m2: Iterable[object]) -> str:
    """One unit for a whole table or chart: km² from 10 km² on, hectares from 1 ha on, else m²."""
    largest = max((abs(Decimal(str(value))) for value in values_m2 if value is not None), default=Decimal(0))
    return "km2" if largest >= 10_000_000 else "ha" if largest >= 10_000 else "m2"


def measure_sign(unit: str | None, language: str) -> str:
    """The sign of a unit of measure; nothing for counted things, which their label names (`people`, `months`)."""
    return unit_sign(unit, language) if unit in _SIGNS else ""


def unit_sign(unit: str | None, language: str) -> str:
    """`km²`, `ha`, `%`, a currency code or the counted thing; nothing for bare counts."""
    if not unit or unit in COUNTED:
        return ""
    return (_SIGNS_RU if language == "ru" else _SIGNS).get(unit, unit)


def day(value: object, language: str) -> str:
    """A date, moment or partial date in words: `21 Nov 2026`, `21 noyabr 2026`, `21 ноября 2026`, `Nov 2026`, `2026`."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        value = PartialDate.of(value)
    if isinstance(value, str):
        try:
            value = PartialDate.parse(value[:10])
        except ValueError:
            return str(value)
    if not isinstance(value, PartialDate):
        return "" if value is None else str(value)
    if value.month is None:
        return str(value.year)
    if value.day is None:
        return f"{_MONTHS_ALONE[language][value.month - 1]} {value.year}"
    return f"{value.day} {_MONTHS[language][value.month - 1]} {value.year}"
