"""Legs and rows laid out on the ground from a fixed point, in a plane near it; how well the traverse closes.

The plane is equal-area, centred on the nearest tenth of a degree, and within ten kilometres of that its lengths are right
to a few millimetres, far below what a tape or a pace can measure. True north at the fixed point is taken from the plane
itself. Nothing is adjusted: what a traverse misses is told, not spread over its legs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from shapely.geometry import LineString, Point, Polygon

from clearland.core.errors import Finding, Place
from clearland.land.minefields.model import Closing, Leg, Row
from clearland.land.projection import Projection

Spot = tuple[float, float]  # metres east and north in the plane


def near(lon: float, lat: float) -> Projection:
    """The plane for fields around a place; neighbours share one, since making one costs as much as laying out a record."""
    return Projection(round(lon, 1), round(lat, 1))


@dataclass(frozen=True, kw_only=True)
class PlaneLeg:
    """A leg in metres and degrees clockwise from the upright of the plane."""

    leg: Leg
    azimuth_degrees: float
    metres: float


@dataclass(kw_only=True)
class Laid:
    """Points by label, the perimeter's corners in order, and what did not fit; in metres of the plane."""

    spots: dict[str, Spot]
    way_m: dict[str, float]
    corners: list[Spot] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    def perimeter(self) -> Polygon | None:
        """The polygon of the corners; None with fewer than three."""
        return Polygon(self.corners) if len(self.corners) >= 3 else None


def lay(fixed: Mapping[str, Spot], legs: Sequence[PlaneLeg]) -> Laid:
    """Follow the legs in their sequence from points that are known."""
    laid = Laid(spots=dict(fixed), way_m=dict.fromkeys(fixed, 0.0))
    last = ""
    first_corner = ""
    for each in sorted(legs, key=lambda one: one.leg.sequence):
        origin = each.leg.origin or last
        target = each.leg.target or f"#{each.leg.sequence}"
        last = target
        if origin not in laid.spots:
            laid.problems.append(_unknown(f"leg {each.leg.sequence}", origin))
            continue
        seen = target in laid.spots
        _reach(laid, origin, target, each)
        if each.leg.part == "perimeter":
            if not laid.corners:
                laid.corners.append(laid.spots[origin])
                first_corner = origin
            if target != first_corner and not (seen and laid.spots[target] in laid.corners):
                laid.corners.append(laid.spots[target])
    return laid


def _reach(laid: Laid, origin: str, target: str, each: PlaneLeg) -> None:
    end = ahead(laid.spots[origin], each.azimuth_degrees, each.metres)
    way = laid.way_m[origin] + each.metres
    known = laid.spots.get(target)
    if known is None:
        laid.spots[target], laid.way_m[target] = end, way
        return
    laid.closings.append(
        Closing(label=target, error_m=math.dist(end, known), way_m=max(way - laid.way_m[target], each.metres))
    )


def ahead(start: Spot, azimuth_degrees: float, metres: float) -> Spot:
    """The point so many metres from `start` in a direction clockwise from the upright of the plane."""
    angle = math.radians(azimuth_degrees)
    return start[0] + metres * math.sin(angle), start[1] + metres * math.cos(angle)


def row_on_plane(start: Spot, row: Row, azimuth_degrees: float, metres_per_unit: float) -> tuple[LineString, list[Point]]:
    """The line of a row and the places of its mines; none where neither spacing nor number is said."""
    length = row.length * metres_per_unit
    line = LineString([start, ahead(start, azimuth_degrees, length)])
    count, step = row.mines, row.spacing * metres_per_unit if row.spacing else None
    if step is None and count is not None:
        step = length / (count - 1) if count > 1 else 0.0
    elif count is None and step:
        count = math.floor(length / step + 1e-9) + 1
    if step is None or count is None:
        return line, []
    return line, [Point(ahead(start, azimuth_degrees, step * number)) for number in range(count)]


def shape_problems(perimeter: Polygon | None) -> list[Finding]:
    """W-MINEFIELD-CROSSES where the perimeter crosses itself: a leg or its order may be wrong."""
    if perimeter is None or perimeter.is_valid:
        return []
    return [Finding(
        code="W-MINEFIELD-CROSSES", severity="warning", rule=23, place=Place(column="legs"),
        sentence="The perimeter that the legs describe crosses itself.",
        remedy="Compare the azimuths and the order of the legs with the paper.",
    )]  # fmt: skip


def _unknown(what: str, label: str) -> Finding:
    return Finding(
        code="E-MINEFIELD-POINT", severity="error", rule=23, place=Place(column=what),
        sentence=f"The {what} starts at {label!r}, and nothing says where that is." if label
        else f"The {what} names no point to start from.",
        remedy="Give the point as a reference point, or as the end of an earlier leg.",
    )  # fmt: skip


def unknown_row(row: Row) -> Finding:
    """E-MINEFIELD-POINT for a row that starts nowhere."""
    return _unknown(f"row {row.number}", row.origin)


def spread(points: Sequence[Point]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Plane coordinates of points as an array of two columns."""
    return np.array([(point.x, point.y) for point in points], dtype=np.float64).reshape(-1, 2)
