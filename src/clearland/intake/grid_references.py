"""Places from a column of grid references (MGRS): the middle of the square that each names, on WGS 84."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from clearland.core.errors import ClearlandError
from clearland.intake.crs import to_wgs84
from clearland.intake.folding import cell_text
from clearland.intake.reading import Reading
from clearland.intake.tables import Cell
from clearland.land.coordinates import mgrs

_NORTH, _SOUTH = 32_600, 32_700  # EPSG codes of UTM on WGS 84 are these and the zone


def is_grid_column(cells: Sequence[Cell]) -> bool:
    """Whether every cell that is not blank has the form of a grid reference."""
    texts = [cell_text(cell) for cell in cells if cell is not None]
    return bool(texts) and all(mgrs.is_mgrs(text) for text in texts)


def from_grid_references(reading: Reading, column: str) -> NDArray[np.object_]:
    """A point per row in EPSG:4326, None where the cell is blank or names no place (then with a finding)."""
    cells = reading.cells(column)
    array = np.full(len(cells), None, dtype=object)
    by_zone: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for index, cell in enumerate(cells):
        if cell is None:
            continue
        try:
            utm = mgrs.read(cell_text(cell))
        except ClearlandError as error:
            reading.wrong("E-GEOM-COORDINATE", index, column, error.sentence, error.remedy)
            continue
        by_zone[(_SOUTH if utm.southern else _NORTH) + utm.zone].append((index, utm.east, utm.north))
    for epsg, found in by_zone.items():
        metres = np.array(found)
        points, _said = to_wgs84(shapely.points(metres[:, 1:]), f"EPSG:{epsg}", reading.table.place())
        array[metres[:, 0].astype(int)] = points
    return array
