"""Records in the order of their meaning, whole arrays at a time: by numbers, then organisation, then local id.

Where all of these are the same for two records, the shape decides: the order in which anything arrived never does.
"""

from collections.abc import Callable, Sequence

import numpy as np

from clearland.land.columns import Ints, Texts, Words

_SHORT = 64  # characters; numpy pads each text to the longest, so one long id would fill the memory

def in_order(
    numbers: Sequence[Ints], organisation: Words[str], local_id: Texts, shape: Callable[[int], bytes]
) -> Ints:
    """Positions ordered by `numbers` (the first counts most), organisation, local id, then the shape at a position."""
    rank = {name: number for number, name in enumerate(sorted({"", *organisation.names}))}
    columns = [*numbers, organisation.numbered(rank, rank[""])]
    order = np.lexsort(columns[::-1])
    tied = _runs(order, columns)
    places = np.nonzero(tied >= 0)[0]
    named = _ranks(local_id[order[places]])
    again = np.lexsort((named, tied[places]))
    order[places] = order[places[again]]
    named = named[again]
    twice = np.nonzero((named[1:] == named[:-1]) & (tied[places][1:] == tied[places][:-1]))[0].tolist()
    for first, last in _ranges(twice):
        same = places[first:last]
        order[same] = sorted(order[same].tolist(), key=shape)
    return order


def _ranks(names: Texts) -> Ints:
    """The place of each text among the different ones, in order."""
    if max(map(len, names), default=0) <= _SHORT:
        ranks: Ints = np.unique(names.astype(str), return_inverse=True)[1]
        return ranks
    number = {name: place for place, name in enumerate(sorted(set(names.tolist())))}
    return np.array([number[name] for name in names.tolist()], dtype=np.int64)


def _runs(order: Ints, columns: Sequence[Ints]) -> Ints:
    """Per place in the order the number of its run of equal records, negative for a record that no other equals."""
    if not len(order):
        return order
    equal = np.ones(len(order) - 1, dtype=bool)
    for column in columns:
        ordered = column[order]
        equal &= ordered[1:] == ordered[:-1]
    run = np.concatenate([[0], np.cumsum(~equal)])
    alone = ~(np.concatenate([[False], equal]) | np.concatenate([equal, [False]]))
    return np.where(alone, -1, run)


def _ranges(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of positions that are the same as the next, each with the one it ends on."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place + 1:
            runs[-1] = (runs[-1][0], place + 2)
        else:
            runs.append((place, place + 2))
    return runs
