"""Columns of words, and of lists of words, over many records: what whole arrays can compare, sort and count.

A word is kept once, however many records say it; a record holds its number, NOBODY where it says nothing.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
NOBODY = -1
Word = TypeVar("Word", bound=Hashable)


@dataclass(frozen=True)
class Words(Generic[Word]):
    """One word per record: `names[code[n]]`, or nothing where the code is NOBODY."""

    code: Ints
    names: list[Word]

    @classmethod
    def of(cls, values: Iterable[Word | None]) -> "Words[Word]":
        """The column of these values."""
        number: dict[Any, int] = {None: NOBODY}
        code = np.fromiter((number.setdefault(value, len(number) - 1) for value in values), dtype=np.int64)
        return cls(code, [name for name in number if name is not None])

    def __getitem__(self, row: int) -> Word | None:
        code = int(self.code[row])
        return None if code == NOBODY else self.names[code]

    def take(self, rows: Ints) -> "Words[Word]":
        """The column of these records, in this order."""
        return Words(self.code[rows], self.names)

    def numbered(self, number: Mapping[Any, int], nothing: int = NOBODY) -> Ints:
        """Per record the number given to its word, `nothing` where it says none or the word has no number."""
        known = np.array([*(number.get(name, nothing) for name in self.names), nothing], dtype=np.int64)
        return known[self.code]


@dataclass(frozen=True)
class Lists:
    """Several words per record: `names[code[start[n]:start[n + 1]]]`."""

    start: Ints
    code: Ints
    names: list[str]

    @classmethod
    def of(cls, values: Iterable[Collection[str]]) -> "Lists":
        """The column of these collections; the words of each are put in order, so that equal sets look alike."""
        known: dict[Collection[str], tuple[int, ...]] = {}
        number: dict[str, int] = {}
        rows: list[tuple[int, ...]] = []
        for value in values:
            codes = known.get(value)
            if codes is None:
                codes = known[value] = tuple(number.setdefault(name, len(number)) for name in sorted(value))
            rows.append(codes)
        start = np.cumsum([0, *map(len, rows)])
        return cls(start, np.fromiter((code for row in rows for code in row), dtype=np.int64), list(number))

    def __getitem__(self, row: int) -> frozenset[str]:
        return frozenset(self.names[code] for code in self.code[self.start[row] : self.start[row + 1]].tolist())

    def take(self, rows: Ints) -> "Lists":
        """The column of these records, in this order."""
        count = np.diff(self.start)[rows]
        return Lists(np.concatenate([[0], np.cumsum(count)]), self.code[ranges(self.start[rows], count)], self.names)

    def pairs(self, number: dict[str, int]) -> tuple[Ints, Ints]:
        """Record and number of each word that has one, by record."""
        known = np.full(len(self.names), NOBODY)
        used = range(len(self.names)) if len(self.names) <= len(self.code) else np.unique(self.code).tolist()
        known[used] = [number.get(self.names[code], NOBODY) for code in used]  # a part of a column keeps the words of all
        row = np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))
        word = known[self.code] if len(known) else np.empty(0, dtype=np.int64)
        return row[word != NOBODY], word[word != NOBODY]

    def bits(self, bit: dict[str, int]) -> Ints:
        """Per record the bits of its words together; a word without a bit adds none."""
        found = np.zeros(len(self.start) - 1, dtype=np.int64)
        row, place = self.pairs(bit)
        np.bitwise_or.at(found, row, np.int64(1) << place)
        return found


def ranges(start: Ints, count: Ints) -> Ints:
    """`start[n], start[n] + 1, …` for each n, `count[n]` of them, one after the other."""
    numbers: Ints = np.arange(int(count.sum())) + np.repeat(start - (np.cumsum(count) - count), count)
    return numbers


def texts(values: Sequence[Any]) -> Texts:
    """Python values as a column, one each, whatever they are."""
    column: Texts = np.empty(len(values), dtype=object)
    column[:] = values
    return column
