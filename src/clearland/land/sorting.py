"""Records in the order of their meaning, whole arrays at a time: by numbers, then organisation, then local id.

Where all of these are the same for two records, the shape decides: the order in which anything arrived never does.
"""

from collections.abc import Callable, Sequence

import numpy as np

from clearland.land.columns import Ints, Texts, Words


def in_order(
    numbers: Sequence[Ints], organisation: Words[str], local_id: Texts, shape: Callable[[int], bytes]
) -> Ints:
    """Positions ordered by `numbers` (the first counts most), organisation, local id, then the shape at a position."""
    rank = {name: number for number, name in enumerate(sorted({"", *organisation.names}))}
    columns = [*numbers, organisation.numbered(rank, rank[""])]
    order = np.argsort(local_id, kind="stable")  # the least first: records mostly come with their ids in order already
    order = order[np.lexsort([column[order] for column in columns[::-1]])]
    for first, last in _ranges(_twice(order, [*columns, local_id])):
        same = order[first:last]
        order[first:last] = sorted(same.tolist(), key=shape)
    return order


def _twice(order: Ints, columns: Sequence[Ints | Texts]) -> list[int]:
    """Places in the order whose record is equal to the next one."""
    places = np.arange(len(order) - 1)
    for column in columns:
        places = places[column[order[places]] == column[order[places + 1]]]
    found: list[int] = places.tolist()
    return found


def _ranges(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of positions that are the same as the next, each with the one it ends on."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place + 1:
            runs[-1] = (runs[-1][0], place + 2)
        else:
            runs.append((place, place + 2))
    return runs
