"""Outlines from points: IMSMA keeps the corners of a polygon as rows, numbered in order."""

import math
from collections.abc import Iterable, Sequence

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Corner = tuple[float, float]
_LEAST_CORNERS = 3


def polygon_of(corners: Sequence[Corner]) -> Polygon | None:
    """The ring through corners (longitude, latitude) in the order given, closed; None for fewer than three of them.

    Two equal corners in a row are one; a ring that crosses itself is handed on as it is, for the intake's own rules."""
    kept = [corner for position, corner in enumerate(corners) if position == 0 or corner != corners[position - 1]]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return Polygon(kept) if len(kept) >= _LEAST_CORNERS else None


def geometry_of(outlines: Iterable[Sequence[Corner]], points: Sequence[Corner]) -> BaseGeometry | None:
    """All outlines of an item as one polygon or multipolygon; where it has none, its first point; else None."""
    rings = [ring for ring in map(polygon_of, outlines) if ring is not None]
    if len(rings) == 1:
        return rings[0]
    if rings:
        whole = MultiPolygon(rings)
        # Parts that overlap or nest are no multipolygon; as separate rings their ground is the ground of their union.
        return whole if shapely.is_valid(whole) or not all(ring.is_valid for ring in rings) else shapely.union_all(rings)
    return Point(points[0]) if points else None


def corner_of(longitude: str | None, latitude: str | None) -> Corner | None:
    """Longitude and latitude from texts; None where one is missing or no number."""
    try:
        corner = float(longitude or ""), float(latitude or "")
    except ValueError:
        return None
    return corner if all(map(math.isfinite, corner)) else None
