"""Area and length units of the field, and the one place where they are converted.

Areas are kept in m² and shown in ha or km²; lengths in m, depths in cm. Factors are exact.
"""

from decimal import Decimal

AREA_M2: dict[str, Decimal] = {
    "m2": Decimal(1),
    "dunam": Decimal(1_000),
    "ha": Decimal(10_000),
    "km2": Decimal(1_000_000),
}
LENGTH_M: dict[str, Decimal] = {"cm": Decimal("0.01"), "m": Decimal(1), "km": Decimal(1_000)}


def unit_family(unit: str | None) -> str:
    """`area`, `length`, `share`, `money` (ISO 4217 code) or `count`: what may be compared with what."""
    if unit in AREA_M2:
        return "area"
    if unit in LENGTH_M:
        return "length"
    if unit == "percent":
        return "share"
    if unit and len(unit) == 3 and unit.isupper():
        return "money"
    return "count"
