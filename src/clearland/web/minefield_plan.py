"""A minefield record as a plan: its outline under each reading, its rows, reference points, and what was found there.

Plane metres around the field, north up, drawn as plain SVG: it needs no map, prints, and shows metres as metres. A
reading is told apart by letter and dashes, not by colour alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from clearland.figures.minefields import Assessed
from clearland.land.minefields.assessment import TOLERANCE_M, Assessment
from clearland.land.minefields.traverse import near
from clearland.land.projection import Projection

WIDTH, HEIGHT, MARGIN = 720.0, 460.0, 28.0
LEAST_SHIFT_M = 1.0
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STROKES = (
    ("#0b5fa5", ""), ("#9c5c00", "9 4"), ("#2b6b45", "3 3"), ("#8a2a6b", "12 3 3 3"), ("#1d2329", "6 6"), ("#5d6670", "2 5"),
)  # fmt: skip
_STEPS_M = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the template draws, in pixels; `scale_m` is the length of the scale bar of `scale_px`.

    `moved`: the best reading moved onto the finds, empty where no shift is known or it is within the drawing's line.
    """

    outlines: tuple[dict[str, Any], ...]
    rows: tuple[dict[str, float], ...]
    finds: tuple[dict[str, Any], ...]
    blasts: tuple[dict[str, Any], ...]
    references: tuple[dict[str, Any], ...]
    moved: str
    scale_px: float
    scale_m: int
    width: float = WIDTH
    height: float = HEIGHT


def letters(readings: Sequence[Assessment]) -> dict[str, str]:
    """Name of a reading → its letter on the plan, for those that have an outline; the first twenty-six."""
    drawn = [each.rebuilt.reading.name for each in readings if each.rebuilt.outline is not None]
    return dict(zip(drawn, LETTERS, strict=False))


def plan(one: Assessed) -> Plan | None:
    """The plan of a record; None where no reading has an outline."""
    marks = letters(one.readings)
    drawn = [each for each in one.readings if each.rebuilt.reading.name in marks]
    chosen = one.best
    if not drawn or chosen is None or chosen.rebuilt.outline is None:
        return None
    middle = chosen.rebuilt.outline.centroid
    plane = near(middle.x, middle.y)
    shapes = plane.to_plane([each.rebuilt.outline for each in drawn])
    best_shape = shapes[drawn.index(chosen)]
    found = [each.identified for each in one.sheet.references if each.identified is not None]
    known = [*chosen.rebuilt.points.values(), *found, *(find.point for find in one.finds)]
    paper = _Paper.around([*shapes, *_points(plane, known)])
    return Plan(
        outlines=tuple(_outline(paper, each, shape, marks, each is chosen) for each, shape in zip(drawn, shapes, strict=True)),
        rows=tuple(paper.line(line) for line in _points(plane, [row.line for row in chosen.rebuilt.rows])),
        finds=tuple(
            {**paper.spot(point), "record": find.record, "inside": best_shape.distance(point) <= TOLERANCE_M}
            for find, point in zip(one.finds, _points(plane, [find.point for find in one.finds]), strict=True)
        ),
        blasts=tuple(
            {**paper.spot(point), "record": blast.record}
            for blast, point in zip(one.blasts, _points(plane, [blast.point for blast in one.blasts]), strict=True)
        ),
        references=tuple(_references(paper, plane, one, chosen)), moved=_moved(paper, best_shape, chosen),
        scale_px=paper.scale()[0], scale_m=paper.scale()[1],
    )  # fmt: skip


def _moved(paper: "_Paper", shape: BaseGeometry, chosen: Assessment) -> str:
    if chosen.shift is None or chosen.shift.metres < LEAST_SHIFT_M:
        return ""
    return paper.path(affinity.translate(shape, chosen.shift.east_m, chosen.shift.north_m))


def _points(plane: Projection, geometries: Sequence[BaseGeometry]) -> Sequence[BaseGeometry]:
    return list(plane.to_plane(list(geometries))) if geometries else []


def _outline(paper: "_Paper", made: Assessment, shape: BaseGeometry, marks: dict[str, str], chosen: bool) -> dict[str, Any]:
    letter = marks[made.rebuilt.reading.name]
    colour, dashes = STROKES[LETTERS.index(letter) % len(STROKES)]
    corner = max(shapely.get_coordinates(shape).tolist(), key=lambda spot: (round(spot[1], 3), -spot[0]))
    return {"path": paper.path(shape), "letter": letter, "colour": colour, "dashes": dashes, "best": chosen,
            "label": paper.spot(shapely.Point(corner)), "name": made.rebuilt.reading.name}


def _references(paper: "_Paper", plane: Projection, one: Assessed, chosen: Assessment) -> Iterable[dict[str, Any]]:
    for reference in one.sheet.references:
        written = chosen.rebuilt.points.get(reference.label)
        there: dict[str, Any] = {"label": reference.label, "written": None, "found": None}
        if written is not None:
            there["written"] = paper.spot(_points(plane, [written])[0])
        if reference.identified is not None:
            there["found"] = paper.spot(_points(plane, [reference.identified])[0])
        yield there


@dataclass(frozen=True)
class _Paper:
    """Plane metres to pixels: one scale for both directions, y downwards."""

    west: float
    north: float
    pixels_per_m: float

    @classmethod
    def around(cls, shapes: Sequence[BaseGeometry]) -> "_Paper":
        west, south, east, north = shapely.total_bounds(shapes).tolist()
        room_x, room_y = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
        scale = min(room_x / max(east - west, 1.0), room_y / max(north - south, 1.0))
        spare_x, spare_y = room_x / scale - (east - west), room_y / scale - (north - south)
        return cls(west - MARGIN / scale - spare_x / 2, north + MARGIN / scale + spare_y / 2, scale)

    def spot(self, point: BaseGeometry) -> dict[str, float]:
        x, y = shapely.get_coordinates(point)[0].tolist()
        return {"x": round((x - self.west) * self.pixels_per_m, 1), "y": round((self.north - y) * self.pixels_per_m, 1)}

    def line(self, line: BaseGeometry) -> dict[str, float]:
        first, *_, last = (self.spot(shapely.Point(spot)) for spot in shapely.get_coordinates(line).tolist())
        return {"x1": first["x"], "y1": first["y"], "x2": last["x"], "y2": last["y"]}

    def path(self, shape: BaseGeometry) -> str:
        rings = [ring for part in shapely.get_parts(shape) if part.geom_type == "Polygon" for ring in shapely.get_rings(part)]
        return " ".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: BaseGeometry) -> str:
        spots = [self.spot(shapely.Point(spot)) for spot in shapely.get_coordinates(ring).tolist()[:-1]]
        return "M" + " L".join(f"{spot['x']} {spot['y']}" for spot in spots) + " Z"

    def scale(self) -> tuple[float, int]:
        """The bar: the longest round length of at most a quarter of the width, in pixels and metres."""
        fitting = [step for step in _STEPS_M if step * self.pixels_per_m <= WIDTH / 4] or [_STEPS_M[0]]
        return round(fitting[-1] * self.pixels_per_m, 1), fitting[-1]
