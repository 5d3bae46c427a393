"""Area reported without a polygon: absorbed once a polygon comes, else kept in columns of its own (design section 6).

A polygon of the same hazard or task absorbs what was reported for it up to the end of its work; the surplus, either
way, is a finding. A return for several operators or places counts for the set, never for a member. A hazard without a
polygon is balanced in the reported columns with whatever names it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from clearland.core.errors import Finding
from clearland.land.contamination import type_of
from clearland.land.days import days_of
from clearland.land.model import Hazard, Product, ReportedReturn
from clearland.land.partition import Partition
from clearland.land.records import Flags
from clearland.land.release import Verdict
from clearland.land.rows import JOINT, NOT_SAID, OUTSIDE_ANY_DISTRICT, RowKey

SURPLUS_SHARE = 0.05  # rule 19: what a report may differ from its polygon
SURPLUS_M2 = 25.0


@dataclass(frozen=True, kw_only=True)
class ReportedFlow:
    """One reported area on one line of the balance, or `released_method_not_said`, under its words.

    `balanced` flows change the reported closing of a hazard without a polygon; the others are flows only.
    """

    line: str
    area_m2: float
    first: int
    last: int
    words: RowKey
    operator: str = NOT_SAID
    donors: Product | None = None
    balanced: bool = False


@dataclass
class ReportedFlows:
    """All reported flows and what was found while absorbing."""

    flows: list[ReportedFlow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def reported_flows(cut: Partition, returns: Sequence[ReportedReturn]) -> ReportedFlows:
    """What stays reported only, given everything drawn in the partition."""
    result = ReportedFlows()
    left: dict[str, float] = {}
    for number in np.nonzero(~cut.register.drawn)[0].tolist():
        hazard = cut.register.hazards[number]
        left[hazard.id] = _identify(result, hazard)
    unabsorbed = _absorb(cut, returns, result)
    _release_by_products(cut, left, result)
    position = cut.register.position
    for report in sorted(unabsorbed, key=lambda one: (one.period_to.last, one.id)):
        place = position.get(report.hazard or "")
        _add_return(report, None if place is None else cut.register.hazards[place], left, result)
    return result


def _identify(result: ReportedFlows, hazard: Hazard) -> float:
    area = hazard.versions[-1].area_reported_m2 or 0.0
    first, last = days_of(hazard.identified_on)
    if area:
        result.flows.append(ReportedFlow(
            line="newly_identified", area_m2=area, first=first, last=last, operator=hazard.organisation or NOT_SAID,
            balanced=True, words=_words(hazard),
        ))
    return area


def _absorb(cut: Partition, returns: Sequence[ReportedReturn], result: ReportedFlows) -> list[ReportedReturn]:
    """Returns that no polygon absorbs. Each return goes to the first polygon of its task or hazard ending after it."""
    wanted = {name for report in returns for name in _names(report)}
    by_name: dict[tuple[str, str], list[int]] = {}
    drawn = cut.register.approved & (cut.register.ended > 0) & ~shapely.is_empty(cut.register.product_shape)
    for number in np.nonzero(drawn)[0].tolist() if wanted else ():  # in order of their end
        product = cut.register.products[number]
        for name in [*(("hazard", hazard) for hazard in product.hazards), ("activity", product.activity or "")]:
            if name in wanted:
                by_name.setdefault(name, []).append(number)
    taken: dict[int, float] = {}
    left = []
    for report in {report.id: report for report in returns}.values():
        candidates = {number for name in _names(report) for number in by_name.get(name, ())}
        later = [number for number in sorted(candidates) if cut.register.ended[number] >= days_of(report.period_to)[1]]
        if later:
            taken[later[0]] = taken.get(later[0], 0.0) + _total(report)
        else:
            left.append(report)
    for number, reported in sorted(taken.items()):
        drawn_m2 = float(shapely.area(cut.register.product_shape[number]))
        if abs(reported - drawn_m2) > max(SURPLUS_M2, SURPLUS_SHARE * drawn_m2):
            result.findings.append(Finding(
                code="L-ABSORBED-SURPLUS", severity="query", rule=19,
                sentence=f"Returns absorbed by {cut.register.products[number].local_id} differ from its polygon.",
                remedy="Ask the operator which is right.", values={"reported_m2": reported, "drawn_m2": drawn_m2},
            ))
    return left


def _release_by_products(cut: Partition, left: dict[str, float], result: ReportedFlows) -> None:
    """Products on hazards without a polygon, and products without a polygon, in order of credit.

    A drawn product releases of an undrawn hazard what it covered outside all drawn ones: each m² counts once.
    """
    book = cut.register
    without_polygon: Flags = shapely.is_empty(book.product_shape)
    told = without_polygon.copy()
    told[book.named[~book.drawn[book.named % max(len(book.hazards), 1)]] // max(len(book.hazards), 1)] = True
    position = book.position
    for number in np.nonzero(told)[0].tolist():
        product, undrawn = book.products[number], bool(without_polygon[number])
        named = sorted(position[name] for name in product.hazards if name in position)
        open_ones = [hazard for hazard in named if not book.drawn[hazard]]
        if not product.approved or not product.ended:
            continue
        area = product.area_reported_m2 or 0.0 if undrawn else float(cut.outside_m2[number])
        target = open_ones[0] if open_ones else named[0] if named else None
        if target is None:
            _flow_of(product, None, area, result, balanced=False)
            continue
        if book.verdicts(np.array([number]), book.start[target : target + 1])[0] != Verdict.RELEASES:
            continue
        hazard = book.hazards[target]
        if hazard.id in left:
            surplus = area - left[hazard.id]
            area = min(area, left[hazard.id])
            left[hazard.id] -= area
            if surplus > SURPLUS_M2:
                result.findings.append(_too_much(product.local_id, hazard, surplus))
        _flow_of(product, hazard, area, result, balanced=hazard.id in left)


def _flow_of(product: Product, hazard: Hazard | None, area: float, result: ReportedFlows, *, balanced: bool) -> None:
    first, last = days_of(product.ended)
    words = _words(hazard) if hazard else RowKey(
        product.place or OUTSIDE_ANY_DISTRICT, type_of(product.targets) if product.targets else NOT_SAID, NOT_SAID
    )
    if area > 0:
        result.flows.append(ReportedFlow(
            line=product.product_type, area_m2=area, first=first, last=last, donors=product, balanced=balanced,
            operator=product.organisation or NOT_SAID, words=words,
        ))


def _add_return(report: ReportedReturn, hazard: Hazard | None, left: dict[str, float], result: ReportedFlows) -> None:
    first, last = days_of(report.period_from)[0], days_of(report.period_to)[1]
    words = _words(hazard) if hazard else RowKey(
        _one_or_joint(report.places), type_of(report.contamination) if report.contamination else NOT_SAID,
        report.area_type or NOT_SAID,
    )
    balanced = hazard is not None and hazard.id in left
    for line in ("cancelled", "reduced", "cleared", "released_method_not_said"):
        area: float = getattr(report, f"{line}_m2")
        if hazard is not None and balanced:
            if area - left[hazard.id] > SURPLUS_M2:
                result.findings.append(_too_much(report.id, hazard, area - left[hazard.id]))
            area = min(area, left[hazard.id])
            left[hazard.id] -= area
        if area > 0:
            result.flows.append(ReportedFlow(
                line=line, area_m2=area, first=first, last=last, operator=_one_or_joint(report.operators),
                balanced=balanced, words=words,
            ))


def _names(report: ReportedReturn) -> list[tuple[str, str]]:
    """What ties a return to a polygon: the hazard and the task it names."""
    return [(kind, name) for kind, name in (("hazard", report.hazard), ("activity", report.activity)) if name]


def _one_or_joint(names: Iterable[str]) -> str:
    known = sorted(names)
    return JOINT if len(known) > 1 else known[0] if known else NOT_SAID


def _words(hazard: Hazard) -> RowKey:
    newest = hazard.versions[-1]
    return RowKey(newest.place or OUTSIDE_ANY_DISTRICT, type_of(newest.contamination), newest.area_type)


def _total(report: ReportedReturn) -> float:
    return report.cancelled_m2 + report.reduced_m2 + report.cleared_m2 + report.released_method_not_said_m2


def _too_much(name: str, hazard: Hazard, surplus_m2: float) -> Finding:
    return Finding(
        code="L-REPORTED-SURPLUS", severity="warning", rule=33,
        sentence=f"{name} reports more land than hazard {hazard.local_id} has left.",
        remedy="Check the size of the hazard or of the report.", values={"surplus_m2": surplus_m2},
    )
