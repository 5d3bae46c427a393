"""Which of very many texts are alike, told by 16 bytes of each: a million of them take 16 MB and no dictionary."""

from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_BYTES = 16
Positions = NDArray[np.intp]


def digest(text: str) -> bytes:
    """Sixteen bytes that no two texts share."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()


class Alike:
    """Digests in the order in which they were added."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, texts: Iterable[str]) -> None:
        """The texts of some more rows."""
        self._bytes += b"".join([digest(text) for text in texts])

    def add_bytes(self, sixteen: Iterable[bytes]) -> None:
        """The same of rows that are named by sixteen bytes already."""
        self._bytes += b"".join(sixteen)

    def __len__(self) -> int:
        return len(self._bytes) // _BYTES

    def of(self, index: int) -> bytes:
        """The digest of one row."""
        return bytes(self._bytes[index * _BYTES : (index + 1) * _BYTES])

    def ordered(self) -> tuple[Positions, NDArray[np.bool_]]:
        """Positions sorted by digest, of alike ones the earliest first; and which of them begins a group."""
        halves = np.frombuffer(self._bytes, dtype=">u8").reshape(-1, 2)
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        begins = np.ones(len(order), dtype=bool)
        begins[1:] = (halves[order[1:]] != halves[order[:-1]]).any(axis=1)
        return order, begins

    def numbered(self) -> NDArray[np.int64]:
        """Per row which one it is among those alike, from 1."""
        order, begins = self.ordered()
        numbers = np.ones(len(order), dtype=np.int64)
        if len(order):
            start = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
            numbers[order] = np.arange(len(order)) - start + 1
        return numbers

    def groups(self) -> list[list[int]]:
        """The groups of more than one, each in the order of its rows."""
        order, begins = self.ordered()
        starts = np.flatnonzero(begins)
        ends = np.append(starts[1:], len(order))
        several = ends - starts > 1
        return [order[start:end].tolist() for start, end in zip(starts[several], ends[several], strict=True)]

    def repeats(self) -> list[tuple[int, int]]:
        """Each row that repeats an earlier one with the first that it repeats, in the order of the rows."""
        return sorted((again, group[0]) for group in self.groups() for again in group[1:])


class Numbers:
    """The row numbers of a table in the order of its rows, eight bytes each."""

    def __init__(self) -> None:
        self._numbers = array("q")

    def add(self, numbers: Sequence[int]) -> None:
        """The numbers of some more rows."""
        self._numbers.extend(numbers)

    def __getitem__(self, index: int) -> int:
        return self._numbers[index]

    def __len__(self) -> int:
        return len(self._numbers)
