"""Why a published report reads differently now: line by line, with the records that made the difference.

A record behind a line is *added* where only the later state has it, *withdrawn* where only the earlier has, *re-dated* where
its new entry bears other dates, *reclassified* where it moved between lines of one indicator, *changed* where else its entry
is another, and *recounted* where the same entry weighs otherwise because of its neighbours.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

Cause = Literal["added", "withdrawn", "re-dated", "reclassified", "changed", "recounted"]
_LEAST = 1e-6  # in the unit of a figure: below it nothing has moved


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One record's part in a line that changed."""

    record: str
    kind: str
    local_id: str
    cause: Cause
    before: float
    after: float
    entries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A figure that two states of knowledge give differently, or that only one of them gives."""

    figure: str
    before: float | None
    after: float | None
    moved: tuple[Moved, ...]


@dataclass(frozen=True, kw_only=True)
class ReportRestatement:
    """The lines that changed between two states, and every record that did it."""

    before: str
    after: str
    lines: tuple[Line, ...]

    def records(self) -> dict[str, Moved]:
        """Record → its part in the first line that names it."""
        found: dict[str, Moved] = {}
        for line in self.lines:
            for one in line.moved:
                found.setdefault(one.record, one)
        return found

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "before": self.before, "after": self.after,
            "lines": [
                {
                    "figure": f"figure:{line.figure}", "before": line.before, "after": line.after,
                    "records": [
                        {"record": f"record:{one.record}", "kind": one.kind, "local_id": one.local_id, "cause": one.cause,
                         "before": one.before, "after": one.after, "entries": [f"entry:{each}" for each in one.entries]}
                        for one in line.moved
                    ],
                }
                for line in self.lines
            ],
        }  # fmt: skip


def restated(
    names: tuple[str, str], values: tuple[dict[str, float | None], dict[str, float | None]], lineages: tuple[pa.Table, pa.Table]
) -> ReportRestatement:
    """Compare two states of the same report, given the values of its figures by key and their lineages."""
    sides = tuple(_by_line(table) for table in lineages)
    lines_of = _lines_of(sides[0]), _lines_of(sides[1])
    lines = []
    for figure in sorted({*values[0], *values[1]}):
        moved = _moved(figure, sides[0].get(figure, {}), sides[1].get(figure, {}), lines_of)
        before, after = values[0].get(figure), values[1].get(figure)
        if moved or before != after:
            lines.append(Line(figure=figure, before=before, after=after, moved=tuple(moved)))
    return ReportRestatement(before=names[0], after=names[1], lines=tuple(lines))


Part = dict[str, Any]
LinesOf = dict[Any, set[str]]
ByRecord = dict[str, list[Part]]


def _by_line(table: pa.Table) -> dict[str, ByRecord]:
    found: dict[str, ByRecord] = defaultdict(lambda: defaultdict(list))
    for row in table.to_pylist():
        found[row["figure"]][row["record"] or row["entry"]].append(row)
    return found


def _lines_of(side: dict[str, ByRecord]) -> dict[Any, set[str]]:
    """(indicator, record) → the lines it stands in."""
    found: dict[Any, set[str]] = defaultdict(set)
    for figure, records in side.items():
        for record in records:
            found[figure.partition("?")[0], record].add(figure)
    return found


def _moved(figure: str, before: ByRecord, after: ByRecord, lines_of: tuple[LinesOf, LinesOf]) -> list[Moved]:
    made = []
    for record in sorted({*before, *after}):
        was, now = before.get(record, []), after.get(record, [])
        amounts = tuple(sum(part["amount"] for part in side) for side in (was, now))
        entries = tuple({part["entry"] for part in side} for side in (was, now))
        if entries[0] == entries[1] and abs(amounts[0] - amounts[1]) <= _LEAST:
            continue
        key = figure.partition("?")[0], record
        cause = _cause(was, now, (lines_of[0].get(key, set()), lines_of[1].get(key, set())))
        part = (now or was)[0]
        made.append(Moved(
            record=record, kind=part["kind"] or "", local_id=part["local_id"] or "", cause=cause, before=amounts[0],
            after=amounts[1], entries=tuple(sorted(entries[1] or entries[0])),
        ))  # fmt: skip
    return made


def _cause(was: list[Part], now: list[Part], lines: tuple[set[str], set[str]]) -> Cause:
    if not lines[0]:
        return "added"
    if not lines[1]:
        return "withdrawn"
    if {part["entry"] for part in was} == {part["entry"] for part in now}:
        return "recounted"
    if was and now and [(part["first"], part["last"]) for part in was] != [(part["first"], part["last"]) for part in now]:
        return "re-dated"
    return "reclassified" if lines[0] != lines[1] else "changed"
