"""Long lists in portions: a little stays in memory, the rest waits in a file that has no name and says nothing.

The file is encrypted under a key that lives in this process only: what waits may name a person, and a disk keeps what is
written to it. It is gone with the process, however that ends.
"""

import os
import pickle
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Generic, TypeVar, overload

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HELD = 100_000  # so many stay in memory: reading them back from the file costs as much as a tenth of their preparation
_KEY_BITS = 256
_NONCE_BYTES = 12
Item = TypeVar("Item")


class Spool(Generic[Item]):
    """Portions of items in the order in which they were added: up to `held` items in memory, the rest in a file."""

    def __init__(self, held: int | None = None) -> None:
        self._most = HELD if held is None else held
        self._held: list[Sequence[Item]] = []
        self._count = 0
        self._places: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None
        self._cipher: AESGCM | None = None

    def add(self, portion: Sequence[Item]) -> int:
        """One more portion, at the end; returns its number, from 0."""
        self._count += len(portion)
        if self._count <= self._most and self._file is None:
            self._held.append(portion)
            return len(self._held) - 1
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="clearland-")  # noqa: SIM115 -- closed by `close`
            weakref.finalize(self, self._file.close)  # and with the spool, for lists that nobody closes
            self._cipher = AESGCM(AESGCM.generate_key(_KEY_BITS))
        assert self._cipher is not None
        nonce = os.urandom(_NONCE_BYTES)
        written = nonce + self._cipher.encrypt(nonce, pickle.dumps(portion, pickle.HIGHEST_PROTOCOL), None)
        self._places.append((self._file.seek(0, os.SEEK_END), len(written)))
        self._file.write(written)
        return len(self._held) + len(self._places) - 1

    def portion(self, number: int) -> Sequence[Item]:
        """One portion by the number that `add` returned."""
        if number < len(self._held):
            return self._held[number]
        assert self._file is not None
        assert self._cipher is not None
        at, length = self._places[number - len(self._held)]
        self._file.seek(at)
        written = self._file.read(length)
        plain = self._cipher.decrypt(written[:_NONCE_BYTES], written[_NONCE_BYTES:], None)
        found: Sequence[Item] = pickle.loads(plain)  # noqa: S301 -- encrypted by this process, under a key that nobody else has
        return found

    def __iter__(self) -> Iterator[Sequence[Item]]:
        for number in range(len(self._held) + len(self._places)):
            yield self.portion(number)

    @property
    def count(self) -> int:
        """The number of items."""
        return self._count

    def close(self) -> None:
        """Let go of memory and file."""
        self._held.clear()
        self._places.clear()
        if self._file is not None:
            self._file.close()


class Shelf(Sequence[Item]):
    """The items of a spool as one list that can be gone through again and again. Its file closes with the last reader."""

    def __init__(self, spool: Spool[Item]) -> None:
        self._spool = spool

    def __len__(self) -> int:
        return self._spool.count

    def __iter__(self) -> Iterator[Item]:
        for portion in self._spool:
            yield from portion

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step < 0:
                raise IndexError("A shelf is read forwards.")
            return list(islice(self, start, stop, step))
        wanted = index + len(self) if index < 0 else index
        if not 0 <= wanted < len(self):
            raise IndexError(index)
        return next(islice(self, wanted, None))
