"""What reading the columns of one table needs, and collects: cells in, values and findings out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from clearland.core.errors import Finding
from clearland.dictionary.model import Dictionary
from clearland.intake.folding import cell_text
from clearland.intake.mapping import Mapping
from clearland.intake.tables import Cell, Table

Values = list[object]
"""One value per row of the table; None where there is none."""


@dataclass
class Reading:
    """What is needed to read the columns of one table, and the findings on the way."""

    table: Table
    mapping: Mapping
    dictionary: Dictionary
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, code: str, index: int, column: str, sentence: str, remedy: str) -> None:
        """An error in one cell."""
        self.findings.append(
            Finding(
                code=code,
                severity="error",
                sentence=sentence,
                place=self.table.place(index, column),
                remedy=remedy,
                rule=89,
            )
        )

    def cells(self, column: str) -> Sequence[Cell]:
        """A column, with what the mapping calls blank as None."""
        cells = self.table.cells[column]
        if not self.mapping.blanks:
            return cells
        blanks = set(self.mapping.blanks)
        return [None if isinstance(cell, str) and cell in blanks else cell for cell in cells]


def each_cell(reading: Reading, column: str, convert: Callable[[Cell], object], code: str, remedy: str) -> Values:
    """Every cell through `convert`, equal texts once; a ValueError becomes a finding."""
    memo: dict[str, object] = {}
    values: Values = []
    for index, cell in enumerate(reading.cells(column)):
        if cell is None:
            values.append(None)
            continue
        try:
            if type(cell) is str:
                if cell not in memo:
                    memo[cell] = convert(cell)
                values.append(memo[cell])
            else:
                values.append(convert(cell))
        except ValueError as error:
            reading.wrong(code, index, column, f"{cell_text(cell)[:80]!r} cannot be read: {error}.", remedy)
            values.append(None)
    return values
