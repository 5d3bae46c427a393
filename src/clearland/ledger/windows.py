"""The order of a record's entries, the time in which each holds, and which one stands. Pure rules over entry lines.

The order is (known_at, digest): it does not depend on when an entry arrived, so a late back-load, or a bundle merged late,
gives the same windows as one that came in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from clearland.core.ids import entry_id
from clearland.ledger.workflow import SETTLED


class Line(NamedTuple):
    """An entry without its body. `source` is the SHA-256 of the source of its commit, `origin` the place in it.

    `held`: it contests another entry of the record, so it never stands by itself (`contested`)."""

    sequence: int
    revision: int
    state: str
    known_at: datetime
    digest: str
    source: str | None
    origin: str = ""
    held: bool = False

    @property
    def id(self) -> UUID:
        """The entry is named by its digest."""
        return entry_id(self.digest)


@dataclass(frozen=True, slots=True)
class Standing:
    """`head` is the newest entry, `shown` what stands, `approved` what counts (None when nothing does)."""

    head: Line
    shown: Line
    approved: Line | None


def ordered(lines: Iterable[Line]) -> list[Line]:
    """Oldest first."""
    return sorted(lines, key=lambda line: (line.known_at, line.digest))


def standing(history: Sequence[Line]) -> Standing:
    """What stands after an ordered, non-empty history."""
    settled = last_settled(history)
    shown = settled or _free(history)[-1]
    return Standing(history[-1], shown, shown if shown.state == "approved" else None)


def last_settled(history: Sequence[Line]) -> Line | None:
    """The newest approved, withdrawn or superseded entry of an ordered history."""
    return next((line for line in reversed(_free(history)) if line.state in SETTLED), None)


def _free(history: Sequence[Line]) -> Sequence[Line]:
    """What may stand: the lines that are not held. Where all are, the earliest: a record never vanishes for being contested."""
    if not any(line.held for line in history):
        return history
    return [line for line in history if not line.held] or history[:1]


def known_until(history: Sequence[Line]) -> dict[int, datetime | None]:
    """Sequence of each entry of an ordered history -> end of the half-open time in which it holds, None while it
    does."""
    ends: dict[int, datetime | None] = {}
    next_any: datetime | None = None
    next_settled: datetime | None = None
    free = _free(history)
    if free is not history:
        ends.update((line.sequence, line.known_at) for line in history)
    for line in reversed(free):
        if line.state in SETTLED:
            ends[line.sequence] = next_settled
            next_settled = line.known_at
        else:
            ends[line.sequence] = next_any
        next_any = line.known_at
    return ends


def until(history: Sequence[Line], moment: datetime) -> list[Line]:
    """The part of an ordered history that was known at `moment`."""
    return [line for line in history if line.known_at <= moment]
