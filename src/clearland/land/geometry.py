"""A polygon as it came in, to a valid polygon or a refusal, with a report of what changed (design section 6).

Never raises on any shapely input. `CODES` lists what may be found; the codes are stable. A repair that changes more
than 0.1 % and 10 m² waits for a person (G-REPAIR-WAITS, with m² before and after).
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Finding, Severity
from clearland.land.area import Floats, area_m2, simple_parts
from clearland.land.readings import reading_of_part, tidy_part, union_of_parts, written_area_m2

Role = Literal["hazard", "product"]
Bounds = tuple[float, float, float, float]
Repair = tuple[BaseGeometry | None, list[Finding]]

WAITS_ABOVE_SHARE = 0.001
WAITS_ABOVE_M2 = 10.0
DOUBLE_VERTEX_DEGREES = 1e-6  # rule 14; about a decimetre

# code: severity (errors are refusals), rule of the validator list, sentence, remedy
CODES: dict[str, tuple[Severity, int | None, str, str]] = {
    "G-NULL": ("error", None, "There is no geometry.", "Add the polygon, or report the area without one."),
    "G-EMPTY": ("error", None, "The geometry is empty.", "Add the polygon, or report the area without one."),
    "G-NO-AREA": ("error", 13, "A point, a line or fewer than three turning points have no area.", "Draw the polygon."),
    "G-ZERO-AREA": ("error", 18, "The polygon has no area.", "Draw the polygon again."),
    "G-NOT-FINITE": ("error", 9, "A coordinate is not a number.", "Correct the coordinate."),
    "G-RANGE": ("error", 9, "A coordinate is outside longitude ±180 or latitude ±90.", "Check the coordinate system."),
    "G-SWAPPED": ("error", 9, "A coordinate is out of range; latitude and longitude look swapped.", "Swap them."),
    "G-EXCHANGED": ("warning", 9, "Latitude and longitude were exchanged: only so it lies in the country.", "Look at it."),
    "G-ZERO-ZERO": ("error", 9, "A vertex lies at (0, 0), which stands for a missing value.", "Correct it."),
    "G-UNREPAIRABLE": ("error", 13, "The polygon cannot be repaired.", "Draw it again."),
    "G-PARTS-DROPPED": ("warning", 13, "Points or lines beside the polygons were left out.", ""),
    "G-UNCLOSED": ("info", 13, "The outline was closed on its first point.", ""),
    "G-DOUBLE-VERTEX": ("info", 14, "Vertices that repeat the one before were removed.", ""),
    "G-CROSSES-ITSELF": (
        "warning", 13, "The outline crosses itself: a hazard keeps the larger reading, a product the smaller.",
        "Look at the order of the turning points.",
    ),
    "G-PARTS-OVERLAP": (
        "warning", 17, "Parts overlap: a hazard keeps the larger reading, a product the smaller.",
        "Draw the parts side by side.",
    ),
    "G-REPAIR-WAITS": (
        "query", 13, "The repair changes the area so much that a person must decide.", "Compare both readings.",
    ),
}


def _found(code: str, **values: float) -> Finding:
    severity, rule, sentence, remedy = CODES[code]
    return Finding(code=code, severity=severity, sentence=sentence, remedy=remedy, rule=rule, values=values)


def repair(geometry: BaseGeometry | None, role: Role) -> Repair:
    """A valid Polygon or MultiPolygon in EPSG:4326 without Z, or None, and what was found on the way.

    `role` decides between two readings: a hazard keeps the larger, a product the smaller, until a person decides.
    """
    refused = _refusal(geometry)
    if geometry is None or refused:
        return None, refused
    try:
        return _repaired(shapely.force_2d(geometry), role)
    except GEOSException:
        return None, [_found("G-UNREPAIRABLE")]


def _refusal(geometry: BaseGeometry | None) -> list[Finding]:
    if geometry is None:
        return [_found("G-NULL")]
    if shapely.is_empty(geometry):
        return [_found("G-EMPTY")]
    return _refused_coordinates(shapely.get_coordinates(geometry))


def _refused_coordinates(lonlat: Floats) -> list[Finding]:
    if not np.isfinite(lonlat).all():
        return [_found("G-NOT-FINITE")]
    if (np.abs(lonlat) > (180, 90)).any():
        return [_found("G-SWAPPED" if (np.abs(lonlat[:, ::-1]) <= (180, 90)).all() else "G-RANGE")]
    if (lonlat == 0).all(axis=1).any():
        return [_found("G-ZERO-ZERO")]
    return []


def _repaired(geometry: BaseGeometry, role: Role) -> Repair:
    findings: list[Finding] = []
    parts, _ = simple_parts(np.array([geometry], dtype=object))
    parts = parts[~shapely.is_empty(parts)]
    if not len(parts):
        return None, [_found("G-NO-AREA")]
    if len(parts) < _leaves(geometry):
        findings.append(_found("G-PARTS-DROPPED"))
    tidied = [tidy_part(part, DOUBLE_VERTEX_DEGREES) for part in parts]
    if doubles := sum(tidy.doubles for tidy in tidied):
        findings.append(_found("G-DOUBLE-VERTEX", vertices=doubles))
    kept = [tidy.polygon for tidy in tidied if tidy.polygon is not None]
    valid = [part if part.is_valid else reading_of_part(part, larger=role == "hazard") for part in kept]
    if any(not part.is_valid for part in kept):
        findings.append(_found("G-CROSSES-ITSELF"))
    united, overlapping = union_of_parts(valid, larger=role == "hazard")
    if overlapping:
        findings.append(_found("G-PARTS-OVERLAP"))
    after = area_m2(united)
    if united is None or after <= 0:
        return None, [*findings, _found("G-ZERO-AREA")]
    return united, [*findings, *_waits(written_area_m2(kept), after, findings)]


def _waits(before_m2: float, after_m2: float, findings: Sequence[Finding]) -> list[Finding]:
    change = abs(after_m2 - before_m2)
    if not findings or change <= WAITS_ABOVE_M2 or change <= WAITS_ABOVE_SHARE * max(before_m2, after_m2):
        return []
    return [_found("G-REPAIR-WAITS", m2_before=before_m2, m2_after=after_m2)]


def waits_for_a_person(findings: Sequence[Finding]) -> bool:
    """Whether a repair is larger than may be made without a person (0.1 % and 10 m²)."""
    return any(finding.code == "G-REPAIR-WAITS" for finding in findings)


def ring_from_points(points: Sequence[tuple[float, float]], role: Role) -> Repair:
    """A polygon from entered turning points (longitude, latitude), closed if the last does not repeat the first."""
    if len(points) < 3:
        return None, [_found("G-NO-AREA")]
    if refused := _refused_coordinates(np.asarray(points, dtype=float)):
        return None, refused
    geometry, findings = repair(shapely.Polygon(points), role)
    if tuple(points[0]) != tuple(points[-1]):
        findings = [_found("G-UNCLOSED"), *findings]
    return geometry, findings


def fits_if_swapped(bounds: Bounds, country: Bounds) -> bool:
    """Whether bounds (west, south, east, north) miss the country but lie in it with latitude and longitude swapped."""
    west, south, east, north = bounds
    return not _inside((west, south, east, north), country) and _inside((south, west, north, east), country)


def _inside(bounds: Bounds, country: Bounds) -> bool:
    west, south, east, north = country
    return bool(bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north)


def _leaves(geometry: BaseGeometry) -> int:
    if not hasattr(geometry, "geoms"):
        return int(not shapely.is_empty(geometry))
    return sum(_leaves(part) for part in geometry.geoms)
