"""CSV (UTF-8, one header row) and XLSX. Geometry is WKT in a column of its own; no cell is ever a formula."""

import csv
from pathlib import Path

import shapely
import xlsxwriter
from shapely.geometry.base import BaseGeometry
from xlsxwriter.worksheet import Worksheet

from clearland.core.errors import RefusedInput
from clearland.dictionary import envelope
from clearland.exchange.cells import harmless, sheet_number, text_of
from clearland.exchange.export import Column, Export, Value

_CELL_CHARACTERS = 32_767
_MOST_ROWS = 1_048_575
ABOUT_SHEET = f"{envelope.OWN_PREFIX}about"


def write_csv(export: Export, target: Path) -> None:
    """Comma separated, with a byte order mark: without it spreadsheets on Windows misread every letter beyond ASCII."""
    columns = with_wkt(export)
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream)
        out.writerow([column.name for column in columns])
        for row in zip(*(column.values for column in columns), strict=True):
            out.writerow([_csv_cell(column, value) for column, value in zip(columns, row, strict=True)])


def _csv_cell(column: Column, value: Value) -> str | None:
    text = text_of(value)
    # A negative number begins like a formula and is none.
    return text if text is None or column.type in ("integer", "decimal") else harmless(text)


def write_xlsx(export: Export, target: Path) -> None:
    """A sheet of rows named after the kind, then a sheet that says what the file is. Raises RefusedInput E-EXPORT-HOLDS."""
    columns = with_wkt(export)
    _refuse_too_large(export, columns)
    safe = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(target), safe) as book:
        book.set_properties({"title": export.about.line(export.kind), "category": export.about.audience.upper()})
        sheet = book.add_worksheet(export.kind.name[:31])
        bold = book.add_format({"bold": True})
        sheet.set_header(f"&L{export.about.audience.upper()}&R{export.about.as_known.isoformat()}")
        sheet.freeze_panes(1, 1)
        for position, column in enumerate(columns):
            sheet.write_string(0, position, column.name, bold)
        for line, row in enumerate(zip(*(column.values for column in columns), strict=True), 1):
            for position, value in enumerate(row):
                _write_cell(sheet, line, position, columns[position], value)
        about = book.add_worksheet(ABOUT_SHEET)
        about.write_string(0, 0, export.about.line(export.kind))
        for line, column in enumerate(columns, 2):
            about.write_string(line, 0, column.name, bold)
            about.write_string(line, 1, column.label)
        about.set_column(0, 1, 40)


def _write_cell(sheet: Worksheet, line: int, position: int, column: Column, value: Value) -> None:
    if value is None:
        return
    if column.type in ("integer", "decimal") and isinstance(value, (int, str)):
        number = sheet_number(value)
        if number is not None:
            sheet.write_number(line, position, number)
            return
    sheet.write_string(line, position, text_of(value) or "")


def with_wkt(export: Export) -> list[Column]:
    """The columns, with the geometry as WKT (every digit of every coordinate) where the kind has one."""
    if not export.with_geometry:
        return list(export.columns)
    label = envelope.ABOUT_LABELS[envelope.WKT]
    return [*export.columns, Column(envelope.WKT, "text", label, [_wkt(geometry) for geometry in export.geometries])]


def _wkt(geometry: BaseGeometry | None) -> str | None:
    return None if geometry is None else str(shapely.to_wkt(geometry, rounding_precision=-1, output_dimension=2))


def _refuse_too_large(export: Export, columns: list[Column]) -> None:
    if len(export) > _MOST_ROWS:
        raise cannot_hold(export, "XLSX", f"a sheet has {_MOST_ROWS:,} rows and these are {len(export):,}")
    names = export.column(envelope.LOCAL_ID).values
    for column in columns:
        for name, value in zip(names, column.values, strict=True):
            if isinstance(value, (str, list)) and len(text_of(value) or "") > _CELL_CHARACTERS:
                raise cannot_hold(export, "XLSX", f"{column.name} of {name} is longer than the {_CELL_CHARACTERS:,} "
                                  "characters of a cell")  # fmt: skip


def cannot_hold(export: Export, format_name: str, why: str) -> RefusedInput:
    """The refusal of a format that would lose something."""
    return RefusedInput(
        "E-EXPORT-HOLDS", f"{format_name} cannot hold {export.kind.plural_label('en')}: {why}.",
        remedy="Take GeoPackage, GeoParquet or GeoJSON, which hold everything.",
    )  # fmt: skip
