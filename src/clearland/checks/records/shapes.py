"""Rules 16, 18, 19, 21, 23 and 24: outlines of one kind against their own turning points, stated areas and benchmarks.

Over columns: one call for all records of a table. Geometries are EPSG:4326.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from clearland.checks.limits import Limits
from clearland.checks.records.model import Attributes, Said, Setting, number
from clearland.land.area import WGS84, areas_m2

UNIT_RATIOS = (100.0, 10_000.0, 1_000_000.0)
_RATIO_TOLERANCE = 0.05
_MARKED = frozenset({"signs", "fence"})  # by people on the ground; water and rock have no turning points
_STATED = "area_reported_m2"
_METRES_A_DEGREE = 111_320.0
_POLYGONS = (3, 6)
Found = Iterator[tuple[int, Said]]


def check_shapes(attributes: Sequence[Attributes], geometries: NDArray[Any], setting: Setting) -> Found:
    """What the rules find, with the position of the record."""
    polygons = np.flatnonzero(np.isin(shapely.get_type_id(geometries), _POLYGONS))
    if not len(polygons):
        return
    areas = areas_m2(geometries[polygons])
    for position, drawn in zip(polygons.tolist(), areas.tolist(), strict=True):
        for said in _area(attributes[position], drawn, setting.limits):
            yield position, said
    yield from _long_edges(geometries, polygons, setting.limits)
    for position in polygons.tolist():
        for said in _marked_sides(attributes[position], geometries[position], setting.limits):
            yield position, said
        for said in _benchmark(attributes[position], geometries[position], setting.limits):
            yield position, said


def _area(said: Attributes, drawn_m2: float, limits: Limits) -> Iterator[Said]:
    """18, 19 and 21."""
    if not limits.smallest_m2 <= drawn_m2 <= limits.largest_m2:
        yield Said("W-AREA-SIZE", None, {"drawn_m2": drawn_m2})
    stated_m2 = number(said, _STATED)
    if stated_m2 is None or drawn_m2 <= 0:
        return
    off = abs(stated_m2 - drawn_m2)
    if off <= limits.stated_m2 and off <= limits.stated_share * drawn_m2:
        return
    values = {"stated_m2": stated_m2, "drawn_m2": drawn_m2}
    for factor in UNIT_RATIOS:
        if stated_m2 and abs(drawn_m2 / stated_m2 / factor - 1) <= _RATIO_TOLERANCE:
            yield Said("E-AREA-UNIT", _STATED, {**values, "factor": factor})
            return
    refused = off > limits.stated_refused_share * drawn_m2 and off > limits.stated_m2
    yield Said("E-AREA-STATED" if refused else "W-AREA-STATED", _STATED, values)


def _long_edges(geometries: NDArray[Any], polygons: NDArray[np.intp], limits: Limits) -> Found:
    """16: first by degrees, which is cheap; on the ellipsoid only where an edge may be too long."""
    shapes = geometries[polygons]
    bounds = shapely.bounds(shapes)
    across = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) * _METRES_A_DEGREE
    for position in polygons[across > limits.edge_m].tolist():
        longest = max((_longest_edge(ring) for ring in _rings(geometries[position])), default=0.0)
        if longest > limits.edge_m:
            yield position, Said("R-LONG-EDGE", None, {"edge_m": longest})


def _rings(shape: shapely.Geometry) -> list[NDArray[np.float64]]:
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]


def _longest_edge(points: NDArray[np.float64]) -> float:
    return float(np.max(_edges(points)))


def _edges(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from each point of a ring to the next."""
    _, _, lengths = WGS84.inv(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    return np.asarray(lengths, dtype=np.float64)


def _marked_sides(said: Attributes, outline: Any, limits: Limits) -> Iterator[Said]:
    """23: on a marked outline one sees from each point to the next, or there are points between."""
    if said.get("marking") not in _MARKED:
        return
    lengths = np.concatenate([_edges(ring) for ring in _rings(outline)])
    far = lengths[lengths > limits.leg_m]
    if len(far):
        longest = float(far.max())
        yield Said("R-TURN-FAR", None, {"count": len(far), "length_m": longest, "limit_m": limits.leg_m})


def _benchmark(said: Attributes, outline: Any, limits: Limits) -> Iterator[Said]:
    """24: outside the hazard, and not far from it."""
    longitude, latitude = number(said, "benchmark_lon"), number(said, "benchmark_lat")
    if longitude is None or latitude is None:
        return
    point = shapely.Point(longitude, latitude)
    if outline.contains(point):
        yield Said("R-BENCHMARK-INSIDE", "benchmark_lon", {"longitude": longitude, "latitude": latitude})
        return
    nearest = shapely.get_coordinates(shapely.shortest_line(point, outline))
    distance_m = float(WGS84.inv(*nearest[0], *nearest[1])[2])
    if distance_m > limits.benchmark_m:
        yield Said("R-BENCHMARK-FAR", "benchmark_lon", {"distance_m": distance_m})
