"""What lies around a cell: mean and spread of each description in a square window, and how the cell differs from it.

A mine is laid where ground differs from its surroundings (the edge of a settlement, the foot of a slope), and a difference
from the surroundings means the same in another district, which an absolute height or distance does not. The windows
are sums of summed-area tables, so a million cells take seconds. The choice of windows is ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearland.planning.cells import Cells, Floats

WINDOWS = (3, 7)  # cells to each side: neighbours within a village, and within a valley


@dataclass(frozen=True)
class Grid:
    """Cells laid on a lattice as wide as they lie apart. `row`, `column`: (n,) of each cell; several may share one."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    shape: tuple[int, int]
    spacing_m: float

    def spread(self, values: Floats) -> Floats:
        """(rows, columns): the sum of the values of the cells at each place of the lattice."""
        rows, columns = self.shape
        sums: Floats = np.bincount(self.row * columns + self.column, weights=values, minlength=rows * columns).astype(float)
        return sums.reshape(self.shape)

    def around(self, values: Floats, reach: int) -> Floats:
        """(n,): the sum of the values of all cells within `reach` steps along both axes, the cell itself among them."""
        padded = np.pad(self.spread(values), ((reach + 1, reach), (reach + 1, reach)))
        table = padded.cumsum(axis=0).cumsum(axis=1)
        side = 2 * reach + 1
        window = table[side:, side:] - table[:-side, side:] - table[side:, :-side] + table[:-side, :-side]
        return np.asarray(window[self.row, self.column])


def lattice(x_m: Floats, y_m: Floats) -> Grid:
    """The lattice whose step is the median distance to the nearest neighbour. Memory follows the area they span."""
    points = np.column_stack([x_m, y_m])
    spacing_m = 1.0
    if len(points) > 1:
        nearest = cKDTree(points).query(points, k=2)[0][:, 1]
        spacing_m = float(np.median(nearest[nearest > 0])) if (nearest > 0).any() else 1.0
    column = np.rint((x_m - x_m.min()) / spacing_m).astype(np.int64)
    row = np.rint((y_m - y_m.min()) / spacing_m).astype(np.int64)
    return Grid(row, column, (int(row.max()) + 1, int(column.max()) + 1), spacing_m)


def with_surroundings(cells: Cells, windows: Sequence[int] = WINDOWS) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """(n, m) what a model reads of each cell, and for each of the m columns the description it was made from.

    Yes-or-no descriptions stand as they are; of each measured one come the value, and per window mean, spread and difference.
    Unknown values count for nothing in a window, and stand as the mean of the widest window, or of all cells.
    """
    grid = lattice(cells.x_m, cells.y_m)
    made: list[NDArray[np.float32]] = []
    sources: list[str] = []
    for at, name in enumerate(cells.names):
        columns = _surrounded(grid, cells.values[:, at], windows)
        made += [column.astype(np.float32) for column in columns]
        sources += [name] * len(columns)
    return np.column_stack(made), tuple(sources)


def _surrounded(grid: Grid, values: Floats, windows: Sequence[int]) -> list[Floats]:
    known = np.isfinite(values)
    middle = float(values[known].mean()) if known.any() else 0.0
    centred = np.where(known, values - middle, 0.0)  # small numbers: sums of squares keep their digits
    if np.unique(values[known]).size <= 2:
        return [np.where(known, values, middle)]
    own, columns = values, []
    for reach in sorted(windows, reverse=True):
        count = grid.around(known.astype(float), reach)
        share = 1.0 / np.maximum(count, 1.0)
        mean = grid.around(centred, reach) * share
        spread = np.sqrt(np.maximum(grid.around(centred**2, reach) * share - mean**2, 0.0))
        own = np.where(np.isfinite(own), own, mean + middle)
        columns += [mean + middle, spread, own - middle - mean]
    return [own, *columns]
