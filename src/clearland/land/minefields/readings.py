"""Every way in which one record may be read, and the ground it describes under each.

A paper rarely says its datum and never its declination for certain, so each candidate is laid out and shown; which one
is right is decided by a person, who sees how far reference points and finds agree with each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import ClearlandError, Finding, Place
from clearland.land.coordinates.systems import Placed, place
from clearland.land.coordinates.typed import read
from clearland.land.minefields.angles import degrees, true_azimuth
from clearland.land.minefields.model import Closing, Reading, Rebuilt, RebuiltRow, Reference, Sheet
from clearland.land.minefields.traverse import Laid, PlaneLeg, lay, near, row_on_plane, shape_problems, unknown_row
from clearland.land.projection import Projection

NORTH_STEP_DEGREES = 0.0005  # some fifty metres: long enough to be exact, short enough to be straight
ACCEPTED = Reading(system="accepted", north="")


def readings(sheet: Sheet) -> tuple[Reading, ...]:
    """The candidates in the order of the record: systems, then norths, then declinations."""
    if not sheet.references:
        return ()
    made = []
    for code in sheet.systems:
        for north in ("true", "grid", "magnetic") if sheet.north == "not_said" else (sheet.north,):
            if north == "magnetic":
                made += [Reading(system=code, north=north, declination_degrees=each) for each in sheet.declinations]
            else:
                made.append(Reading(system=code, north=north))
    return tuple(made)


def rebuild_all(sheet: Sheet) -> tuple[Rebuilt, ...]:
    """The record under each of its readings; the outline that a person accepted, if any, stands first."""
    accepted = () if sheet.accepted is None else (
        Rebuilt(reading=ACCEPTED, outline=sheet.accepted, outline_from="accepted"),
    )
    return (*accepted, *(rebuild(sheet, reading) for reading in readings(sheet)))


def rebuild(sheet: Sheet, reading: Reading) -> Rebuilt:
    """The record laid out under one reading.

    What cannot be read is told among the problems (E-COORD-RANGE, E-COORD-TEXT, E-COORD-ZONE,
    E-MINEFIELD-ANGLE, E-MINEFIELD-POINT, W-MINEFIELD-AREA, W-MINEFIELD-CROSSES), and the rest is laid out all the same.
    """
    placed: dict[str, Placed] = {}
    problems: list[Finding] = []
    for reference in sheet.references:
        try:
            found = _placed(sheet, reading, reference)
        except ClearlandError as problem:
            problems.append(_noted(problem, reference.label))
        else:
            if found is not None:
                placed[reference.label] = found
    if not placed:
        return Rebuilt(reading=reading, outline=None, outline_from="", problems=tuple(problems))
    anchor = next(iter(placed.values()))
    plane = near(anchor.lon, anchor.lat)
    compass = _Compass(sheet, reading, anchor, _north_on(plane, anchor))
    legs, unread = _legs(sheet, compass)
    laid = lay(_on_plane(plane, placed), legs)
    rows, lost = _rows(sheet, compass, laid, plane)
    perimeter = laid.perimeter()
    outline, outline_from = _outline(perimeter, rows, plane)
    return Rebuilt(
        reading=reading, outline=outline, outline_from=outline_from, points=_to_earth(plane, laid), rows=rows,
        closings=tuple(_checks(laid)), operation=anchor.operation, accuracy_m=anchor.accuracy_m,
        in_area_of_use=anchor.in_area_of_use, convergence_degrees=anchor.convergence_degrees,
        problems=(*problems, *unread, *laid.problems, *lost, *shape_problems(perimeter), *_far(reading, anchor)),
    )  # fmt: skip


def _placed(sheet: Sheet, reading: Reading, reference: Reference) -> Placed | None:
    if reference.north is not None and reference.east is not None:
        return place(reading.system, reference.north, reference.east, zone=sheet.zone, southern=sheet.southern)
    if not reference.text:
        return None
    typed = read(reference.text, reading.system)
    southern = sheet.southern if typed.southern is None else typed.southern
    return place(reading.system, typed.north, typed.east, zone=typed.zone or sheet.zone, southern=southern)


def _on_plane(plane: Projection, placed: dict[str, Placed]) -> dict[str, tuple[float, float]]:
    there = plane.to_plane([Point(each.lon, each.lat) for each in placed.values()])
    return {label: (point.x, point.y) for label, point in zip(placed, there, strict=True)}


@dataclass(frozen=True)
class _Compass:
    """Turns angles of the record into directions of the plane; `north_degrees` is true north there, clockwise."""

    sheet: Sheet
    reading: Reading
    anchor: Placed
    north_degrees: float

    def direction(self, angle: float) -> float:
        """Degrees clockwise from the plane's upright. Raises ClearlandError E-MINEFIELD-ANGLE."""
        return self.north_degrees + true_azimuth(
            degrees(angle, self.sheet.angle_unit), self.reading.north,
            declination_degrees=self.reading.declination_degrees or 0.0,
            convergence_degrees=self.anchor.convergence_degrees,
        )  # fmt: skip


def _north_on(plane: Projection, anchor: Placed) -> float:
    here, ahead = plane.to_plane([Point(anchor.lon, anchor.lat), Point(anchor.lon, anchor.lat + NORTH_STEP_DEGREES)])
    return math.degrees(math.atan2(ahead.x - here.x, ahead.y - here.y))


def _legs(sheet: Sheet, compass: _Compass) -> tuple[list[PlaneLeg], list[Finding]]:
    legs, problems = [], []
    for leg in sheet.legs:
        try:
            turned = compass.direction(leg.azimuth)
        except ClearlandError as problem:
            problems.append(_noted(problem, f"leg {leg.sequence}"))
        else:
            legs.append(PlaneLeg(leg=leg, azimuth_degrees=turned, metres=leg.distance * sheet.metres_per_unit))
    return legs, problems


def _rows(
    sheet: Sheet, compass: _Compass, laid: Laid, plane: Projection
) -> tuple[tuple[RebuiltRow, ...], list[Finding]]:
    made, problems = [], []
    for row in sheet.rows:
        if row.origin not in laid.spots:
            problems.append(unknown_row(row))
            continue
        try:
            turned = compass.direction(row.azimuth)
        except ClearlandError as problem:
            problems.append(_noted(problem, f"row {row.number}"))
            continue
        line, mines = row_on_plane(laid.spots[row.origin], row, turned, sheet.metres_per_unit)
        on_earth = plane.to_earth([line, *mines])
        made.append(RebuiltRow(number=row.number, line=on_earth[0], mines=tuple(on_earth[1:])))
    return tuple(made), problems


def _outline(
    perimeter: BaseGeometry | None, rows: Sequence[RebuiltRow], plane: Projection
) -> tuple[BaseGeometry | None, str]:
    if perimeter is not None:
        whole = perimeter if perimeter.is_valid else shapely.make_valid(perimeter)
        return plane.to_earth([whole])[0], "perimeter"
    ends = [Point(spot) for row in rows for spot in row.line.coords]
    hull = MultiPoint(ends).convex_hull if ends else None
    return (hull, "rows") if hull is not None and hull.geom_type == "Polygon" else (None, "")


def _to_earth(plane: Projection, laid: Laid) -> dict[str, Point]:
    there = plane.to_earth([Point(spot) for spot in laid.spots.values()])
    return dict(zip(laid.spots, there, strict=True))


def _checks(laid: Laid) -> list[Closing]:
    return sorted(laid.closings, key=lambda each: each.label)


def _far(reading: Reading, anchor: Placed) -> list[Finding]:
    if anchor.in_area_of_use:
        return []
    return [Finding(
        code="W-MINEFIELD-AREA", severity="warning", rule=81, place=Place(column="coordinate_readings"),
        sentence=f"{reading.system} is not meant for this part of the Earth; {anchor.operation} was used all the same.",
        remedy="Leave this reading out unless the paper itself names the system.",
    )]  # fmt: skip


def _noted(problem: ClearlandError, where: str) -> Finding:
    rule = 81 if problem.code.startswith("E-COORD") else 23
    return Finding(code=problem.code, severity="error", rule=rule, sentence=problem.sentence, remedy=problem.remedy,
                   place=Place(column=where))
