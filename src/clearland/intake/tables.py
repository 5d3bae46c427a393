"""What every reader hands on: a table of plain cells, with one geometry per row where the format carries geometry.

Cells are kept column by column, because checking a column at once is what makes intake fast.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Finding, Place

PORTION = 20_000  # rows that are read, checked and planned together
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

    def part(self, start: int, stop: int) -> "Table":
        """The rows from position `start` to before `stop`, as a table of its own."""
        if start == 0 and stop >= len(self):
            return self
        return replace(
            self,
            cells={name: cells[start:stop] for name, cells in self.cells.items()},
            numbers=self.numbers[start:stop],
            geometries=None if self.geometries is None else self.geometries[start:stop],
        )

    def parts(self) -> "Iterator[Table]":
        """The table in portions, in order; a short one whole, one without rows too."""
        for start in range(0, max(len(self), 1), PORTION):
            yield self.part(start, start + PORTION)

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
