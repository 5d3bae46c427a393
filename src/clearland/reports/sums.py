"""Whether figures of a form agree with one another: what stood, and what came, less what went, is what stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from clearland.core import formats
from clearland.dictionary.forms import ReportForm, Slot, Sum
from clearland.figures.indicators import figures, indicator
from clearland.figures.model import Scope
from clearland.ledger.snapshot import Snapshot
from clearland.reports.periods import period
from clearland.reports.phrases import say
from clearland.reports.slots import scope_of

LEAST_M2 = 1.0  # what differs by less than a square metre is rounding of outlines
_LEAST = 0.5
_MOST_PLACES = 5


@dataclass(frozen=True)
class Agreement:
    """One rule of a form and how its figures stand to it: `agrees`, `differs` or `not_known`, and the sum in words.

    `off` is by how much the left side is more than the right one, in the indicator's unit; None where one is not known.
    """

    code: str
    title: str
    status: str
    words: str
    off: float | None

    def as_json(self) -> dict[str, str | float | None]:
        """Plain data with stable keys."""
        told = dict(vars(self))
        return {"sum": told.pop("code"), **told}


def agreements(snapshot: Snapshot, form: ReportForm, *, covers: str, language: str = "en") -> list[Agreement]:
    """Every rule of a form for a period. Raises ClearlandError E-REPORT-PERIOD for a period that is none."""
    asked = period(covers)
    base = Scope(period_from=asked.first, period_to=asked.last, as_known=snapshot.as_known)
    slots = {slot.code: slot for slot in form.slots()}
    found = []
    for rule in form.sums:
        named = {code: slots[code] for code in (*rule.plus, *rule.minus, rule.equals)}
        scopes = {code: scope_of(slot, base, asked) for code, slot in named.items()}
        found.append(_checked(snapshot, rule, named, scopes, language))
    return found


def _checked(
    snapshot: Snapshot, rule: Sum, slots: Mapping[str, Slot], scopes: Mapping[str, Scope], language: str
) -> Agreement:
    title = rule.titles.get(language) or rule.titles["en"]
    codes = {name: str(slot.indicator) for name, slot in slots.items()}
    totals = {name: figures(snapshot, [code], scope=scopes[name])[0].value for name, code in codes.items()}
    if any(value is None for value in totals.values()):
        return Agreement(rule.code, title, "not_known", say(language, "not_known"), None)
    known = {name: value or 0.0 for name, value in totals.items()}
    unit = indicator(snapshot, codes[rule.equals]).unit
    off, least = _off(rule, known), LEAST_M2 if unit == "m2" else _LEAST
    words = _sum(rule, known, unit, language)
    apart = {place: by for place, by in _by_place(snapshot, rule, slots, scopes).items() if abs(by) >= least}
    if abs(off) < least and not apart:
        return Agreement(rule.code, title, "agrees", words, off)
    places = ", ".join(f"{_name(snapshot, place, language)} {_amount(by, unit, language)}" for place, by in _largest(apart))
    told = say(language, "sum_differs", sum=words, off=_amount(off, unit, language), places=f" ({places})" if places else "")
    return Agreement(rule.code, title, "differs", told, off)


def _off(rule: Sum, values: Mapping[str, float]) -> float:
    return (
        sum(values.get(name, 0.0) for name in rule.plus) - sum(values.get(name, 0.0) for name in rule.minus)
        - values.get(rule.equals, 0.0)
    )  # fmt: skip


def _by_place(
    snapshot: Snapshot, rule: Sum, slots: Mapping[str, Slot], scopes: Mapping[str, Scope]
) -> dict[str, float]:
    """By how much each district's own sum is off; nothing where a slot is not told by district."""
    if not all("place" in slot.by for slot in slots.values()):
        return {}
    values: dict[str, dict[str, float]] = {}
    for name, slot in slots.items():
        for figure in figures(snapshot, [str(slot.indicator)], scope=scopes[name], by=["place"]):
            values.setdefault(figure.scope.place or "", {})[name] = figure.value or 0.0
    return {place: _off(rule, each) for place, each in sorted(values.items())}


def _largest(apart: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(apart.items(), key=lambda each: -abs(each[1]))[:_MOST_PLACES]


def _name(snapshot: Snapshot, code: str, language: str) -> str:
    found = snapshot.sql("SELECT name FROM place WHERE code = ? LIMIT 1", [code])["name"].to_pylist() if code else []
    return str(found[0]) if found else code or say(language, "outside_district")


def _amount(value: float, unit: str, language: str) -> str:
    sign = formats.unit_sign(unit, language) or unit
    return f"{formats.number(round(value), language)}\N{NO-BREAK SPACE}{sign}"


def _sum(rule: Sum, values: Mapping[str, float], unit: str, language: str) -> str:
    plus = " + ".join(_amount(values[name], unit, language) for name in rule.plus)
    minus = "".join(f" − {_amount(values[name], unit, language)}" for name in rule.minus)
    return f"{plus}{minus} = {_amount(values[rule.equals], unit, language)}"
