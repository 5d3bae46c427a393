"""A table from rows of cells as a text file or a sheet gives them: where its header stands, what lies beside it."""

from array import array
from collections.abc import Iterable, Sequence

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.intake.stored import CellStore
from clearland.intake.tables import Cell, Table, name_columns


class _Grid:
    """Rows as they come: the header, then the rows with content, with the columns that only they have."""

    def __init__(self, first_number: int, header_row: int | None) -> None:
        self.number = first_number - 1
        self.wanted = header_row
        self.header: list[Cell] | None = None
        self.header_number = first_number
        self.first: list[Cell] | None = None
        self.store = CellStore()
        self.numbers = array("q")
        self.beyond: set[int] = set()

    def take(self, row: Sequence[Cell]) -> None:
        self.number += 1
        blank = all(cell is None for cell in row)
        if self.header is None:
            if self.first is None:
                self.first = list(row)
            if self.number == self.wanted or (self.wanted is None and not blank):
                self._head(list(row), self.number)
            return
        if blank:
            return
        if len(row) > len(self.header):
            self.beyond.update(position for position in range(len(self.header), len(row)) if row[position] is not None)
        self.numbers.append(self.number)
        self.store.add(row)

    def _head(self, row: list[Cell], number: int) -> None:
        while row and row[-1] is None:
            row.pop()
        self.header, self.header_number = row, number

    def finish(self, first_number: int) -> list[Cell]:
        """The header; that of a grid of blank rows is its first one."""
        if self.header is None and self.wanted is None and self.first is not None:
            self._head(self.first, first_number)
        if self.header is None:
            raise LookupError
        return self.header


def table_from_grid(
    grid: Iterable[Sequence[Cell]],
    first_number: int,
    *,
    file: str,
    sheet: str | None,
    format: str,  # noqa: A002
    header_row: int | None,
    findings: Sequence[Finding] = (),
) -> Table:
    """A table from rows of cells: the header is `header_row` (counted as in the sheet) or the first row with content.

    Blank rows are skipped, short rows are filled, cells beyond the header get a column of their own with a finding.
    Rows are taken one by one: a long table is never in memory as a whole.
    Raises RefusedInput E-TABLE-HEADER where the named header row does not exist.
    """
    taken = _Grid(first_number, header_row)
    for row in grid:
        taken.take(row)
    try:
        header = taken.finish(first_number)
    except LookupError as error:
        raise RefusedInput(
            "E-TABLE-HEADER",
            f"There is no row {header_row} with column names.",
            place=Place(file=file, sheet=sheet, row=header_row),
            remedy=f"Rows with content begin at {first_number}; correct `header_row` in the mapping.",
        ) from error
    place = Place(file=file, sheet=sheet, row=taken.header_number)
    header, beyond = _widened(header, sorted(taken.beyond), place)
    names, more = name_columns(header, place)
    return Table(
        file=file,
        sheet=sheet,
        format=format,
        columns=tuple(names),
        cells=dict(zip(names, taken.store.columns(len(names)), strict=True)),
        numbers=taken.numbers,
        header_number=taken.header_number,
        findings=(*findings, *beyond, *more),
    )


def _widened(header: list[Cell], beyond: Sequence[int], place: Place) -> tuple[list[Cell], list[Finding]]:
    """The header with a nameless column for every cell that stands to the right of it, and the finding that says so."""
    if not beyond:
        return header, []
    finding = Finding(
        code="W-TABLE-CELL-BEYOND-HEADER",
        severity="warning",
        sentence=f"There are cells to the right of the last column name ({len(beyond)} columns).",
        place=place,
        remedy="Give each column a name, or look for a stray delimiter in the rows.",
    )
    return [*header, *[None] * (beyond[-1] + 1 - len(header))], [finding]
