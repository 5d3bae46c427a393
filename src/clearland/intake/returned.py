"""The user's own workbook back, marked: a status before each row, a note beside each wrong cell, every value kept.

Rows stand at the numbers they had, so that a finding's "row 17" is row 17 here too. Corrected in place, the workbook can be
added as it is: sheets and columns whose names begin with `clearland_` are passed over. No cell is ever a formula.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from clearland.core.errors import Finding, Severity
from clearland.dictionary.envelope import OWN_PREFIX
from clearland.intake.folding import cell_text
from clearland.intake.plan import PlannedRow
from clearland.intake.tables import Cell, Table

STATUS = f"{OWN_PREFIX}status"
FINDINGS_SHEET = f"{OWN_PREFIX}findings"
_SHEET_NAME_LENGTH = 31
_CELL_CHARACTERS = 32_767
_NOTE_CHARACTERS = 2_000
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
# The time that file formats ask for; fixed, so that the same findings give the same bytes.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_GRAVITY: Mapping[Severity, int] = {"error": 0, "warning": 1, "query": 2, "info": 3}
_SHADES: Mapping[Severity, str] = {"error": "#F8D7DA", "warning": "#FFF3CD", "query": "#FFF3CD", "info": "#D9EAF7"}


@dataclass(frozen=True)
class _Formats:
    head: Format
    plain: Mapping[str, Format | None]
    shaded: Mapping[tuple[str, Severity], Format]

    def of(self, cell: Cell, severity: Severity | None) -> Format | None:
        sort = "moment" if isinstance(cell, datetime) else "day" if isinstance(cell, date) else ""
        return self.plain[sort] if severity is None else self.shaded[sort, severity]


def write_returned(tables: Sequence[Table], findings: Sequence[Finding], target: Path, rows: Sequence[PlannedRow] = ()) -> None:
    """Writes an XLSX with one sheet per table, then a sheet that lists every finding. `rows` say what would become of each."""
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(target), options) as book:
        book.set_properties({"created": _CREATED, "title": "Returned with findings"})
        numbers = {"": {}, "day": {"num_format": "yyyy-mm-dd"}, "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"}}
        formats = _Formats(
            head=book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            plain={sort: book.add_format(number) if number else None for sort, number in numbers.items()},
            shaded={(sort, severity): book.add_format({**number, "bg_color": shade})
                    for sort, number in numbers.items() for severity, shade in _SHADES.items()},
        )  # fmt: skip
        statuses = {(row.place.sheet, row.place.row): row.status for row in rows}
        names = {FINDINGS_SHEET}
        for number, table in enumerate(tables, 1):
            sheet = book.add_worksheet(_sheet_name(table, number, names))
            _write_table(sheet, table, _by_cell(table, findings), statuses, formats)
        _write_findings(book.add_worksheet(FINDINGS_SHEET), findings, formats)


def _by_cell(table: Table, findings: Sequence[Finding]) -> dict[str, dict[int, list[Finding]]]:
    """Column -> row -> findings of this table; what concerns no one column stands under the status."""
    cells: dict[str, dict[int, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        place = finding.place
        if place.row is None or place.sheet != table.sheet or place.file != table.file:
            continue
        column = place.column if place.column in table.cells else STATUS
        cells[column or STATUS][place.row].append(finding)
    return cells


def _write_table(
    sheet: Worksheet,
    table: Table,
    wrong: Mapping[str, Mapping[int, list[Finding]]],
    statuses: Mapping[tuple[str | None, int | None], str],
    formats: _Formats,
) -> None:
    numbers = list(table.numbers)
    # A layer counts its features from 1 and has no header row of its own.
    head = (table.header_number or 1) - 1
    lines = [number - 1 if table.header_number else number for number in numbers]
    sheet.write_string(head, 0, STATUS, formats.head)
    for line, number in zip(lines, numbers, strict=True):
        everything = [finding for by_row in wrong.values() for finding in by_row.get(number, ())]
        gravest = _gravest(everything)
        sheet.write_string(line, 0, _status(statuses.get((table.sheet, number)), everything), formats.of(None, gravest))
        _write_note(sheet, line, 0, wrong.get(STATUS, {}).get(number, []))
    columns = [name for name in table.columns if not name.startswith(OWN_PREFIX)]
    for position, column in enumerate(columns, 1):
        sheet.write_string(head, position, column, formats.head)
        said = wrong.get(column, {})
        for line, number, cell in zip(lines, numbers, table.cells[column], strict=True):
            here = said.get(number, [])
            _write_cell(sheet, line, position, cell, formats.of(cell, _gravest(here)))
            _write_note(sheet, line, position, here)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, max(1, len(columns)), 16)
    sheet.freeze_panes(head + 1, 1)


def _gravest(findings: Sequence[Finding]) -> Severity | None:
    return min((finding.severity for finding in findings), key=_GRAVITY.__getitem__, default=None)


def _status(status: str | None, findings: Sequence[Finding]) -> str:
    errors = sum(finding.severity == "error" for finding in findings)
    others = len(findings) - errors
    parts = [status or ("refused" if errors else "")]
    parts += [f"{errors} error{'s' if errors != 1 else ''}"] * bool(errors) + [f"{others} to look at"] * bool(others)
    return ", ".join(part for part in parts if part)


def _write_note(sheet: Worksheet, line: int, position: int, findings: Sequence[Finding]) -> None:
    if findings:
        text = "\n".join(f"{finding.code}: {finding.sentence} {finding.remedy}".strip() for finding in findings)
        sheet.write_comment(line, position, text[:_NOTE_CHARACTERS], {"author": "Clearland", "x_scale": 2.5, "y_scale": 1.5})


def _write_findings(sheet: Worksheet, findings: Sequence[Finding], formats: _Formats) -> None:
    for position, head in enumerate(("code", "severity", "sheet", "row", "column", "what", "what to do")):
        sheet.write_string(0, position, head, formats.head)
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


def _write_cell(sheet: Worksheet, line: int, position: int, cell: Cell, shade: Format | None) -> None:
    if cell is None:
        if shade is not None:
            sheet.write_blank(line, position, None, shade)
    elif isinstance(cell, bool):
        sheet.write_boolean(line, position, cell, shade)
    elif isinstance(cell, (int, float)) and abs(cell) < 1e15:
        sheet.write_number(line, position, cell, shade)
    elif isinstance(cell, date) and cell.year >= 1900:
        sheet.write_datetime(line, position, cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell, shade)
    else:
        sheet.write_string(line, position, cell_text(cell)[:_CELL_CHARACTERS], shade)


def _sheet_name(table: Table, number: int, taken: set[str]) -> str:
    name = (table.sheet or Path(table.file).stem).translate(_FORBIDDEN_IN_NAMES).strip("'")[:_SHEET_NAME_LENGTH] or "sheet"
    if name.casefold() in taken:
        name = f"{name[: _SHEET_NAME_LENGTH - 4]} {number}"
    taken.add(name.casefold())
    return name
