"""Figures as files: CSV, CSV with HXL tags, XLSX and GeoParquet. Each row carries its scope, its head and its reference.

Values are exact and in the unit of their column; withheld and unknown ones are empty, and the status says which. No cell is
a formula. GeoParquet 1.1: the district's outline in EPSG:4326, longitude before latitude; a row without district has none.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from clearland.core.errors import ClearlandError
from clearland.dictionary.model import Dictionary
from clearland.exchange.cells import harmless
from clearland.figures.disclosure import Disclosed
from clearland.figures.model import Figure
from clearland.ledger.snapshot import Snapshot

Told = Figure | Disclosed
_TAGS = {
    "code": "#indicator+code", "indicator": "#indicator+name", "place": "#adm+code", "place_name": "#adm+name",
    "from": "#date+start", "to": "#date+end", "as_known": "#date+known", "value": "#indicator+value+num",
    "unit": "#indicator+unit", "status": "#status", "scope": "#meta+scope", "head": "#meta+head", "reference": "#meta+ref",
}  # fmt: skip
FORMATS = ("csv", "hxl.csv", "xlsx", "parquet")


def file_format(name: str) -> str:
    """The format that a file's name asks for. Raises ClearlandError E-EXPORT-FORMAT."""
    for suffix in sorted(FORMATS, key=len, reverse=True):
        if name.lower().endswith(f".{suffix}"):
            return suffix
    raise ClearlandError(
        "E-EXPORT-FORMAT", f"No format of figures is called {name.rpartition('.')[2]!r}.",
        remedy=f"End the name with one of .{', .'.join(FORMATS)}.",
    )  # fmt: skip


def file_bytes(snapshot: Snapshot, told: Sequence[Told], form: str, *, language: str = "en", about: str = "") -> bytes:
    """The figures of one publication as a file; `about` says what it is and for whom, in one line."""
    names, rows = _table(snapshot, told, language)
    if form == "xlsx":
        return _xlsx(names, rows, about)
    if form == "parquet":
        return _geoparquet(snapshot, names, rows, about)
    return _csv(names, rows, about, tagged=form == "hxl.csv")


def write_file(snapshot: Snapshot, told: Sequence[Told], target: Path, *, about: str = "") -> None:
    """The same to a path, in the format of its name. Raises ClearlandError E-EXPORT-FORMAT."""
    target.write_bytes(file_bytes(snapshot, told, file_format(target.name), about=about))


def _table(snapshot: Snapshot, told: Sequence[Told], language: str) -> tuple[list[str], list[dict[str, Any]]]:
    dimensions = sorted({name for each in told for name in each.scope.where})
    names = [
        "code", "indicator", "place", "place_name", "from", "to", "as_known", *dimensions, "value", "unit", "status", "scope",
        "head", "reference",
    ]  # fmt: skip
    places = {
        row["code"]: row["name"] for row in snapshot.sql("SELECT code, name FROM place WHERE code IS NOT NULL").to_pylist()
    }
    return names, [_row(each, snapshot, places, language) for each in told]


def _row(each: Told, snapshot: Snapshot, places: Mapping[str, str], language: str) -> dict[str, Any]:
    words: Dictionary = snapshot.dictionary
    withheld = isinstance(each, Disclosed) and each.withheld
    sealed = each.sealed if isinstance(each, Disclosed) else None
    reference = sealed.reference if sealed else each.lineage.ref if each.lineage else ""
    return {
        "code": each.code, "indicator": words.indicators[each.code].title(language), "place": each.scope.place or "",
        "place_name": places.get(each.scope.place or "", ""), "from": each.scope.period_from, "to": each.scope.period_to,
        "as_known": each.scope.as_known, **each.scope.where, "value": each.value, "unit": each.unit,
        "status": "withheld" if withheld else each.status, "scope": each.scope.query(), "head": snapshot.head[:12],
        "reference": reference,
    }  # fmt: skip


def _csv(names: Sequence[str], rows: Sequence[Mapping[str, Any]], about: str, *, tagged: bool) -> bytes:
    buffer = io.StringIO()
    out = csv.writer(buffer)
    if about and not tagged:
        out.writerow([harmless(about)])
    out.writerow(names)
    if tagged:
        # A dimension of ours has no tag in HXL's vocabulary: it goes under #indicator with an attribute of its name.
        out.writerow([_TAGS.get(name, f"#indicator+{name}") for name in names])
    for row in rows:
        out.writerow([_cell(row.get(name)) for name in names])
    # The mark lets spreadsheets read letters beyond ASCII; tools for HXL take the first line as it is.
    return buffer.getvalue().encode("utf-8" if tagged else "utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def _xlsx(names: Sequence[str], rows: Sequence[Mapping[str, Any]], about: str) -> bytes:
    buffer = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, safe) as book:
        sheet = book.add_worksheet("Figures")
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, harmless(about))
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(0, 1)
        sheet.set_column(0, len(names) - 1, 16)
        for column, name in enumerate(names):
            sheet.write_string(1, column, name, bold)
        for number, row in enumerate(rows, start=2):
            for column, name in enumerate(names):
                value = _cell(row.get(name))
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value)
    return buffer.getvalue()


def _geoparquet(snapshot: Snapshot, names: Sequence[str], rows: Sequence[Mapping[str, Any]], about: str) -> bytes:
    outlines = snapshot.sql("SELECT code, geometry FROM place WHERE code IS NOT NULL AND geometry IS NOT NULL").to_pylist()
    by_place = {row["code"]: row["geometry"] for row in outlines}
    columns: dict[str, pa.Array] = {}
    for name in names:
        values = [row.get(name) for row in rows]
        kind = pa.float64() if name == "value" else pa.date32() if name in ("from", "to", "as_known") else pa.string()
        columns[name] = pa.array(values, kind)
    columns["geometry"] = pa.array([by_place.get(row["place"]) for row in rows], pa.binary())
    geo = {
        "version": "1.1.0", "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], "edges": "spherical"}},
    }  # fmt: skip
    table = pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo), "clearland": json.dumps({"about": about})})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
