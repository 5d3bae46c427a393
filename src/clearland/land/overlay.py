"""Cutting polygons in the plane so that no GEOS exception escapes, whole arrays at a time.

Floating-point overlay first (GEOS falls back to snapping by itself). Where it still fails, the one pair is cut on a
grid of 0.01 mm, which moves an area by less than its perimeter times 0.01 mm; then after `make_valid`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely.errors import GEOSException

from clearland.land.area import Geometries, simple_parts

GRID_M = 1e-5
_POLYGONAL = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
_EMPTY = shapely.Polygon()


def intersections(left: Geometries, right: Geometries) -> Geometries:
    """The ground each pair shares: polygons, multipolygons or an empty polygon."""
    return _overlay(shapely.intersection, left, right)


def differences(left: Geometries, right: Geometries) -> Geometries:
    """The ground of the left without the right."""
    return _overlay(shapely.difference, left, right)


def unions(groups: Geometries) -> Geometries:
    """The union of each collection."""
    try:
        merged = shapely.union_all(groups[:, None], axis=1)
    except GEOSException:
        merged = np.array([_union_on_grid(group) for group in groups], dtype=object)
    return polygonal(np.asarray(merged, dtype=object))


def polygonal(geometries: Geometries) -> Geometries:
    """The same geometries with lines and points, which have no area, left out."""
    kinds = shapely.get_type_id(geometries)
    other = np.nonzero((kinds != _POLYGONAL[0]) & (kinds != _POLYGONAL[1]))[0]
    for position in other:
        parts, _ = simple_parts(geometries[position : position + 1])
        geometries[position] = shapely.MultiPolygon(list(parts)) if len(parts) else _EMPTY
    return geometries


def _overlay(operation: Callable[..., Any], left: Geometries, right: Geometries) -> Geometries:
    if not len(left):
        return np.empty(0, dtype=object)
    try:
        cut = operation(left, right)
    except GEOSException:
        cut = [_one_by_one(operation, a, b) for a, b in zip(left, right, strict=True)]
    return polygonal(np.asarray(cut, dtype=object))


def _one_by_one(operation: Callable[..., Any], left: Any, right: Any) -> Any:
    try:
        return operation(left, right)
    except GEOSException:
        pass
    try:
        return operation(left, right, grid_size=GRID_M)
    except GEOSException:
        return operation(shapely.make_valid(left), shapely.make_valid(right), grid_size=GRID_M)


def _union_on_grid(group: Any) -> Any:
    return shapely.union_all([shapely.make_valid(part) for part in shapely.get_parts(group)], grid_size=GRID_M)
