"""Readings of a broken outline: which ground may its author have meant?

An outline that crosses itself can be read by even-odd counting, as everything it encloses, or with two turning points
written in the wrong order. A hazard takes the largest of these, a product the smallest (design section 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from clearland.land.area import WGS84, area_m2, areas_m2, simple_parts

LONGEST_UNCROSSED_RING = 200  # uncrossing is quadratic; longer outlines are read by the other two ways only
OVERLAP_SHARE = 1e-9


@dataclass(frozen=True)
class Tidied:
    """A polygon without repeated vertices (None when fewer than three are left) and how many were taken out."""

    polygon: BaseGeometry | None
    doubles: int


def tidy_part(polygon: BaseGeometry, tolerance_degrees: float) -> Tidied:
    """Take out vertices within the tolerance of the one before; a ring of fewer than three vertices goes.

    Ground narrower than the tolerance keeps its vertices: only those exactly on the one before go.
    """
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon)]
    tidied = [_without_doubles(ring, tolerance_degrees) for ring in rings]
    doubles = sum(len(ring) - len(tidy) for ring, tidy in zip(rings, tidied, strict=True))
    if not doubles:
        return Tidied(polygon, 0)
    if len(tidied[0]) < 4:
        return tidy_part(polygon, 0.0) if tolerance_degrees else Tidied(None, doubles)
    return Tidied(shapely.Polygon(tidied[0], [hole for hole in tidied[1:] if len(hole) >= 4]), doubles)


def _without_doubles(ring: Any, tolerance: float) -> Any:
    kept = [ring[0]]
    for point in ring[1:]:
        if np.abs(point - kept[-1]).max() > tolerance:
            kept.append(point)
    if len(kept) > 1 and np.abs(kept[-1] - kept[0]).max() <= tolerance:
        kept.pop()
    return np.array([*kept, kept[0]])


def written_area_m2(polygons: Sequence[BaseGeometry]) -> float:
    """The area the outlines give by plain traversal (what a form or a GPS shows), valid or not."""
    total = 0.0
    for polygon in polygons:
        for number, ring in enumerate(shapely.get_rings(polygon)):
            lon, lat = shapely.get_coordinates(ring).T
            size = abs(WGS84.polygon_area_perimeter(lon, lat)[0])
            total += size if number == 0 else -size
    return total


def reading_of_part(polygon: BaseGeometry, *, larger: bool) -> BaseGeometry:
    """The largest or smallest reading of one invalid polygon; may be empty when nothing is enclosed."""
    readings = [
        shapely.make_valid(polygon, method="linework"),
        shapely.make_valid(polygon, method="structure", keep_collapsed=False),
        everything_enclosed(polygon),
    ]
    if (uncrossed := _uncrossed(polygon)) is not None:
        readings.append(uncrossed)
    readings = [_only_polygons(reading) for reading in readings]
    sizes = areas_m2(readings)
    if larger:
        return readings[int(sizes.argmax())]
    # An empty reading says nothing: the smallest is the smallest that has ground, unless none has.
    return readings[int(np.where(sizes > 0, sizes, np.inf).argmin())]


def everything_enclosed(polygon: BaseGeometry) -> BaseGeometry:
    """All faces that the shell encloses, however often it winds round them, less what the holes enclose."""
    rings = shapely.get_rings(polygon)
    shell, *holes = [_enclosed_by(ring) for ring in rings]
    return shapely.difference(shell, shapely.union_all(holes)) if holes else shell


def _enclosed_by(ring: BaseGeometry) -> BaseGeometry:
    faces = shapely.polygonize([shapely.node(ring)])
    return shapely.union_all(shapely.get_parts(faces))


def _uncrossed(polygon: BaseGeometry) -> BaseGeometry | None:
    """The outline with turning points put in an order that does not cross, or None if there is no short way to it."""
    ring = shapely.get_coordinates(shapely.get_exterior_ring(polygon))[:-1]
    if len(ring) > LONGEST_UNCROSSED_RING:
        return None
    for _ in range(len(ring)):
        crossing = _first_crossing(ring)
        if crossing is None:
            shape: BaseGeometry = shapely.Polygon(ring, [hole.coords for hole in shapely.get_rings(polygon)[1:]])
            return shape if shape.is_valid else None
        first, second = crossing
        ring[first + 1 : second + 1] = ring[first + 1 : second + 1][::-1].copy()
    return None


def _first_crossing(ring: Any) -> tuple[int, int] | None:
    edges = np.array([shapely.LineString(edge) for edge in pairwise([*ring, ring[0]])])
    for position, edge in enumerate(edges):
        later = np.nonzero(shapely.crosses(edge, edges[position + 2 :]))[0]
        if len(later):
            return position, position + 2 + int(later[0])
    return None


def union_of_parts(parts: Sequence[BaseGeometry], *, larger: bool) -> tuple[BaseGeometry | None, bool]:
    """The parts as one geometry and whether they overlap. A part inside another is an island, or (smaller) a hole."""
    polygons, _ = simple_parts(np.array(parts, dtype=object)) if parts else (np.array([], dtype=object), None)
    polygons = polygons[~shapely.is_empty(polygons)]
    if not len(polygons):
        return None, False
    if len(polygons) == 1:
        return polygons[0], False
    plain = shapely.MultiPolygon(list(polygons))
    if plain.is_valid:
        return plain, False
    union = shapely.union_all(polygons)
    overlapping = areas_m2(polygons).sum() - area_m2(union) > OVERLAP_SHARE * area_m2(union)
    if larger or not overlapping:
        return _only_polygons(union), overlapping
    return _only_polygons(_with_inner_parts_as_holes(polygons)), overlapping


def _with_inner_parts_as_holes(polygons: Any) -> BaseGeometry:
    order = np.argsort(-shapely.area(polygons), kind="stable")
    whole: BaseGeometry = polygons[order[0]]
    for polygon in polygons[order[1:]]:
        inside = shapely.covers(whole, polygon) and not shapely.equals(whole, polygon)
        whole = shapely.difference(whole, polygon) if inside else shapely.union(whole, polygon)
    return whole


def _only_polygons(geometry: BaseGeometry) -> BaseGeometry:
    polygons, _ = simple_parts(np.array([geometry], dtype=object))
    polygons = polygons[~shapely.is_empty(polygons)]
    if len(polygons) == 1:
        return polygons[0]
    return shapely.MultiPolygon(list(polygons))
