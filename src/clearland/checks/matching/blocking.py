"""Which records are compared at all: those that share a key, so that work grows with the records and not with their square.

A key is anything hashable: a month with a district, a cell of a grid, a word of a name. Blocks are taken from the
smallest up, since a key that few share tells most, until the bound on comparisons is reached; what is left out is counted.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from clearland.checks.matching.model import UNSAID, Floats, Ints

MOST_IN_A_BLOCK = 250
MOST_PAIRS = 3_000_000
NEAR_DAYS = 3
_BUCKET_DAYS = 2 * (NEAR_DAYS + 1)
_CELL_DEGREES = 0.2


@dataclass(frozen=True)
class Blocked:
    """Positions of the records to compare, the lower first, and how many comparisons were too many to make."""

    left: Ints
    right: Ints
    left_out: int


def blocked(keys: Sequence[Iterable[Hashable]], source: Ints, *, within_source: bool = False) -> Blocked:
    """Pairs of records that share a key and come from different sources (`within_source`: from any)."""
    members: dict[Hashable, list[int]] = {}
    for position, own in enumerate(keys):
        for key in own:
            members.setdefault(key, []).append(position)
    made, number, left_out = [], 0, 0
    for block in sorted((each for each in members.values() if len(each) > 1), key=len):
        size = len(block) * (len(block) - 1) // 2
        if len(block) > MOST_IN_A_BLOCK or number + size > MOST_PAIRS:
            left_out += size
            continue
        number += size
        places = np.array(block, dtype=np.int64)
        one, other = np.triu_indices(len(block), 1)
        made.append((places[one], places[other]))
    if not made:
        return Blocked(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), left_out)
    left, right = (np.concatenate(each) for each in zip(*made, strict=True))
    if not within_source:
        across = source[left] != source[right]
        left, right = left[across], right[across]
    both = np.unique(left * len(source) + right)
    return Blocked(both // max(len(source), 1), both % max(len(source), 1), left_out)


def months(first: int, last: int) -> tuple[int, ...]:
    """The months that a date may lie in, and those beside it where it lies near their border."""
    if first == UNSAID:
        return ()
    return tuple(range((first - NEAR_DAYS) // 30, (last + NEAR_DAYS) // 30 + 1))


def buckets(first: int, last: int) -> tuple[tuple[str, int], ...]:
    """Two buckets of days; days up to NEAR_DAYS apart share one. Nothing for a date that is no day."""
    if first == UNSAID or first != last:
        return ()
    return ("a", first // _BUCKET_DAYS), ("b", (first + _BUCKET_DAYS // 2) // _BUCKET_DAYS)


def cells(x: float, y: float) -> tuple[tuple[int, int, int], ...]:
    """The cells of four grids that a point (degrees) lies in; points up to half a cell apart share one."""
    if np.isnan(x):
        return ()
    half = _CELL_DEGREES / 2
    return tuple(
        (grid, int((x + east * half) // _CELL_DEGREES), int((y + north * half) // _CELL_DEGREES))
        for grid, (east, north) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1)))
    )


def points_of(shapes: Sequence[object]) -> tuple[Floats, Floats]:
    """Longitude and latitude of the middle of each shape, NaN where there is none."""
    middles = [(shape.centroid.x, shape.centroid.y) if shape is not None else (np.nan, np.nan) for shape in shapes]  # type: ignore[attr-defined]
    found = np.array(middles, dtype=np.float64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
