"""Ground under several hazards, or several versions of one, cut so that each piece lies under the same polygons.

The unit of work is one hazard's own ground: all it ever covered less what earlier identified hazards ever covered. Who
owned a square metre of it depends only on the polygons that touch it, never on a chain of touching polygons. All units
are cut at once: in each round every unit is cut by its next polygon.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from clearland.land.area import Geometries
from clearland.land.columns import Ints
from clearland.land.overlay import differences, intersections, unions

SMALLEST_M2 = 1e-6  # smaller splinters are numerical noise of the overlay; the unit's residual still counts them


@dataclass
class Cells:
    """Disjoint ground: shape in the plane, unit it belongs to, and as bits which of the unit's layers cover it."""

    shape: Geometries
    unit: Ints
    layers: list[int]


def own_ground(extent: Geometries, units: Ints, earlier: Sequence[Sequence[int]]) -> Geometries:
    """Each unit's extent less the extents of its earlier overlapping hazards."""
    ground = extent[units].copy()
    cut = np.array([position for position, hazards in enumerate(earlier) if len(hazards)], dtype=np.int64)
    if len(cut):
        before = [shapely.GeometryCollection(list(extent[list(earlier[position])])) for position in cut]
        ground[cut] = differences(ground[cut], unions(np.array(before, dtype=object)))
    return ground


def cut_into_cells(ground: Geometries, layers: Sequence[Geometries]) -> Cells:
    """Cut each unit's ground by each of its layers; bit *n* of a cell says that layer *n* of its unit covers it."""
    cells = Cells(ground, np.arange(len(ground)), [0] * len(ground))
    cells = _kept(cells)
    for number in range(max((len(unit) for unit in layers), default=0)):
        has_layer = np.array([len(unit) > number for unit in layers], dtype=bool)
        with_layer = np.nonzero(has_layer[cells.unit])[0]
        shapes = np.array([layers[unit][number] for unit in cells.unit[with_layer]], dtype=object)
        cells = _split(cells, with_layer, shapes, 1 << number)
    return cells


def _split(cells: Cells, rows: Ints, shapes: Geometries, bit: int) -> Cells:
    """Cut some cells by a shape each. What a shape only touches, or covers whole, is not cut."""
    whole = cells.shape[rows]
    inside = intersections(whole, shapes)
    inside_m2 = shapely.area(inside)
    meets = inside_m2 > SMALLEST_M2
    through = meets & (shapely.area(whole) - inside_m2 > SMALLEST_M2)
    outside = differences(whole[through], shapes[through])
    untouched = np.ones(len(cells.shape), dtype=bool)
    untouched[rows[meets]] = False
    kept, cut, hit = np.nonzero(untouched)[0], rows[through], rows[meets]
    return _kept(Cells(
        np.concatenate([cells.shape[kept], outside, inside[meets]]),
        np.concatenate([cells.unit[kept], cells.unit[cut], cells.unit[hit]]),
        [cells.layers[cell] for cell in kept] + [cells.layers[cell] for cell in cut]
        + [cells.layers[cell] | bit for cell in hit],
    ))


def _kept(cells: Cells) -> Cells:
    large = np.nonzero(shapely.area(cells.shape) > SMALLEST_M2)[0]
    return Cells(cells.shape[large], cells.unit[large], [cells.layers[cell] for cell in large])
