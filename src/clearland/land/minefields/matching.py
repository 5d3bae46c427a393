"""By how much a whole record has to be moved so that its mines fall on what was found, and which find is which mine.

A pattern of rows fits itself again one spacing further on, so the nearest fit is not the best: every distance from a
mine to a find is a vote for a shift, and the shift with most votes wins, the smallest among equals.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clearland.land.minefields.traverse import Spot

REACH_M = 400.0  # larger than any shift between the datums in use
CELL_M = 2.0
MATCH_M = 2.5  # a mine sinks, slides or is dragged so far without being another mine
LEAST_MATCHES = 3  # two points fit any pattern somewhere
LEAST_SHARE = 1 / 3  # of the mines or finds, whichever are fewer: some shift always brings a few of many together
MOST_VOTES = 4_000_000
NEARLY = 0.75  # where borders cut can cost a cluster so much: those near the fullest are tried as well
MOST_TRIED = 24


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Metres east and north that bring the record onto the finds, and how many finds then lie on a mine."""

    east_m: float
    north_m: float
    matched: int

    @property
    def metres(self) -> float:
        """How far that is."""
        return math.hypot(self.east_m, self.north_m)


def best_shift(mines: Sequence[Spot], finds: Sequence[Spot]) -> Shift | None:
    """The shift that most finds agree on; None where too few agree to believe it. In plane metres."""
    votes = _votes(np.asarray(mines, dtype=float).reshape(-1, 2), np.asarray(finds, dtype=float).reshape(-1, 2))
    if len(votes) == 0:
        return None
    settled = [_settled(votes, centre) for centre in _fullest(votes)]
    (east, north), agreeing = max(settled, key=lambda each: (each[1], -round(math.hypot(*each[0]), 3)))
    matched = len(pairs(mines, finds, (east, north))) if agreeing else 0
    enough = max(LEAST_MATCHES, LEAST_SHARE * min(len(mines), len(finds)))
    return Shift(east_m=east, north_m=north, matched=matched) if matched >= enough else None


def _settled(votes: Any, centre: Any) -> tuple[Spot, int]:
    """The mean of the votes around a place, which settles in a step or two, and how many they are."""
    near = votes[:0]
    for reach in (2 * CELL_M, MATCH_M, MATCH_M, MATCH_M):  # the first looks over the border of the cell
        near = votes[np.hypot(*(votes - centre).T) <= reach]
        if len(near) < LEAST_MATCHES:
            return (0.0, 0.0), 0
        centre = near.mean(axis=0)
    return (float(centre[0]), float(centre[1])), len(near)


def _votes(mines: Any, finds: Any) -> Any:
    if len(mines) * len(finds) > MOST_VOTES:  # an even sample of the mines votes as the whole would
        mines = mines[:: math.ceil(len(mines) * len(finds) / MOST_VOTES)]
    votes = (finds[:, None, :] - mines[None, :, :]).reshape(-1, 2)
    return votes[np.hypot(*votes.T) <= REACH_M]


def _fullest(votes: Any) -> list[Any]:
    """Middles of the fullest cells, fullest first, no two of one cluster.

    Neighbours count with a cell, those at its corners half, so that a cluster on a border or corner is not split.
    """
    width = int(2 * REACH_M / CELL_M) + 3
    cells = np.floor((votes + REACH_M) / CELL_M).astype(int) + 1
    grid = np.zeros((width, width), dtype=np.int64)
    np.add.at(grid, (cells[:, 0], cells[:, 1]), 1)
    around = np.zeros_like(grid)
    for step in itertools.product((-1, 0, 1), repeat=2):
        around += np.roll(grid, step, (0, 1)) * (1 if 0 not in step else 2)
    full = np.argwhere(around >= NEARLY * around.max())
    middles = (full - 0.5) * CELL_M - REACH_M
    order = np.lexsort((np.hypot(*middles.T).round(3), -around[full[:, 0], full[:, 1]]))
    kept: list[Any] = []
    for middle in middles[order]:
        if all(math.dist(middle, other) > MATCH_M for other in kept):  # beside a cell already kept is the same cluster
            kept.append(middle)
        if len(kept) == MOST_TRIED:
            break
    return kept


def pairs(mines: Sequence[Spot], finds: Sequence[Spot], shift: Spot = (0.0, 0.0)) -> list[tuple[int, int]]:
    """Pairs (mine, find) that lie within MATCH_M once the mines are moved; each at most once, nearest pairs first."""
    if not mines or not finds:
        return []
    moved = np.asarray(mines, dtype=float) + np.asarray(shift, dtype=float)
    away = np.hypot(*(np.asarray(finds, dtype=float)[None, :, :] - moved[:, None, :]).transpose(2, 0, 1))
    mine_of, find_of = np.nonzero(away <= MATCH_M)
    order = np.lexsort((find_of, mine_of, away[mine_of, find_of]))
    taken_mines: set[int] = set()
    taken_finds: set[int] = set()
    made = []
    for mine, find in zip(mine_of[order].tolist(), find_of[order].tolist(), strict=True):
        if mine not in taken_mines and find not in taken_finds:
            taken_mines.add(mine)
            taken_finds.add(find)
            made.append((mine, find))
    return made
