"""What reading the columns of one table needs, and collects: cells in, values and findings out."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from clearland.core.errors import Finding
from clearland.dictionary.model import Dictionary
from clearland.intake.folding import cell_text
from clearland.intake.mapping import Mapping
from clearland.intake.tables import Cell, Table

Values = list[object]
"""One value per row of the table; None where there is none."""
Decision = TypeVar("Decision")


@dataclass
class Whole:
    """The table of which a portion is read: how its numbers and days are written is told by all of its rows.

    `parts` goes through the portions anew at each call; `decided` keeps what was found out once.
    """

    parts: Callable[[], Iterator[Table]]
    decided: dict[Hashable, object] = field(default_factory=dict)


@dataclass
class Reading:
    """What is needed to read the columns of one table, or of a portion of one, and the findings on the way."""

    table: Table
    mapping: Mapping
    dictionary: Dictionary
    findings: list[Finding] = field(default_factory=list)
    whole: Whole | None = None

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
        return self._without_blanks(self.table.cells[column])

    def all_cells(self, column: str) -> Iterator[Cell]:
        """The same column of the whole table."""
        for part in self.parts():
            yield from self._without_blanks(part.cells[column])

    def parts(self) -> Iterator[Table]:
        """The portions of the whole table."""
        return self.whole.parts() if self.whole else iter((self.table,))

    def decide(self, question: Hashable, answer: Callable[[], Decision]) -> Decision:
        """What the whole table answers, asked once."""
        if self.whole is None:
            table = self.table
            self.whole = Whole(lambda: iter((table,)))
        if question not in self.whole.decided:
            self.whole.decided[question] = answer()
        return cast(Decision, self.whole.decided[question])

    def once(self, deed: Hashable, do: Callable[[], None]) -> None:
        """Do what concerns the whole table with its first portion only."""
        self.decide(("once", deed), do)

    def wrong_example(self, code: str, example: str, column: str, sentence: str, remedy: str) -> None:
        """An error shown by the first cell of the whole column that reads so."""
        for part in self.parts():
            cells = part.cells[column]
            if example in cells:
                place = part.place(cells.index(example), column)
                self.findings.append(
                    Finding(code=code, severity="error", sentence=sentence, place=place, remedy=remedy, rule=89)
                )
                return

    def _without_blanks(self, cells: Sequence[Cell]) -> Sequence[Cell]:
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
