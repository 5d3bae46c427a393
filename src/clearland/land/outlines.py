"""Outlines as they were stored (WKB in one buffer), read into arrays of coordinates without an object for each.

Most outlines are one plain ring: those are projected and built all at once. Everything else (holes, several parts, Z,
unclosed rings, coordinates out of range) is left to shapely and to `geometry.py`.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from clearland.land.area import Floats, Geometries
from clearland.land.columns import Ints, ranges
from clearland.land.projection import LONGEST_EDGE_M, PLANE_SCALE_AT_LEAST, Projection

_HEADER = 13  # byte order, type, number of rings, number of points
_POINT = 16
_PLAIN = bytes([1, 3, 0, 0, 0, 1, 0, 0, 0])  # little-endian, a polygon without Z, one ring
_LEAST_POINTS = 4
_ROWS_AT_ONCE = 25_000
_SCATTERED = 4  # times as many bytes between the first and the last as in the outlines themselves
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outlines:
    """WKB of each record: `data[start[n]:stop[n]]`, nothing where nobody drew it. EPSG:4326."""

    data: npt.NDArray[np.uint8]
    start: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, row: int) -> BaseGeometry | None:
        if self.start[row] == self.stop[row]:
            return None
        shape: BaseGeometry = shapely.from_wkb(self.data[self.start[row] : self.stop[row]].tobytes())
        return shape

    def take(self, rows: Ints) -> "Outlines":
        """The outlines of these records, in this order."""
        return Outlines(self.data, self.start[rows], self.stop[rows])

    def shapes(self, rows: Ints) -> Geometries:
        """Some of them as geometries, None for none."""
        found = np.empty(len(rows), dtype=object)
        found[:] = [self[row] for row in rows.tolist()]
        return found


@dataclass(frozen=True)
class Rings:
    """Plain rings in degrees: of which records, all their points, and which ring each point is of."""

    row: Ints
    xy: Floats
    ring: Ints


@dataclass(frozen=True)
class Corners:
    """Corners of plain outlines in the plane, as they were projected: `xy[start[n]:start[n] + count[n]]`, closed.

    Its count is 0 for a record whose outline is anything else.
    """

    xy: Floats
    start: Ints
    count: Ints

    def of(self, rows: Ints) -> tuple[Floats, Ints]:
        """The corners of these records, one after the other, and how many each has."""
        return self.xy[ranges(self.start[rows], self.count[rows])], self.count[rows]


@dataclass(frozen=True)
class Plane:
    """Valid polygons in the plane, None where an outline is not plain, and the corners of those that are."""

    shape: Geometries
    corners: Corners


def shapes_of(geometry: Geometries | Outlines, rows: Ints) -> Geometries:
    """These records' geometries."""
    return geometry.shapes(rows) if isinstance(geometry, Outlines) else geometry[rows]


def rings_of(geometry: Geometries | Outlines, chosen: Ints) -> Rings:
    """Those of the chosen outlines that are one plain, closed ring of finite degrees in range."""
    row, xy, count = _stored(geometry, chosen) if isinstance(geometry, Outlines) else _drawn(geometry, chosen)
    if not len(row):
        return Rings(row, xy, np.empty(0, dtype=np.int64))
    stop = np.cumsum(count)
    start = stop - count
    in_range = (np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90)  # false for NaN too
    plain = (xy[start] == xy[stop - 1]).all(axis=1) & np.logical_and.reduceat(in_range, start)
    if not plain.all():
        xy, row, count = xy[np.repeat(plain, count)], row[plain], count[plain]
    return Rings(row, xy, np.repeat(np.arange(len(row)), count))


def _stored(outlines: Outlines, chosen: Ints) -> tuple[Ints, Floats, Ints]:
    start, size = outlines.start[chosen], outlines.stop[chosen] - outlines.start[chosen]
    plain = (size >= _HEADER + _LEAST_POINTS * _POINT) & ((size - _HEADER) % _POINT == 0)
    here = np.where(plain, start, 0)
    for place, byte in enumerate(_PLAIN if len(outlines.data) else b""):
        plain &= outlines.data[here + place] == byte
    chosen, start, size = chosen[plain], start[plain], size[plain]
    order = np.argsort(start, kind="stable")
    chosen, start, size = chosen[order], start[order], size[order]
    if not len(chosen):
        return chosen, np.empty((0, 2)), chosen
    return chosen, _points(outlines.data, start + _HEADER, start + size), (size - _HEADER) // _POINT


def _points(data: npt.NDArray[np.uint8], start: Ints, stop: Ints) -> Floats:
    """The points that lie in the ranges `data[start[n]:stop[n]]`, which are in order and do not overlap."""
    first, last = int(start[0]), int(stop[-1])
    if last - first > _SCATTERED * int((stop - start).sum()):
        # Few rows of a large table: what lies between them is not looked at, or each block would read the whole table.
        count = (stop - start) // _POINT
        place = np.repeat(start, count) + _POINT * ranges(np.zeros_like(count), count)
        scattered: Floats = data[place[:, None] + np.arange(_POINT)].view("<f8")
        return scattered
    inside = np.zeros(last - first + 1, dtype=np.int8)
    inside[start - first] = 1
    inside[stop - first] = -1
    return data[first:last][np.cumsum(inside[:-1], dtype=np.int8).view(np.bool_)].view("<f8").reshape(-1, 2)


def _drawn(shapes: Geometries, chosen: Ints) -> tuple[Ints, Floats, Ints]:
    mine = shapes[chosen]
    plain = (shapely.get_type_id(mine) == shapely.GeometryType.POLYGON) & (shapely.get_num_interior_rings(mine) == 0)
    plain &= ~shapely.is_empty(mine)
    rows = chosen[plain]
    return rows, shapely.get_coordinates(shapes[rows]), shapely.get_num_coordinates(shapes[rows]).astype(np.int64)


def plain_in_plane(geometry: Geometries | Outlines, projection: Projection, threads: int = 1) -> Plane:
    """Valid polygons in the plane of the outlines that are plain and have no long edge; None for all others.

    Raises ClearlandError (E-LAND-FAR) for coordinates that have no image.
    """
    plane = np.full(len(geometry), None, dtype=object)
    count = np.zeros(len(geometry), dtype=np.int64)
    order = np.argsort(geometry.start, kind="stable") if isinstance(geometry, Outlines) else np.arange(len(geometry))

    def build(start: int) -> tuple[Ints, Floats]:
        rings = rings_of(geometry, order[start : start + _ROWS_AT_ONCE])
        if not len(rings.row):
            return rings.row, rings.xy
        xy = projection.moved(rings.xy)
        step = np.diff(xy[:, 0]) ** 2 + np.diff(xy[:, 1]) ** 2 > (LONGEST_EDGE_M * PLANE_SCALE_AT_LEAST) ** 2
        long = rings.ring[1:][step & (rings.ring[1:] == rings.ring[:-1])]
        shapes = shapely.polygons(shapely.linearrings(xy, indices=rings.ring))
        shapes[~shapely.is_valid(shapes)] = None
        shapes[long] = None
        plane[rings.row] = shapes
        count[rings.row] = np.bincount(rings.ring)
        return rings.row, xy

    starts = range(0, len(geometry), _ROWS_AT_ONCE)
    if threads == 1 or len(starts) <= 1:
        built = [build(start) for start in starts]
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            built = list(pool.map(build, starts))
    row = np.concatenate([np.empty(0, dtype=np.int64), *(rows for rows, _ in built)])
    start = np.zeros(len(geometry), dtype=np.int64)
    start[row] = np.cumsum(count[row]) - count[row]
    count[shapely.is_missing(plane)] = 0
    return Plane(plane, Corners(np.concatenate([np.empty((0, 2)), *(xy for _, xy in built)]), start, count))


def bounds_of_each(geometry: Geometries | Outlines) -> Floats:
    """West, south, east, north of each outline in degrees; NaN where there is none."""
    found = np.full((len(geometry), 4), np.nan)
    rings = rings_of(geometry, np.arange(len(geometry)))
    if len(rings.row):
        start = np.nonzero(np.diff(rings.ring, prepend=-1))[0]
        for axis in (0, 1):
            along = np.ascontiguousarray(rings.xy[:, axis])  # of two columns at once it takes five times as long
            found[rings.row, axis] = np.minimum.reduceat(along, start)
            found[rings.row, axis + 2] = np.maximum.reduceat(along, start)
    rest = np.nonzero(np.bincount(rings.row, minlength=len(geometry)) == 0)[0]
    found[rest] = shapely.bounds(shapes_of(geometry, rest))
    return found


def bounds_of(geometry: Geometries | Outlines) -> Floats:
    """West, south, east, north of all outlines in degrees; NaN where there is none."""
    return around(bounds_of_each(geometry))


def around(each: Floats) -> Floats:
    """The box around boxes, of which some may be NaN."""
    known = each[np.isfinite(each).all(axis=1)]
    if not len(known):
        return np.full(4, np.nan)
    return np.concatenate([known[:, :2].min(axis=0), known[:, 2:].max(axis=0)])
