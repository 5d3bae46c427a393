"""One record under one reading, held against what was found: shift, scores, account and the share of it searched.

Coverage asks where the record lies as drawn; the account counts inside the outline moved by the best shift, where the
finds themselves tell such a shift, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely import STRtree, affinity
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from clearland.land.minefields import scores
from clearland.land.minefields.accounting import Account, by_category, total
from clearland.land.minefields.matching import Shift, best_shift
from clearland.land.minefields.model import MINES, Blast, Find, Rebuilt, Sheet
from clearland.land.minefields.readings import rebuild_all
from clearland.land.minefields.scores import PlaneRow, Score
from clearland.land.minefields.traverse import Spot, near
from clearland.land.projection import Projection

TOLERANCE_M = 10.0  # a find this far outside still belongs to the field: a measured point is no better
NEARBY_M = 300.0


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is known of the ground, in EPSG:4326: mines found, accidents with mines, and polygons that were searched.

    Whatever else is found or goes off is left out (`mines_of`): shells that fell on a field are no part of its record.
    """

    finds: tuple[Find, ...] = ()
    blasts: tuple[Blast, ...] = ()
    searched: tuple[BaseGeometry, ...] = ()

    @cached_property
    def _trees(self) -> tuple[STRtree, STRtree, STRtree]:
        return STRtree([each.point for each in self.finds]), STRtree([each.point for each in self.blasts]), STRtree(self.searched)

    def finds_in(self, box: BaseGeometry) -> list[Find]:
        """Finds that may lie in a box, in their order."""
        return [self.finds[number] for number in sorted(self._trees[0].query(box))]

    def blasts_in(self, box: BaseGeometry) -> list[Blast]:
        """Accidents that may lie in a box, in their order."""
        return [self.blasts[number] for number in sorted(self._trees[1].query(box))]

    def searched_in(self, box: BaseGeometry) -> list[BaseGeometry]:
        """Searched polygons that may touch a box, in their order."""
        return [self.searched[number] for number in sorted(self._trees[2].query(box))]


def mines_of(finds: Sequence[Find], blasts: Sequence[Blast], searched: Sequence[BaseGeometry]) -> Ground:
    """The ground as far as records of mines can be held to it."""
    return Ground(
        finds=tuple(find for find in finds if find.category in MINES),
        blasts=tuple(blast for blast in blasts if blast.category in MINES), searched=tuple(searched),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """How a reading agrees with the ground. `inside` and `nearby` are record ids of finds, `blasts` of
    accidents inside; areas in m²."""

    rebuilt: Rebuilt
    shift: Shift | None
    scores: dict[str, Score]
    accounts: tuple[Account, ...]
    whole: Account
    outline_m2: float | None
    searched_share: float | None
    inside: frozenset[str]
    nearby: frozenset[str]
    blasts: frozenset[str]

    @property
    def agreement(self) -> float:
        """Coverage, position and geometry together, 0 to 3: what tells readings apart, since they claim the same mines.

        Unknown adds nothing: a reading that nothing speaks for stands behind one that something does.
        """
        return round(sum(self.scores[name].value or 0.0 for name in ("coverage", "position", "geometry")), 3)


def assess(sheet: Sheet, ground: Ground) -> tuple[Assessment, ...]:
    """An assessment of each reading of the record, in the order of the readings."""
    return tuple(_assessed(sheet, rebuilt, ground) for rebuilt in rebuild_all(sheet))


def best(assessments: Sequence[Assessment]) -> Assessment | None:
    """The outline that a person accepted, else the reading that agrees best with the ground; the first among equals."""
    drawn = [each for each in assessments if each.rebuilt.outline is not None]
    accepted = [each for each in drawn if each.rebuilt.outline_from == "accepted"]
    ordered = accepted or sorted(drawn, key=lambda each: each.agreement, reverse=True)
    return ordered[0] if ordered else None


def _assessed(sheet: Sheet, rebuilt: Rebuilt, ground: Ground) -> Assessment:
    centre = rebuilt.centre() or Point(0, 0)
    plane = near(centre.x, centre.y)
    nearby = _near(ground, rebuilt, plane)
    spots = [(point.x, point.y) for point in plane.to_plane([find.point for find in nearby])] if nearby else []
    mines = [(point.x, point.y) for point in plane.to_plane(list(rebuilt.mines))] if rebuilt.mines else []
    shift = best_shift(mines, spots)
    outline = plane.to_plane([rebuilt.outline])[0] if rebuilt.outline is not None else None
    moved = affinity.translate(outline, shift.east_m, shift.north_m) if outline is not None and shift else outline
    inside = [find for find, spot in zip(nearby, spots, strict=True) if _within(moved, spot)]
    blasts = _blasts(ground, moved, plane)
    accounts = by_category(sheet, inside, blasts)
    whole = total(sheet.claimed, accounts)
    searched_share = _searched_share(outline, ground, plane)
    at_rest = [find for find, spot in zip(nearby, spots, strict=True) if _within(outline, spot)]
    return Assessment(
        rebuilt=rebuilt, shift=shift, accounts=accounts, whole=whole,
        outline_m2=float(outline.area) if outline is not None else None,
        searched_share=searched_share,
        inside=frozenset(find.record for find in inside), nearby=frozenset(find.record for find in nearby),
        blasts=frozenset(blast.record for blast in blasts),
        scores={
            "position": scores.position(_offsets_m(sheet, rebuilt, plane), shift),
            "geometry": scores.geometry(_plane_rows(sheet, rebuilt, plane, shift), [Point(spot) for spot in spots]),
            "count": scores.count(whole, searched_share) if outline is not None else Score(),
            "type": scores.types(sheet.counted, inside),
            "coverage": scores.coverage(at_rest, nearby) if outline is not None else Score(),
        },
    )  # fmt: skip


def _near(ground: Ground, rebuilt: Rebuilt, plane: Projection) -> list[Find]:
    """Mines within NEARBY_M of the outline, or of the labelled points where there is none."""
    subject = rebuilt.outline or (shapely.MultiPoint(list(rebuilt.points.values())) if rebuilt.points else None)
    if subject is None:
        return []
    around = plane.to_plane([subject])[0].buffer(NEARBY_M)
    back = plane.to_earth([around.envelope])[0].envelope  # only what may be near is projected: far points have no image
    candidates = ground.finds_in(back)
    there = plane.to_plane([find.point for find in candidates]) if candidates else ()
    return [find for find, point in zip(candidates, there, strict=True) if around.covers(point)]


def _within(outline: BaseGeometry | None, spot: Spot) -> bool:
    return outline is not None and outline.distance(Point(spot)) <= TOLERANCE_M


def _blasts(ground: Ground, outline: BaseGeometry | None, plane: Projection) -> list[Blast]:
    if outline is None:
        return []
    around = plane.to_earth([outline.buffer(TOLERANCE_M).envelope])[0].envelope
    candidates = ground.blasts_in(around)
    there = plane.to_plane([blast.point for blast in candidates]) if candidates else ()
    return [blast for blast, point in zip(candidates, there, strict=True) if outline.distance(point) <= TOLERANCE_M]


def _offsets_m(sheet: Sheet, rebuilt: Rebuilt, plane: Projection) -> list[float]:
    """Metres between each reference point as written and as identified."""
    both = [(rebuilt.points[each.label], each.identified) for each in sheet.references
            if each.identified is not None and each.label in rebuilt.points]
    if not both:
        return []
    written, found = (plane.to_plane([pair[side] for pair in both]) for side in (0, 1))
    return [float(there.distance(here)) for there, here in zip(written, found, strict=True)]


def _plane_rows(sheet: Sheet, rebuilt: Rebuilt, plane: Projection, shift: Shift | None) -> list[PlaneRow]:
    by_number = {row.number: row for row in sheet.rows}
    east, north = (shift.east_m, shift.north_m) if shift else (0.0, 0.0)
    made = []
    for row in rebuilt.rows:
        start, *_, end = plane.to_plane([row.line])[0].coords
        written = by_number[row.number]
        spacing = written.spacing * sheet.metres_per_unit if written.spacing else None
        made.append(PlaneRow(
            row=written, start=(start[0] + east, start[1] + north), end=(end[0] + east, end[1] + north), spacing_m=spacing
        ))
    return made


def _searched_share(outline: BaseGeometry | None, ground: Ground, plane: Projection) -> float | None:
    if outline is None or not outline.area:
        return None
    around = plane.to_earth([outline.envelope])[0].envelope
    touching = ground.searched_in(around)
    if not touching:
        return 0.0
    searched = shapely.union_all(shapely.make_valid(plane.to_plane(touching)))
    return float(outline.intersection(searched).area / outline.area)
