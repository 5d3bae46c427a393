"""SYNTHETIC cells with a known truth, for tests and the bench: mines lie where ground differs from its surroundings.

Every description also has a level that changes from region to region, and each place a share of mined cells of its own that has
nothing to do with that level: whoever learns the level learns the place, and errs in the next one.
"""

import numpy as np
from scipy.ndimage import gaussian_filter

from clearland.planning.cells import MINED, NOT_MINED, UNKNOWN, Cells

PLACES = 12
STEP_M = 1_000.0


def synthetic_cells(side: int, seed: int, *, unknown: float = 0.3) -> Cells:
    """`side` × `side` cells a kilometre apart in bands of twelve places; a share of labels is `unknown`."""
    chance = np.random.default_rng(seed)
    row, column = (each.ravel() for each in np.mgrid[0:side, 0:side])
    place = column * PLACES // side
    local = [gaussian_filter(chance.normal(size=(side, side)), sigma) for sigma in (1.5, 1.5, 4.0)]
    local = [(each / each.std()).ravel() for each in local]
    regions = [gaussian_filter(chance.normal(size=(side, side)), side / 8).ravel() for _ in local]
    values = np.column_stack([each + 4.0 * region / region.std() for each, region in zip(local, regions, strict=True)])
    inside = 1.6 * local[0] - 1.2 * local[1] + chance.normal(scale=0.7, size=PLACES)[place] - 1.2
    mined = chance.random(len(row)) < 1 / (1 + np.exp(-inside))
    label = np.where(mined, MINED, NOT_MINED).astype(np.int8)
    label[chance.random(len(row)) < unknown] = UNKNOWN
    names = np.array([f"SYNTHETIC-{each:02d}" for each in place], dtype=str)
    return Cells(column * STEP_M, row * STEP_M, ("slope", "cover", "access"), values, label, names, {})
