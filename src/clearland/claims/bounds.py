"""What a told number allows: its range by its qualifier and its last digit, in m² or m where it measures ground."""

from clearland.claims.model import Claim
from clearland.claims.reasons import Reason
from clearland.core.units import AREA_M2, LENGTH_M

_WORDED = frozenset({"m2", "km2", "ha", "percent", "people", "items", "mines", "districts", "accidents"})
_BOUNDED = frozenset({"more_than", "less_than", "approximately"})
NEARLY = 0.1  # what *about* allows, as a part of the value


def base_value(claim: Claim) -> float:
    """The number in m², in m, or as told."""
    assert isinstance(claim.value, int | float)
    return float(claim.value) * _factor(claim)


def _factor(claim: Claim) -> float:
    return float(AREA_M2.get(claim.unit or "") or LENGTH_M.get(claim.unit or "") or 1)


def _margin(claim: Claim) -> float:
    """Half of the last digit printed."""
    printed = repr(claim.value)
    decimals = len(printed.partition(".")[2]) if "." in printed and "e" not in printed else 0
    factor = _factor(claim)
    return 0.5 * 10.0**-decimals * factor if decimals or factor != 1 or claim.unit == "percent" else 0.0


def range_of(claim: Claim) -> tuple[float, float]:
    """From the least to the most that the claimant's words allow."""
    value = base_value(claim)
    match claim.qualifier:
        case "more_than":
            return value, float("inf")
        case "less_than":
            return float("-inf"), value
        case "approximately":
            return value - NEARLY * abs(value), value + NEARLY * abs(value)
    return value - _margin(claim), value + _margin(claim)


def agree(left: Claim, right: Claim) -> bool:
    """Whether the ranges of two numbers meet."""
    (a, b), (c, d) = range_of(left), range_of(right)
    return a <= d and c <= b


def told(claim: Claim) -> Reason:
    """The value with its bound, unit and claimant."""
    code = f"told_{claim.qualifier}" if claim.qualifier in _BOUNDED else "told"
    return Reason(code, {
        "value": str(claim.value), "unit": unit_words(claim.unit), "claimant": claim.claimant or Reason("nobody"),
    })  # fmt: skip


def unit_words(unit: str | None) -> Reason | str:
    """A unit as it follows its number, with the space between; a unit we have no word for as it was told."""
    if not unit:
        return Reason("unit_none")
    return Reason(f"unit_{unit}") if unit in _WORDED else f" {unit}"


def amount_words(amount: float, unit: str | None) -> Reason:
    """An amount of square metres or of things in the unit it was told in."""
    figure = round(amount / float(AREA_M2.get(unit or "", 1)), 2)
    return Reason("amount", {"figure": f"{figure:,.2f}".rstrip("0").rstrip("."), "unit": unit_words(unit)})
