"""A programme's records together: what they claim, what was located, how much of the danger they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from clearland.land.minefields.assessment import TOLERANCE_M, Assessment, Ground, best
from clearland.land.minefields.model import Sheet
from clearland.land.projection import Projection


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Sums over records that have an outline, each with its best reading; shares are None where nothing is there.

    `hazard_m2` is ground recorded as hazardous, each m² once; `covered_m2` the part of it inside an outline.
    """

    records: int
    drawn: int
    by_custody: dict[str, int]
    claimed: int
    without_claim: int
    located: int
    outlines_m2: float
    hazard_m2: float
    covered_m2: float
    accidents: int
    accidents_outside: int
    mines_found: int
    mines_outside: int

    @property
    def located_share(self) -> float | None:
        """Mines accounted for, of mines claimed."""
        return self.located / self.claimed if self.claimed else None

    @property
    def covered_share(self) -> float | None:
        """Hazardous ground inside a record, of all hazardous ground."""
        return self.covered_m2 / self.hazard_m2 if self.hazard_m2 else None

    @property
    def accidents_outside_share(self) -> float | None:
        """Accidents with mines outside every record, of those whose place is known."""
        return self.accidents_outside / self.accidents if self.accidents else None

    @property
    def mines_outside_share(self) -> float | None:
        """Mines found outside every record, of all mines found at a known place."""
        return self.mines_outside / self.mines_found if self.mines_found else None


def totals(
    assessed: Sequence[tuple[Sheet, Sequence[Assessment]]], ground: Ground, hazards: Sequence[BaseGeometry]
) -> Totals:
    """Totals of all records; outlines are moved by no shift here, since the paper is asked what it covers as drawn.

    A mine or accident inside two outlines counts once. Raises ClearlandError E-LAND-FAR where geometries lie on
    opposite sides of the Earth.
    """
    chosen = [(sheet, best(each)) for sheet, each in assessed]
    outlines = [each.rebuilt.outline for _, each in chosen if each is not None and each.rebuilt.outline is not None]
    plane = Projection.around([*outlines, *hazards])
    covered = _union(plane, outlines)
    danger = _union(plane, hazards)
    reach = covered.buffer(TOLERANCE_M)
    custody: dict[str, int] = {}
    for sheet, _ in chosen:
        custody[sheet.custody] = custody.get(sheet.custody, 0) + 1
    located = {record for _, each in chosen if each is not None for record in each.inside}
    blown = {record for _, each in chosen if each is not None for record in each.blasts}
    by_paper = sum(count.detonated + count.removed for sheet, _ in chosen for count in sheet.counts)
    finds_inside = _inside(reach, plane, [find.point for find in ground.finds])
    blasts_inside = _inside(reach, plane, [blast.point for blast in ground.blasts])
    return Totals(
        records=len(chosen), drawn=len(outlines), by_custody=dict(sorted(custody.items())),
        claimed=sum(sheet.claimed or 0 for sheet, _ in chosen),
        without_claim=sum(1 for sheet, _ in chosen if sheet.claimed is None),
        located=sum(find.quantity for find in ground.finds if find.record in located) + len(blown) + by_paper,
        outlines_m2=float(covered.area), hazard_m2=float(danger.area), covered_m2=float(covered.intersection(danger).area),
        accidents=len(ground.blasts), accidents_outside=blasts_inside.count(False),
        mines_found=sum(find.quantity for find in ground.finds),
        mines_outside=sum(find.quantity for find, inside in zip(ground.finds, finds_inside, strict=True) if not inside),
    )  # fmt: skip


def _union(plane: Projection, geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all(shapely.make_valid(plane.to_plane(list(geometries)))) if geometries else shapely.Polygon()


def _inside(reach: BaseGeometry, plane: Projection, points: Sequence[BaseGeometry]) -> list[bool]:
    if not points:
        return []
    shapely.prepare(reach)
    inside: list[bool] = shapely.covers(reach, plane.to_plane(list(points))).tolist()
    return inside
