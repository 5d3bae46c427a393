"""XLSX, XLSM, XLS and ODS through calamine: values and Excel dates, never formulas, never macros."""

import io
import re
from datetime import timedelta
from pathlib import Path
from xml.sax import SAXException

import python_calamine as calamine
from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.dictionary.envelope import OWN_PREFIX
from clearland.intake.gridded import table_from_grid
from clearland.intake.limits import Limits
from clearland.intake.tables import Cell, Hints, Table

_CELL_REF = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})(\d{1,8})"')
_ODS_TAG = re.compile(rb"<table:(?:covered-)?(table-(?:cell|row)\b[^>]*)>")
_ODS_REPEAT = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
_EXCEL_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_OVERLAP_BYTES = 512


class GridGuard:
    """Looks at a workbook's XML as it unpacks and refuses sheets whose grid would fill the memory.

    A sheet with one cell at A1 and one at the far corner takes a kilobyte on disk and gigabytes as a grid.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._tails: dict[str, bytes] = {}
        self._extents: dict[str, list[int]] = {}
        # calamine waits for ever for the end of an ODS sheet whose XML breaks off, so its XML is proved whole first.
        self._ods = create_parser(forbid_dtd=True)
        self._ods_seen = False
        self._ods_row_times = 1
        self._ods_cells = 0

    def finish(self) -> None:
        """After the last piece. Raises RefusedInput E-WORKBOOK-DAMAGED where an ODS sheet breaks off."""
        if self._ods_seen:
            self._parse_ods(None)

    def look(self, member: str, chunk: bytes) -> None:
        """One unpacked piece of one member. Raises RefusedInput E-SHEET-TOO-LARGE."""
        if member == "content.xml":
            self._ods_seen = True
            self._parse_ods(chunk)
            self._look_ods(member, chunk)
        elif "worksheets/" in member and member.endswith(".xml"):
            self._look_xlsx(member, chunk)

    def _parse_ods(self, chunk: bytes | None) -> None:
        try:
            if chunk is None:
                self._ods.close()
            else:
                self._ods.feed(chunk)
        except (SAXException, DefusedXmlException, ValueError, LookupError) as error:
            raise _damaged(self._path, str(error)) from error

    def _look_xlsx(self, member: str, chunk: bytes) -> None:
        data = self._tails.get(member, b"") + chunk
        self._tails[member] = data[-_OVERLAP_BYTES:]
        extent = self._extents.setdefault(member, [1, 1, 1, 1])  # first row and column count from the first cell seen
        references = _CELL_REF.findall(data)
        if not references:
            return
        columns = {letters for letters, _ in references}
        extent[0] = max(extent[0], *(int(row) for _, row in references))
        extent[1] = max(extent[1], *(_column_number(letters) for letters in columns))
        self._refuse_beyond(extent[0] * extent[1])

    def _look_ods(self, member: str, chunk: bytes) -> None:
        data = self._tails.get(member, b"") + chunk
        # Only whole tags are counted; what stands behind the last one waits for the next piece.
        end = data.rfind(b">") + 1
        self._tails[member] = data[end:]
        for tag in _ODS_TAG.findall(data[:end]):
            repeat = _ODS_REPEAT.search(tag)
            times = int(repeat.group(1)) if repeat else 1
            if b"table-row" in tag:
                self._ods_row_times = times
            elif not tag.endswith(b"/") or b"value" in tag:
                # An empty cell takes no memory however often it repeats; one with content is copied that many times.
                self._ods_cells += times * self._ods_row_times
        self._refuse_beyond(self._ods_cells)

    def _refuse_beyond(self, cells: int) -> None:
        if cells > self._limits.sheet_cells:
            raise RefusedInput(
                "E-SHEET-TOO-LARGE",
                f"A sheet spans {cells:,} cells, more than {self._limits.sheet_cells:,}.",
                place=Place(file=self._path.name),
                remedy="Delete stray cells far below or to the right of the table, or split the table.",
            )


def read_workbook(path: Path, hints: Hints, limits: Limits, *, format: str) -> list[Table]:  # noqa: A002
    """A table per sheet with content. Raises RefusedInput E-SHEET-* or E-WORKBOOK-*."""
    data = path.read_bytes()
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return _read_sheets(book, path.name, hints, format)
    except calamine.PasswordError as error:
        raise _encrypted(path) from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError, OverflowError) as error:
        raise _damaged(path, str(error)) from error
    except BaseException as error:
        # A panic inside calamine's Rust arrives as a BaseException of a class that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(path, "the sheet's structure breaks off") from error


def _read_sheets(book: calamine.CalamineWorkbook, file: str, hints: Hints, format_name: str) -> list[Table]:
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        and (hints.sheets is None or sheet.name in hints.sheets)
        and not sheet.name.startswith(OWN_PREFIX)  # what this system put into a workbook it returned or exported
    ]
    tables = []
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None or sheet.height == 0:
            continue
        grid: list[list[Cell]] = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
        first_row, first_column = sheet.start
        padding: list[Cell] = [None] * first_column
        if padding:
            grid = [[*padding, *row] for row in grid]
        table = table_from_grid(
            grid,
            first_row + 1,
            file=file,
            sheet=name,
            format=format_name,
            header_row=hints.header_row,
            findings=_error_cells(grid, file, name, first_row + 1),
        )
        table = _drop_leading_blank_columns(table, first_column)
        header_number = _header_number(grid, first_row + 1, hints.header_row)
        _refuse_merged_header(sheet, file, name, header_number)
        tables.append(table)
    if not tables:
        missing = hints.sheets is not None
        raise RefusedInput(
            "E-SHEET-NONE",
            f"The workbook has no sheet called {', '.join(hints.sheets or ())}." if missing else "The workbook holds no table.",
            place=Place(file=file),
            remedy=f"Its sheets are: {', '.join(book.sheet_names)}." if missing else "Export it again.",
        )
    return tables


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, timedelta):
        return str(cell)
    return cell


def _header_number(grid: list[list[Cell]], first_number: int, header_row: int | None) -> int:
    if header_row is not None:
        return header_row
    return first_number + next((i for i, row in enumerate(grid) if any(cell is not None for cell in row)), 0)


def _drop_leading_blank_columns(table: Table, count: int) -> Table:
    if not count:
        return table
    return Table(
        file=table.file,
        sheet=table.sheet,
        format=table.format,
        columns=table.columns[count:],
        cells={name: table.cells[name] for name in table.columns[count:]},
        numbers=table.numbers,
        findings=table.findings,
    )


def _refuse_merged_header(sheet: calamine.CalamineSheet, file: str, name: str, header_number: int) -> None:
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top + 1 <= header_number <= bottom + 1 and (left != right or top != bottom):
            raise RefusedInput(
                "E-SHEET-MERGED-HEADER",
                "Cells of the header row are merged, so columns have no name of their own.",
                place=Place(file=file, sheet=name, row=header_number),
                remedy="Unmerge the header, or name the row of column names in the mapping (`header_row: 3`).",
            )


def _error_cells(grid: list[list[Cell]], file: str, sheet: str, first_number: int) -> list[Finding]:
    return [
        Finding(
            code="W-SHEET-ERROR-CELL",
            severity="warning",
            sentence=f"A formula gives {cell}.",
            place=Place(file=file, sheet=sheet, row=number),
            remedy="Mend the formula or write the value.",
        )
        for number, row in enumerate(grid, first_number)
        for cell in row
        if isinstance(cell, str) and cell.startswith("#") and cell in _EXCEL_ERRORS
    ]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _damaged(path: Path, detail: str) -> RefusedInput:
    return RefusedInput(
        "E-WORKBOOK-DAMAGED",
        f"The workbook is damaged or was cut off ({detail}).",
        place=Place(file=path.name),
        remedy="Open it in its own programme and save it again, or ask for it once more.",
    )


def _encrypted(path: Path) -> RefusedInput:
    return RefusedInput(
        "E-WORKBOOK-ENCRYPTED",
        "The workbook is protected by a password.",
        place=Place(file=path.name),
        remedy="Open it, save it without a password, and add that file.",
    )
