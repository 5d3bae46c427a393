"""A list as CSV or XLSX: the rows on the reader's screen with every field that reader may see, marked with what it is.

No cell is a formula: text that a spreadsheet would run is written as text. Numbers are exact, dates as ISO 8601.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from clearland.core.errors import ClearlandError
from clearland.dictionary.model import Dictionary, Field, Kind
from clearland.exchange.cells import harmless
from clearland.web import labels
from clearland.web.access import Reading

CHUNK_ROWS = 2_000
MOST_XLSX_ROWS = 1_000_000
_NUMBERS = frozenset({"integer", "decimal"})
_DATES = frozenset({"date", "partial_date", "datetime"})
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it spreadsheets on Windows misread every letter beyond ASCII
Cell = str | float | int | None


def head(read: Reading, model: Kind) -> list[str]:
    """The labels of the columns."""
    return [
        _("Number"), *(labels.field_label(field) for field in labels.readable(read, model)), _("State"), _("Class"),
        _("Known since"), _("Record"),
    ]  # fmt: skip


def cells(read: Reading, words: Dictionary, model: Kind, found: Iterable[Any]) -> Iterator[list[Cell]]:
    """One row per record; absent values are empty cells."""
    fields = labels.readable(read, model)
    for version in found:
        yield [
            version.local_id, *(_cell(read, words, field, version.attributes.get(field.name)) for field in fields),
            _("%s, unverified") % version.state if version.unverified else version.state, version.sensitivity.upper(),
            version.known_from.date().isoformat(), str(version.record_uuid),
        ]  # fmt: skip


def _cell(read: Reading, words: Dictionary, field: Field, value: Any) -> Cell:
    if value is None:
        return None
    if field.type == "integer":
        return int(value)
    if field.type == "decimal":
        return float(value)
    if field.type in _DATES:
        return str(value)
    return labels.value_text(read, words, field, value)


def as_csv(notes: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file in parts: one line of notes, the head, the rows. In the language in force when it was asked for."""
    language = translation.get_language() or "en"
    buffer = io.StringIO()
    out = csv.writer(buffer)
    buffer.write(_BOM)
    out.writerow([harmless(" · ".join(notes))])
    out.writerow([harmless(label) for label in heads])
    with translation.override(language):
        for number, row in enumerate(rows, start=1):
            out.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
            if number % CHUNK_ROWS == 0:
                yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def as_xlsx(notes: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[Cell]], count: int) -> IO[bytes]:
    """The workbook as an open temporary file, written row by row. Raises ClearlandError E-EXPORT-ROWS for too many."""
    if count > MOST_XLSX_ROWS:
        remedy = _("Filter the list, or take CSV.")
        raise ClearlandError("E-EXPORT-ROWS", _("A worksheet cannot hold so many rows."), remedy=remedy)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response reads it and closes it
    safe = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, safe) as book:
        sheet = book.add_worksheet("Clearland")
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, harmless(" · ".join(notes)))
        sheet.freeze_panes(2, 1)
        sheet.repeat_rows(0, 1)
        sheet.set_column(0, len(heads) - 1, 18)
        for column, label in enumerate(heads):
            sheet.write_string(1, column, harmless(label), bold)
        for number, row in enumerate(rows, start=2):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, harmless(cell))
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    file.seek(0)
    return file
