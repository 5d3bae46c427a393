"""The user's own sheet back, marked: an error column beside each wrong column, wrong cells coloured, no cell changed.

Cells that begin like a formula stay text: what comes in as data goes out as data.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from clearland.core.errors import Finding
from clearland.intake.folding import cell_text
from clearland.intake.tables import Cell, Table

_SHEET_NAME_LENGTH = 31
_CELL_CHARACTERS = 32_767
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_WHOLE_ROW = "the row"
# The time that file formats ask for; fixed, so that the same refusal gives the same bytes.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


def write_returned(tables: Sequence[Table], findings: Sequence[Finding], target: Path) -> None:
    """Writes an XLSX with one sheet per table and a first sheet that lists every finding."""
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(target), options) as book:
        book.set_properties({"created": _CREATED, "title": "Returned with findings"})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "wrong": book.add_format({"bg_color": "#F8D7DA"}),
            "said": book.add_format({"font_color": "#8A1C1C", "text_wrap": True, "valign": "top"}),
        }
        names = {"findings"}
        _write_findings(book.add_worksheet("findings"), findings, formats)
        for number, table in enumerate(tables, 1):
            name = _sheet_name(table, number, names)
            _write_table(book.add_worksheet(name), table, _by_cell(table, findings), formats)


def _by_cell(table: Table, findings: Sequence[Finding]) -> dict[str, dict[int, list[Finding]]]:
    """Column -> sheet row -> findings of this table; what concerns no one column stands under `the row`."""
    cells: dict[str, dict[int, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        place = finding.place
        if place.row is None or place.sheet != table.sheet or place.file != table.file:
            continue
        column = place.column if place.column in table.cells else _WHOLE_ROW
        cells[column or _WHOLE_ROW][place.row].append(finding)
    return cells


def _write_findings(sheet: Worksheet, findings: Sequence[Finding], formats: dict[str, Format]) -> None:
    for position, head in enumerate(("code", "severity", "sheet", "row", "column", "what", "what to do")):
        sheet.write_string(0, position, head, formats["head"])
    for line, finding in enumerate(findings, 1):
        place = finding.place
        row = "" if place.row is None else str(place.row)
        texts = (
            finding.code,
            finding.severity,
            place.sheet or "",
            row,
            place.column or "",
            finding.sentence,
            finding.remedy,
        )
        for position, text in enumerate(texts):
            sheet.write_string(line, position, text[:_CELL_CHARACTERS])
    sheet.set_column(5, 6, 60)


def _write_table(sheet: Worksheet, table: Table, wrong: dict[str, dict[int, list[Finding]]], formats: dict[str, Format]) -> None:
    sheet.write_string(0, 0, "row in your sheet", formats["head"])
    position = 1
    columns: list[str] = [*table.columns, *([_WHOLE_ROW] if _WHOLE_ROW in wrong else [])]
    for line, number in enumerate(table.numbers, 1):
        sheet.write_number(line, 0, number)
    for column in columns:
        said = wrong.get(column, {})
        if column in table.cells:
            sheet.write_string(0, position, column, formats["head"])
            for line, (number, cell) in enumerate(zip(table.numbers, table.cells[column], strict=True), 1):
                _write_cell(sheet, line, position, cell, formats["wrong"] if number in said else None)
            position += 1
        if said:
            sheet.write_string(0, position, f"wrong with {column}", formats["said"])
            for line, number in enumerate(table.numbers, 1):
                if number in said:
                    text = "\n".join(f"{finding.sentence} {finding.remedy}" for finding in said[number])
                    sheet.write_string(line, position, text[:_CELL_CHARACTERS], formats["said"])
            sheet.set_column(position, position, 50)
            position += 1
    sheet.freeze_panes(1, 1)


def _write_cell(sheet: Worksheet, line: int, position: int, cell: Cell, shade: Format | None) -> None:
    if cell is None:
        if shade is not None:
            sheet.write_blank(line, position, None, shade)
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) < 1e15:
        sheet.write_number(line, position, cell, shade)
    elif isinstance(cell, (date, datetime)):
        sheet.write_string(line, position, cell_text(cell), shade)
    else:
        sheet.write_string(line, position, cell_text(cell)[:_CELL_CHARACTERS], shade)


def _sheet_name(table: Table, number: int, taken: set[str]) -> str:
    name = (table.sheet or Path(table.file).stem).translate(_FORBIDDEN_IN_NAMES).strip("'")[: _SHEET_NAME_LENGTH - 4] or "sheet"
    if name.casefold() in taken:
        name = f"{name} {number}"
    taken.add(name.casefold())
    return name
