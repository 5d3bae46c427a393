"""What matching reads and says: things of one kind as columns, grounds for and against two being one, and pairs.

Rows are those of `checks.across.model`. A thing told by hand has no source and is compared with everything; two things of
one source are not compared, since who lists things lists each once, and rows that say the same can be different people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearland.checks.across.model import Row
from clearland.checks.catalogue import Value
from clearland.core.partial_dates import PartialDate

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
UNSAID = -1


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground for (`weight` above nought) or against two records being one, in natural logarithms of the odds."""

    code: str
    weight: float
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two records that may tell of one thing; `score` is 0 to 1, the heaviest reason comes first."""

    kind: str
    first: str
    second: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """One comparison of many pairs: a weight for each, and how it is said of one pair (None: not worth saying)."""

    weights: Floats
    told: Callable[[int], Reason | None]


Compare = Callable[[Ints, Ints], Ground]


@dataclass(frozen=True)
class Things:
    """Records of one kind, in the order of their rows."""

    kind: str
    rows: Sequence[Row]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def source(self) -> Ints:
        """A number per source; each thing without one has its own."""
        codes = self.coded("source")
        return np.where(codes == UNSAID, -2 - np.arange(len(self), dtype=np.int64), codes)

    def coded(self, name: str) -> Ints:
        """A number per different value of a field, UNSAID where nothing is said."""
        return positions([row.get(name) for row in self.rows])

    def numbers(self, name: str) -> Floats:
        """A number per thing, NaN where nothing is said."""
        return np.array([np.nan if (value := row.get(name)) is None else float(value) for row in self.rows], dtype=np.float64)

    def days(self, name: str) -> tuple[Ints, Ints]:
        """First and last day of a partial date as ordinals, UNSAID where nothing is said."""
        seen: dict[str, tuple[int, int]] = {"": (UNSAID, UNSAID)}
        found = np.array([_days(str(row.get(name) or ""), seen) for row in self.rows], dtype=np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]


def _days(text: str, seen: dict[str, tuple[int, int]]) -> tuple[int, int]:
    if text not in seen:
        when = PartialDate.parse(text)
        seen[text] = (when.first.toordinal(), when.last.toordinal())
    return seen[text]


def positions(values: Sequence[Any]) -> Ints:
    """A number per different value, UNSAID for None and an empty text."""
    seen: dict[Any, int] = {}
    return np.array([UNSAID if value in (None, "") else seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)


def day_of(ordinal: int) -> str:
    """An ordinal as ISO text."""
    return date.fromordinal(ordinal).isoformat()
