"""What every reader hands on: a table of plain cells, with one geometry per row where the format carries geometry.

Cells are kept column by column, because checking a column at once is what makes intake fast.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Finding, Place, RefusedInput

Cell = object
"""None, str, int, float, bool, date, datetime, or (from JSON) a list of these. Blank text is None."""


@dataclass(frozen=True)
class Row:
    """One row as a person sees it: `number` counts from 1 in the sheet, header rows included."""

    number: int
    values: dict[str, Cell]
    geometry: BaseGeometry | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """One sheet or layer. `cells[column][i]` stands in sheet row `numbers[i]`.

    `header_number` is the row of the column names, None where they stand in no row.
    `geometries` is None where the format has no geometry; `crs` is `EPSG:4326` once reprojected, or None where the
    file does not say it (then the mapping must).
    """

    file: str
    sheet: str | None
    format: str
    columns: tuple[str, ...]
    cells: Mapping[str, Sequence[Cell]]
    numbers: Sequence[int]
    geometries: NDArray[np.object_] | None = None
    crs: str | None = None
    header_number: int | None = None
    findings: tuple[Finding, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.numbers)

    def place(self, index: int | None = None, column: str | None = None) -> Place:
        """Where row `index` (position in `numbers`) stands, for findings."""
        row = None if index is None else self.numbers[index]
        return Place(file=self.file, sheet=self.sheet, row=row, column=column)

    @property
    def rows(self) -> Iterator[Row]:
        """Row by row, for people and small files; the plan works on columns."""
        for index, number in enumerate(self.numbers):
            values = {column: self.cells[column][index] for column in self.columns}
            yield Row(number, values, self.geometries[index] if self.geometries is not None else None)


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What a mapping says about the file itself; None is *find out*."""

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheets: tuple[str, ...] | None = None


def name_columns(header: Sequence[Cell], place: Place) -> tuple[list[str], list[Finding]]:
    """Unique column names from a header row; nameless and repeated ones get a name and a finding."""
    names: list[str] = []
    findings: list[Finding] = []
    for position, cell in enumerate(header):
        name = " ".join(str(cell).split()) if cell is not None else ""
        if not name:
            name = f"column {column_letters(position)}"
        if name in names:
            again = f"{name} ({1 + sum(other == name or other.startswith(f'{name} (') for other in names)})"
            findings.append(
                Finding(
                    code="W-TABLE-COLUMN-TWICE",
                    severity="warning",
                    sentence=f"Two columns are called {name!r}.",
                    place=Place(file=place.file, sheet=place.sheet, row=place.row, column=name),
                    remedy=f"The second is read as {again!r}; rename it in the sheet if both are meant.",
                )
            )
            name = again
        names.append(name)
    return names, findings


def column_letters(position: int) -> str:
    """`A`, `B`, … `Z`, `AA`: the sheet's own name of a column, counted from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def table_from_grid(
    grid: Sequence[Sequence[Cell]],
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
    Raises RefusedInput E-TABLE-HEADER where the named header row does not exist.
    """
    if header_row is not None:
        start = header_row - first_number
    else:
        start = next((i for i, row in enumerate(grid) if any(cell is not None for cell in row)), 0)
    if not 0 <= start < len(grid):
        raise RefusedInput(
            "E-TABLE-HEADER",
            f"There is no row {header_row} with column names.",
            place=Place(file=file, sheet=sheet, row=header_row),
            remedy=f"Rows with content begin at {first_number}; correct `header_row` in the mapping.",
        )
    header = list(grid[start])
    while header and header[-1] is None:
        header.pop()
    place = Place(file=file, sheet=sheet, row=first_number + start)
    header, beyond = _widened(header, grid[start + 1 :], place)
    names, more = name_columns(header, place)
    kept = [
        (number, row)
        for number, row in enumerate(grid[start + 1 :], first_number + start + 1)
        if any(cell is not None for cell in row)
    ]
    count = len(names)
    filled = [row if len(row) == count else [*row[:count], *[None] * (count - len(row))] for _, row in kept]
    columns = list(zip(*filled, strict=True)) if filled else [() for _ in names]
    return Table(
        file=file,
        sheet=sheet,
        format=format,
        columns=tuple(names),
        cells=dict(zip(names, columns, strict=True)),
        numbers=[number for number, _ in kept],
        header_number=first_number + start,
        findings=(*findings, *beyond, *more),
    )


def _widened(header: list[Cell], body: Sequence[Sequence[Cell]], place: Place) -> tuple[list[Cell], list[Finding]]:
    """The header with a nameless column for every cell that stands to the right of it, and the finding that says so."""
    width = max((len(row) for row in body), default=0)
    beyond = [
        position
        for position in range(len(header), width)
        if any(len(row) > position and row[position] is not None for row in body)
    ]
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
