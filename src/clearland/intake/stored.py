"""Cells of a long table: kept column by column in portions, most of them in a file, read back where they are needed."""

from collections.abc import Iterator, Sequence
from typing import overload

from clearland.intake import tables
from clearland.intake.tables import Cell
from clearland.ledger.spool import Spool


class CellStore:
    """Rows go in by the portion, columns come out; a row may be shorter or longer than those before."""

    def __init__(self) -> None:
        self._spool: Spool[Cell] = Spool()
        self._portions: list[list[int]] = []  # portion -> column -> number in the spool
        self._waiting: list[Sequence[Cell]] = []
        self.count = 0

    def add(self, row: Sequence[Cell]) -> None:
        """One more row."""
        self._waiting.append(row)
        self.count += 1
        if len(self._waiting) == tables.PORTION:
            self._store()

    def columns(self, width: int) -> "list[Sequence[Cell]]":
        """The first `width` columns: plain where all rows are one portion."""
        if not self._portions:
            return [list(column) for column in _columns(self._waiting, width)]
        if self._waiting:
            self._store()
        return [StoredColumn(self, position) for position in range(width)]

    def portion(self, number: int, position: int) -> Sequence[Cell] | None:
        """One portion of one column; None where no row of it reached that far."""
        numbers = self._portions[number]
        return self._spool.portion(numbers[position]) if position < len(numbers) else None

    def _store(self) -> None:
        width = max(len(row) for row in self._waiting)
        self._portions.append([self._spool.add(column) for column in _columns(self._waiting, width)])
        self._waiting = []


def _columns(rows: Sequence[Sequence[Cell]], width: int) -> list[list[Cell]]:
    even = [row if len(row) == width else [*row[:width], *[None] * (width - len(row))] for row in rows]
    return [list(column) for column in zip(*even, strict=True)] if even else [[] for _ in range(width)]


class StoredColumn(Sequence[Cell]):
    """One column of a store, as a list."""

    def __init__(self, store: CellStore, position: int) -> None:
        self._store = store
        self._position = position

    def __len__(self) -> int:
        return self._store.count

    def __iter__(self) -> Iterator[Cell]:
        for start in range(0, len(self), tables.PORTION):
            yield from self[start : start + tables.PORTION]

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Cell]: ...
    def __getitem__(self, index: int | slice) -> Cell | Sequence[Cell]:
        if not isinstance(index, slice):
            wanted = index + len(self) if index < 0 else index
            if not 0 <= wanted < len(self):
                raise IndexError(index)
            return self._portion(wanted // tables.PORTION)[wanted % tables.PORTION]
        start, stop, step = index.indices(len(self))
        if step != 1:
            return [self[each] for each in range(start, stop, step)]
        found: list[Cell] = []
        for number in range(start // tables.PORTION, -(-stop // tables.PORTION) if stop > start else 0):
            first = number * tables.PORTION
            found += self._portion(number)[max(start - first, 0) : stop - first]
        return found

    def _portion(self, number: int) -> Sequence[Cell]:
        stored = self._store.portion(number, self._position)
        return stored if stored is not None else [None] * min(tables.PORTION, len(self) - number * tables.PORTION)
