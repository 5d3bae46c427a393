"""What of a set of figures an audience may read: nothing under five, nothing from which a number under five follows.

`disclose` is pure and takes everything that is published together, across tables: a number hidden in one table is lost
where another gives the total and the other parts. Where an audience may not read the records behind an indicator,

- a count of 1 to 4 is withheld, and so is what its complement would give away (`complements.py`); zero is shown;
- a period finer than a month is withheld;
- of the lineage remain kind, number, organisations and period, with a sealed reference that the programme can resolve.

A withheld figure does not say whether it is small itself or protects a small one: that alone would give one away.
Rules: design sections 8 and 13.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from clearland.dictionary.forms import Audience
from clearland.dictionary.model import SENSITIVITIES, Dictionary
from clearland.figures.complements import withheld_cells
from clearland.figures.model import Figure, Lineage, Scope, Status

LEAST_COUNT = 5
Reason = Literal["", "small_count", "finer_than_month"]
_MEASURED_UNITS = frozenset({"m2", "km", "m", "hours", "days", "percent", "money", "money_per_m2"})
_BANDS = (5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000)
_LAND_CLASS = "restricted"  # tables of land rest on the outlines of hazards


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What disclosure has to know: counts below `least` are small; of each indicator the highest class of what stands
    behind it and the kinds that do; which indicators count things rather than measure them; and of each place the place
    it lies in.
    """

    classes: Mapping[str, str]
    kinds: Mapping[str, tuple[str, ...]]
    counted: frozenset[str]
    parents: Mapping[str, str] = field(default_factory=dict)
    least: int = LEAST_COUNT

    def protects(self, code: str, audience: Audience) -> bool:
        """Whether the audience may not read what stands behind an indicator; one of no known class is protected."""
        behind = self.classes.get(code, "sealed")
        return audience != "programme" and SENSITIVITIES.index(behind) > SENSITIVITIES.index(audience)


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Who made the records behind a figure, and the months they speak of; for the words of a sealed lineage."""

    organisations: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class SealedLineage:
    """A lineage as a reader sees it who may not open it. `records` is a number, a band such as `50–99`, or empty where
    the number itself would say too much; months are `YYYY-MM`; `reference` opens with `sealed_reference`.
    """

    kinds: tuple[str, ...]
    records: str
    organisations: tuple[str, ...]
    first_month: str
    last_month: str
    reference: str

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "kinds": list(self.kinds), "records": self.records, "organisations": list(self.organisations),
            "first_month": self.first_month, "last_month": self.last_month, "reference": self.reference,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """One figure as an audience reads it. Exactly one of `lineage` and `sealed` is there; withheld figures have value
    None, `withheld` true and the reason. The status of a withheld figure is that of its indicator.
    """

    code: str
    value: float | None
    unit: str
    scope: Scope
    status: Status
    withheld: bool = False
    reason: Reason = ""
    lineage: Lineage | None = None
    sealed: SealedLineage | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of `figures --json`, with status `withheld` and a sealed lineage where the audience reads no more."""
        behind = self.lineage or self.sealed
        return {
            "code": self.code, "value": self.value, "unit": self.unit, "scope": self.scope.as_json(),
            "status": "withheld" if self.withheld else self.status, **({"reason": self.reason} if self.withheld else {}),
            "lineage": behind.as_json() if behind else None,
        }  # fmt: skip


def policy_of(dictionary: Dictionary, parents: Mapping[str, str] | None = None) -> Policy:
    """The policy that a dictionary gives: classes of kinds, of fields named in an indicator's query, and units."""
    classes, kinds = {}, {}
    for code, indicator in dictionary.indicators.items():
        found = [dictionary.kinds[name] for name in indicator.sources if name in dictionary.kinds]
        ranks = [SENSITIVITIES.index(kind.sensitivity) for kind in found]
        if len(found) < len(indicator.sources):
            ranks.append(SENSITIVITIES.index(_LAND_CLASS))
        classes[code] = SENSITIVITIES[max(ranks)]
        kinds[code] = tuple(kind.name for kind in found) or ("hazard", "land_release")
    counted = frozenset(code for code, found in dictionary.indicators.items() if found.unit not in _MEASURED_UNITS)
    return Policy(classes=classes, kinds=kinds, counted=counted, parents=parents or {})


def disclose(
    figures: Sequence[Figure], audience: Audience, policy: Policy, behind: Mapping[str, Behind] | None = None
) -> list[Disclosed]:
    """Every figure of one publication as an audience may read it, in the same order.

    Give all that is published together in one call, twice the same figure included: what one table hides may be
    computed from two. `behind` names organisations and months by the reference of a figure's lineage.
    """
    guarded = [number for number, figure in enumerate(figures) if policy.protects(figure.code, audience)]
    fine = {number for number in guarded if _finer_than_month(figures[number].scope)}
    counted = [number for number in guarded if figures[number].code in policy.counted and number not in fine]
    small = _withheld(figures, counted, [figures[number].value for number in counted], policy)
    unsaid = _withheld(figures, guarded, [float(figures[number].lineage.entries) for number in guarded], policy)
    return [
        _disclosed(
            figure, policy, guarded=number in guarded_set, fine=number in fine, small=number in small,
            unsaid=number in unsaid, behind=(behind or {}).get(figure.lineage.ref, Behind()),
        )
        for guarded_set in [set(guarded)]
        for number, figure in enumerate(figures)
    ]  # fmt: skip


def _withheld(
    figures: Sequence[Figure], numbers: Sequence[int], values: Sequence[float | None], policy: Policy
) -> set[int]:
    cells = [(figures[number].code, figures[number].scope, value) for number, value in zip(numbers, values, strict=True)]
    return {numbers[cell] for cell in withheld_cells(cells, least=policy.least, parents=policy.parents)}


def _disclosed(
    figure: Figure, policy: Policy, *, guarded: bool, fine: bool, small: bool, unsaid: bool, behind: Behind
) -> Disclosed:
    common: dict[str, Any] = {"code": figure.code, "unit": figure.unit, "status": figure.status}
    if not guarded:
        return Disclosed(value=figure.value, scope=figure.scope, lineage=figure.lineage, **common)
    withheld = fine or small
    reason: Reason = "finer_than_month" if fine else "small_count" if small else ""
    scope = _by_months(figure.scope) if fine else figure.scope
    sealed = SealedLineage(
        kinds=policy.kinds.get(figure.code, ()),
        records="" if withheld or unsaid else _records(figure, policy),
        organisations=() if withheld else behind.organisations,
        first_month=month(behind.first or scope.period_from),
        last_month=month(behind.last or scope.period_to),
        reference=sealed_reference(figure.lineage),
    )  # fmt: skip
    return Disclosed(
        value=None if withheld else figure.value, scope=scope, withheld=withheld, reason=reason, sealed=sealed, **common
    )


def _records(figure: Figure, policy: Policy) -> str:
    """The number of records, or its band where they tell of people or of ground that is not public."""
    number = figure.lineage.entries or figure.lineage.claims
    if number < policy.least:
        return ""
    if policy.classes.get(figure.code) not in ("restricted", "sealed"):
        return str(number)
    lowest = max(band for band in _BANDS if band <= number)
    above = [band for band in _BANDS if band > number]
    return f"{lowest}–{above[0] - 1}" if above else f"{lowest}+"


def sealed_reference(lineage: Lineage) -> str:
    """`sealed:` and 24 hexadecimal digits over the reference and the digest of all entries behind it.

    Who holds the entries finds the figure by computing it again; who does not cannot guess it from the scope alone.
    """
    return "sealed:" + hashlib.sha256(f"{lineage.ref}\n{lineage.digest}".encode()).hexdigest()[:24]


def month(day: date | None) -> str:
    """A day as an audience reads it that may know no more than the month: `2022-03`; empty for none."""
    return f"{day:%Y-%m}" if day else ""


def _finer_than_month(scope: Scope) -> bool:
    """Whether a period begins or ends inside a month."""
    starts = scope.period_from is None or scope.period_from.day == 1
    ends = scope.period_to is None or (scope.period_to + timedelta(days=1)).day == 1
    return not (starts and ends)


def _by_months(scope: Scope) -> Scope:
    """The scope in whole months, so that what is said of a withheld figure is no finer either."""
    first, last = scope.period_from, scope.period_to
    after = (last.replace(day=28) + timedelta(days=4)).replace(day=1) if last else None
    return Scope(
        period_from=first.replace(day=1) if first else None, period_to=after - timedelta(days=1) if after else None,
        place=scope.place, as_known=scope.as_known, where=scope.where,
    )  # fmt: skip
