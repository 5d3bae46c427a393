"""Records in the order of their meaning, whole arrays at a time: by numbers, then organisation, then local id.

Where all of these are the same for two records, the shape decides: the order in which anything arrived never does.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from clearland.land.overlap import Ints

Item = TypeVar("Item")


def in_order(
    items: Sequence[Item], numbers: Sequence[Ints], organisations: Sequence[str | None], local_ids: Sequence[str],
    shape: Callable[[Item], bytes],
) -> list[int]:
    """Positions of the items, ordered by `numbers` (the first counts most), organisation, local id, then shape."""
    by_id = sorted(range(len(items)), key=local_ids.__getitem__)
    names = {name: number for number, name in enumerate(sorted({name or "" for name in organisations}))}
    organisation = np.fromiter((names[name or ""] for name in organisations), dtype=np.int64, count=len(items))
    columns = [*numbers, organisation]
    start = np.array(by_id, dtype=np.int64)
    order = start[np.lexsort([column[start] for column in reversed(columns)])]
    equal = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in columns:
        equal &= column[order[1:]] == column[order[:-1]]
    ordered: list[int] = order.tolist()
    twice = [place for place in np.nonzero(equal)[0].tolist() if local_ids[ordered[place]] == local_ids[ordered[place + 1]]]
    for first, last in _runs(twice):
        ordered[first:last] = sorted(ordered[first:last], key=lambda position: shape(items[position]))
    return ordered


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of positions that are the same as the next, each with the one it ends on."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place + 1:
            runs[-1] = (runs[-1][0], place + 2)
        else:
            runs.append((place, place + 2))
    return runs
