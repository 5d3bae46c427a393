"""The XLSX annex of a report: every figure with its scope and lineage, and the records behind it, up to 100,000 rows.

For an audience below the programme the annex holds what that audience reads: no records, sealed references. The file's date
is fixed, so that the same content gives the same bytes.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from clearland.figures.indicators import contributions, indicator
from clearland.figures.model import Figure
from clearland.ledger.snapshot import Snapshot
from clearland.reports.compile import Compiled
from clearland.reports.phrases import say

MOST_ROWS = 100_000
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)
_FIGURES = ("code", "title", "value", "unit", "status", "scope", "records", "claims", "digest", "reference", "definition")
_SEALED = ("code", "title", "value", "unit", "status", "scope", "records", "organisations", "reference", "definition")
_LINEAGE = ("reference", "entry", "amount", "place", "first", "last", "digest")
Row = Sequence[object]


@dataclass(frozen=True)
class Sheet:
    """A sheet as plain data: what an edition keeps, so that its annex can be written again whatever is known since."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        rows = [list(row) for row in self.rows]
        return {"name": self.name, "columns": list(self.columns), "rows": rows, "widths": list(self.widths)}


def sheets(compiled: Compiled, snapshot: Snapshot) -> list[Sheet]:
    """What the annex of a report holds."""
    opened = compiled.data["audience"] == "programme"
    every = list({figure.lineage.ref: figure for figure in compiled.figures}.values())
    made = [
        Sheet("About", ("", ""), tuple(_about(compiled, snapshot, every)), (60, 60)),
        Sheet("Figures", _FIGURES if opened else _SEALED, tuple(_figures(compiled, snapshot, every)), (12, 50, 14, 10, 14, 40)),
    ]
    if opened:
        rows = tuple(row for _number, row in zip(range(MOST_ROWS), _lineage(snapshot, every), strict=False))
        made.append(Sheet("Lineage", _LINEAGE, rows, (40, 40)))
    return made


def workbook(title: str, kept: Sequence[Sheet]) -> bytes:
    """The sheets as the bytes of an XLSX file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": title, "created": _CREATED})
    heads = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for one in kept:
        sheet = book.add_worksheet(one.name)
        sheet.write_row(0, 0, one.columns, heads)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(one.rows, start=1):
            sheet.write_row(number, 0, row)
        for number, width in enumerate(one.widths):
            sheet.set_column(number, number, width)
    book.close()
    return buffer.getvalue()


def _about(compiled: Compiled, snapshot: Snapshot, every: Sequence[Figure]) -> Iterator[Row]:
    yield compiled.front.title, ""
    for line in (compiled.front.programme, *compiled.front.lines, *compiled.front.warnings):
        yield line, ""
    if compiled.data["audience"] == "programme":
        counted = sum(figure.lineage.entries + figure.lineage.claims for figure in every)
        yield "Rows of lineage", min(counted, MOST_ROWS)
        if counted > MOST_ROWS:
            yield "Rows of lineage left out; clearland trace REFERENCE streams them", counted - MOST_ROWS
    yield "Head of the ledger", snapshot.head
    yield "Dictionary", snapshot.dictionary.version


def _figures(compiled: Compiled, snapshot: Snapshot, every: Sequence[Figure]) -> Iterator[Row]:
    for figure, told in zip(every, compiled.told, strict=True):
        definition = indicator(snapshot, figure.code)
        scope = ", ".join(f"{name} {_said(compiled, name, value)}" for name, value in told["scope"].items())
        value = told["value"] if told["value"] is not None else say(compiled.language, told["status"].replace(" ", "_"))
        common = (figure.code, definition.title(compiled.language), value, figure.unit, told["status"], scope)
        lineage = told["lineage"]
        if "reference" in lineage:
            organisations = ", ".join(lineage["organisations"])
            yield *common, lineage["records"], organisations, lineage["reference"], definition.definition
        else:
            counts = lineage["entries"], lineage["claims"], lineage["digest"]
            yield *common, *counts, lineage["ref"], definition.definition


def _said(compiled: Compiled, name: str, value: str) -> str:
    """A part of a scope; the public reads months, as everywhere."""
    if name in ("from", "to", "as_known") and compiled.data["audience"] == "public":
        return value[:7]
    return value or say(compiled.language, "not_said")


def _lineage(snapshot: Snapshot, every: Sequence[Figure]) -> Iterator[Row]:
    """The contributions of every figure, largest first; a figure split elsewhere repeats its records there."""
    for figure in every:
        for row in contributions(snapshot, figure.code, figure.scope).to_pylist():
            days = [str(row[name]) if row[name] else "" for name in ("first", "last")]
            yield figure.lineage.ref, row.get("entry") or "", float(row["amount"] or 0), row["place"] or "", *days, row["digest"]
