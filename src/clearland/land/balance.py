"""The balance: opening, every line of change, closing, for a period, by place, type and class (design section 6).

    opening + newly identified + extended + reopened ± reclassified − cancelled − reduced − cleared ± corrected
            + adjustments = closing

It holds by construction, and is asserted each time to 1 m² per hazard.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from clearland.core.errors import ClearlandError, Finding
from clearland.land.flows import Dimensions
from clearland.land.model import Hazard, Product, ReportedReturn, Settings
from clearland.land.partition import Partition, partition
from clearland.land.reported import ReportedFlow, ReportedFlows, reported_flows
from clearland.land.rows import EVERY, FLOWS, OUTSIDE_ANY_DISTRICT, SIGNS, Row, RowKey, nothing
from clearland.land.summary import LARGEST_GAP_M2, Question, Summary, summarise

DIMENSIONS = frozenset({"place", "type", "class", "operator", "donor"})


@dataclass(frozen=True, kw_only=True)
class Published:
    """What an edition said: the partition of what was known when it was frozen, and the last day it covered."""

    cut: Partition
    period_to: date


@dataclass(kw_only=True)
class BalanceResult:
    """Rows, findings, and the largest gap of any row or hazard (absolute, m²)."""

    rows: list[Row]
    findings: list[Finding] = field(default_factory=list)
    gap_m2: float = 0.0

    @property
    def closes(self) -> bool:
        """Whether no error was found: what lets a period be closed."""
        return not any(finding.code == "L-BALANCE-GAP" for finding in self.findings)

    def row(self, **words: str) -> Row:
        """The row with these words (place, type, area_class, party). Raises ClearlandError E-LAND-ROW for none."""
        for row in self.rows:
            if all(getattr(row.key, name) == word for name, word in words.items()):
                return row
        raise ClearlandError("E-LAND-ROW", f"The balance has no row for {words}.")

    def as_json(self) -> list[dict[str, Any]]:
        """The rows of `balance --json`."""
        return [row.as_json() for row in self.rows]


def balance(
    hazards: Sequence[Hazard], products: Sequence[Product], returns: Sequence[ReportedReturn] = (), *,
    period_from: date, period_to: date, by: Collection[str] = ("type", "class"), settings: Settings | None = None,
    published: Published | None = None, stated: Mapping[RowKey, float] | None = None, cut: Partition | None = None,
) -> BalanceResult:
    """The balance of the closed period [period_from, period_to] of what is handed in.

    `by` chooses among place, type, class and one of operator and donor. `published` turns what has changed before the
    period since an edition into adjustments; `stated` are published totals, whose difference is a finding; `cut` is a
    partition of the same input and settings, made before. Raises ClearlandError E-LAND-PERIOD, E-LAND-BY for a period
    that ends before it starts or rows that do not exist.
    """
    if cut is None:
        cut = partition(hazards, products, settings)
    question = question_of(period_from, period_to, by, published.period_to if published else None)
    return balance_of(
        question, summarise(cut, question), reported_flows(cut, returns),
        then=summarise(published.cut, question) if published else None, stated=stated,
    )


def question_of(period_from: date, period_to: date, by: Collection[str], published: date | None = None) -> Question:
    """The balance that is asked for. Raises ClearlandError E-LAND-PERIOD, E-LAND-BY, E-LAND-PUBLISHED."""
    if period_to < period_from:
        raise ClearlandError("E-LAND-PERIOD", "The period ends before it starts.", remedy="Swap the two dates.")
    if not DIMENSIONS.issuperset(by) or {"operator", "donor"} <= set(by):
        raise ClearlandError(
            "E-LAND-BY", f"Rows cannot be split by {', '.join(sorted(by))}.",
            remedy="Choose among place, type, class and one of operator and donor.",
        )
    if published is not None and published >= period_from:
        raise ClearlandError(
            "E-LAND-PUBLISHED", "The published edition ends within the period asked for.",
            remedy="Start the period after the last published one.",
        )
    return Question(
        first_day=period_from.toordinal(), last_day=period_to.toordinal(), dimensions=Dimensions(frozenset(by)),
        published=published.toordinal() if published else None,
    )


def balance_of(
    question: Question, now: Summary, reported: ReportedFlows, *, then: Summary | None = None,
    stated: Mapping[RowKey, float] | None = None,
) -> BalanceResult:
    """The balance of sums: of what is known now, of area without polygons, and `then`, of what an edition rested on."""
    result = _Balance(question, now)
    result.add_drawn()
    if then is not None:
        result.adjust(then)
    result.add_reported(reported)
    return result.finished(stated or {})


class _Balance:
    def __init__(self, question: Question, now: Summary) -> None:
        self.now = now
        self.dimensions = question.dimensions
        self.first_day = question.first_day
        self.last_day = question.last_day
        self.rows: dict[RowKey, Row] = {}
        self.findings = list(now.findings)
        class_ = EVERY if "class" not in self.dimensions.by else "CHA"
        self.row(self.dimensions.key(OUTSIDE_ANY_DISTRICT, EVERY, class_))

    def row(self, key: RowKey) -> Row:
        if key not in self.rows:
            if self.dimensions.party:
                self.rows[key] = Row(key=key, opening_m2=None, closing_m2=None, party_kind=self.dimensions.party)
            else:
                self.rows[key] = Row(key=key)
        return self.rows[key]

    def add_drawn(self) -> None:
        """Everything proved by geometry."""
        for key, flows in self.now.flows.items():
            self.row(key).flows += flows
        for key, flows in self.now.not_said.items():
            self.row(key).period_not_said += flows
        for key, columns in self.now.gross.items():
            for name, area in columns.items():
                setattr(self.row(key), name, area)
        for key, area in self.now.outside.items():
            self.row(key).outside_hazard_m2 += area
        if not self.dimensions.party:
            for key in self.now.ever_held:
                self.row(key)
            for key, area in self.now.closing.items():
                self.row(key).closing_m2 = area
            for key, area in self.now.opening.items():
                self.row(key).opening_m2 = area
            self._overlap()

    def adjust(self, then: Summary) -> None:
        """Opening as published; what has since come to light of the time before is a line of its own."""
        for key in {*self.now.until, *then.until}:
            self.row(key).adjustments += self.now.until.get(key, nothing()) - then.until.get(key, nothing())
        if self.dimensions.party:
            return
        for key in {*then.held_then, *self.now.between, *self.rows}:
            moved = float(SIGNS @ self.now.between.get(key, nothing()))
            self.row(key).opening_m2 = then.held_then.get(key, 0.0) + moved

    def _overlap(self) -> None:
        """Σ types − overlap = all, at the end of the period."""
        if "type" not in self.dimensions.by:
            return
        for key in list(self.rows):
            whole = self.row(key._replace(type=EVERY))
            if key.type != EVERY:
                whole.overlap_between_types_m2 += self.rows[key].closing_m2 or 0.0
        for key, row in self.rows.items():
            if key.type == EVERY:
                row.overlap_between_types_m2 -= row.closing_m2 or 0.0

    def add_reported(self, reported: ReportedFlows) -> None:
        """Everything that has no polygon, in its own columns."""
        self.findings += reported.findings
        for flow in reported.flows:
            for type_ in {flow.words.type, EVERY} if "type" in self.dimensions.by else {EVERY}:
                for party, share in self._parties(flow):
                    key = self.dimensions.key(flow.words.place, type_, flow.words.area_class, party)
                    self._book_reported(self.row(key), flow, flow.area_m2 * share)

    def _parties(self, flow: ReportedFlow) -> list[tuple[str, float]]:
        if self.dimensions.party == "donor":
            return self.dimensions.shares(flow.donors, None)
        return [(flow.operator, 1.0)]

    def _book_reported(self, row: Row, flow: ReportedFlow, area_m2: float) -> None:
        column = FLOWS.index(flow.line) if flow.line in FLOWS else None
        signed = (SIGNS[column] if column is not None else -1.0) * area_m2 if flow.balanced else 0.0
        reported = row.reported_only
        if flow.last < self.first_day:
            reported.opening_m2 += signed
        if flow.last <= self.last_day:
            reported.closing_m2 += signed
        if self.first_day <= flow.last <= self.last_day and flow.first >= self.first_day:
            if column is None:
                reported.released_method_not_said_m2 += area_m2
            else:
                reported.flows[column] += area_m2

    def finished(self, stated: Mapping[RowKey, float]) -> BalanceResult:
        """Assert the identity, compare with stated totals, order the rows."""
        gaps = [abs(row.gap_m2) for row in self.rows.values() if row.gap_m2 is not None]
        largest = max([*gaps, self.now.largest_residual_m2])
        if largest > LARGEST_GAP_M2:
            self.findings.append(Finding(
                code="L-BALANCE-GAP", severity="error", rule=54, sentence="The balance does not close.",
                remedy="Keep the files and report this; no figure of this balance should be used.",
                values={"gap_m2": largest},
            ))
        for key, total in stated.items():
            self._compare(self.row(key), total)
        rows = sorted(self.rows.values(), key=lambda row: row.key.order)
        return BalanceResult(rows=rows, findings=self.findings + self._undated(), gap_m2=largest)

    def _compare(self, row: Row, total_m2: float) -> None:
        row.stated_closing_m2 = total_m2
        if row.closing_m2 is not None and abs(row.closing_m2 - total_m2) > LARGEST_GAP_M2:
            self.findings.append(Finding(
                code="L-STATED-CLOSING", severity="query", rule=54,
                sentence="A published total differs from the balance.", remedy="Book a reasoned correction.",
                values={"stated_m2": total_m2, "computed_m2": row.closing_m2},
            ))

    def _undated(self) -> list[Finding]:
        undated = list(self.now.undated.elements())
        if not undated:
            return []
        return [Finding(
            code="L-PRODUCT-NO-DATE", severity="warning", rule=7, values={"products": len(undated)},
            sentence=f"Products without an end of work release nothing: {', '.join(sorted(undated)[:10])}.",
            remedy="Give the date, month or year in which the work ended.",
        )]

