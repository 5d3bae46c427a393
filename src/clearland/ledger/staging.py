"""Drafts of one write, prepared in portions before the lock is taken; what is more than a little waits in a file.

So the memory of a write does not grow with it, and the lock is held only while rows go into the database.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from uuid import UUID

import numpy as np

from clearland.dictionary.model import Dictionary
from clearland.ledger.drafts import Draft
from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.prepare import Prepared, prepare, twice
from clearland.ledger.spool import Spool

PORTION = 10_000


class Staged:
    """The prepared drafts of one write, `count` of them, of these `kinds`. `opening`: the draft of the programme itself."""

    def __init__(self) -> None:
        self.count = 0
        self.kinds: set[str] = set()
        self.opening: Prepared | None = None
        self._spool: Spool[Prepared] = Spool()
        self._keys: list[bytes] = []

    def __enter__(self) -> "Staged":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._spool.close()

    def portions(self) -> Iterator[Sequence[Prepared]]:
        """All of them, in order."""
        return iter(self._spool)

    def records(self) -> set[UUID]:
        """The records they are states of."""
        return {UUID(bytes=keys[at : at + 16]) for keys in self._keys for at in range(0, len(keys), 16)}

    def add(self, portion: Sequence[Prepared]) -> None:
        """One more portion."""
        self.kinds.update({each.kind for each in portion})
        if "programme" in self.kinds and self.opening is None:
            self.opening = next((each for each in portion if each.hex == PROGRAMME_RECORD.hex), None)
        self.count += len(portion)
        self._keys.append(bytes.fromhex("".join([each.hex for each in portion])))
        self._spool.add(portion)

    def refuse_repeats(self) -> None:
        """Raises RefusedInput E-LEDGER-TWICE when two portions hold a state of one record; within one, `prepare` looked."""
        if len(self._keys) < 2:
            return
        halves = np.frombuffer(b"".join(self._keys), dtype=">u8").reshape(-1, 2)
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        same = np.flatnonzero((halves[order[1:]] == halves[order[:-1]]).all(axis=1))
        if same.size:
            repeated = UUID(bytes=halves[order[same[0]]].tobytes()).hex
            raise twice(next(each.name() for portion in self.portions() for each in portion if each.hex == repeated))


def stage(drafts: Iterable[Draft], dictionary: Dictionary) -> Staged:
    """All drafts prepared, in order. Raises RefusedInput for the first that cannot be an entry."""
    staged = Staged()
    remaining = iter(drafts)
    try:
        while portion := list(islice(remaining, PORTION)):
            staged.add(prepare(portion, dictionary))
        staged.refuse_repeats()
    except BaseException:
        staged._spool.close()
        raise
    return staged
