"""CSV and its relatives: comma, semicolon, tab or bar; quoted or not."""

import csv
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from clearland.core.errors import Place, RefusedInput
from clearland.intake.gridded import table_from_grid
from clearland.intake.limits import Limits
from clearland.intake.readers.encoding import encoding_of
from clearland.intake.submissions import submissions_in
from clearland.intake.tables import Cell, Hints, Table

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 50


def read_delimited(path: Path, hints: Hints, limits: Limits) -> list[Table]:
    """One table. Row numbers are lines of records as a spreadsheet shows them. Raises RefusedInput E-TABLE-*."""
    encoding, findings = encoding_of(path.read_bytes(), path.name, hints.encoding)
    # newline="" keeps line ends as they are and knows all three kinds, old Macintosh files among them
    with path.open(encoding=encoding, newline="") as stream:
        first = next((line for line in stream if line.strip()), "")
        if not first:
            raise RefusedInput(
                "E-TABLE-EMPTY",
                "The file is empty.",
                place=Place(file=path.name),
                remedy="Export the table again.",
            )
        csv.field_size_limit(limits.cell_characters)
        stream.seek(0)
        delimiter = hints.delimiter or sniff_delimiter(stream)
        stream.seek(0)
        table = table_from_grid(
            _records(stream, delimiter, path.name),
            1,
            file=path.name,
            sheet=None,
            format="CSV",
            header_row=hints.header_row,
            findings=findings,
        )
    _refuse_prose(table, markup=first.lstrip().startswith("<"))
    return [submissions_in(table) or table]


def sniff_delimiter(stream: Iterable[str]) -> str:
    """The delimiter that splits the first lines into the most columns, evenly. A comma where none does."""
    lines = [line for line in itertools.islice(stream, _SAMPLE_LINES) if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            counts = [len(record) for record in csv.reader(lines, delimiter=delimiter) if record]
        except csv.Error:
            continue
        if not counts or counts[0] < 2:
            continue
        even = sum(count == counts[0] for count in counts) / len(counts)
        score = even * 1000 + counts[0]
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(stream: Iterable[str], delimiter: str, file: str) -> Iterator[list[Cell]]:
    reader = csv.reader(stream, delimiter=delimiter)
    try:
        for record in reader:
            yield [value.strip() or None for value in record]
    except csv.Error as error:
        raise RefusedInput(
            "E-TABLE-CSV",
            f"The text breaks the rules of CSV ({error}).",
            place=Place(file=file, row=reader.line_num),
            remedy="Look for a quotation mark that is never closed in or before this row.",
        ) from error


def _refuse_prose(table: Table, *, markup: bool) -> None:
    if len(table.columns) >= 2 or len(table) == 0:
        return
    longest = max((len(str(cell)) for cell in table.cells[table.columns[0]]), default=0) if table.columns else 0
    if longest > 200 or markup:
        raise RefusedInput(
            "E-TABLE-NONE",
            "No table was found in this text: it has one column only.",
            place=Place(file=table.file),
            remedy="Documents go to `clearland add` without a mapping; tables need a row of column names.",
        )
