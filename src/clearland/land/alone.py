"""Ground that only one hazard ever covered, in one version: whole arrays instead of stories.

The rules are those of `timeline.py` where nobody else is involved: each qualifying product releases what no earlier
one released; the rest remains. Only sizes are worked out; the pieces are drawn when somebody wants the map.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from clearland.land.area import Floats, Geometries
from clearland.land.columns import NOBODY, Ints
from clearland.land.net_area import LEAST_M2, LEAST_SHARE, Cover
from clearland.land.overlap import Edges, edges_of, shared_m2
from clearland.land.records import (
    NEVER,
    Block,
    Flags,
    Gross,
    Holdings,
    Inside,
    Line,
    Moves,
    Uncut,
    in_both_views,
    no_pieces,
    stacked,
)
from clearland.land.register import Register
from clearland.land.release import GROSS_COLUMNS, Verdict
from clearland.land.timeline import LINE_OF_STRENGTH

_LINES = np.array([0, *(LINE_OF_STRENGTH[strength] for strength in (1, 2, 3))], dtype=np.int64)


@dataclass
class Grounds:
    """Ground that one version of one hazard covers: polygon in the plane, hazard, official district (`records.py`)."""

    shape: Geometries
    hazard: Ints
    place: Ints

    def part(self, rows: slice) -> "Grounds":
        """Some of them."""
        return Grounds(self.shape[rows], self.hazard[rows], self.place[rows])


def divide_alone(book: Register, grounds: Grounds, near: tuple[Ints, Ints]) -> Block:
    """Share out each ground among its products.

    `near` are candidate pairs (product, position in `grounds`) by ground and in order of credit.
    """
    edges = edges_of(grounds.shape)
    here, place = np.unique(near[0], return_inverse=True)
    products = edges_of(book.product_shape[here], book.corners.of(here))
    place, ground, covered_m2, inside = _covered(products, book.product_m2[near[0]], edges, place, near[1])
    product = here[place]
    hazard = grounds.hazard[ground]
    row = book.start[hazard]
    verdict = book.verdicts(product, row)
    while_recorded = verdict != Verdict.BEFORE_IDENTIFICATION
    inside_rows = Inside(
        unit=hazard[while_recorded], product=product[while_recorded], area_m2=covered_m2[while_recorded]
    )
    counted = np.isin(verdict, [Verdict.RELEASES, *GROSS_COLUMNS])
    product, place, ground, row = product[counted], place[counted], ground[counted], row[counted]
    verdict = verdict[counted]
    releases = verdict == Verdict.RELEASES
    net_m2 = Cover(products, place, edges, ground, inside[counted], covered_m2[counted], releases).net_m2()
    released = np.nonzero(releases & (net_m2 > 0))[0]
    failed = np.nonzero(~releases & (net_m2 > 0))[0]
    whole_m2 = shapely.area(grounds.shape)
    gone_m2 = np.bincount(ground[released], weights=net_m2[released], minlength=len(whole_m2))
    remaining_m2 = whole_m2 - gone_m2
    held = remaining_m2 > np.maximum(LEAST_M2, LEAST_SHARE * whole_m2)
    remaining_m2[~held] = 0
    own, place, passed = book.start[grounds.hazard], grounds.place, ground[released]
    return Block(
        moves=in_both_views(stacked([
            _identified(book, own, place, whole_m2),
            _released(book, product[released], row[released], place[passed], net_m2[released]),
        ])),
        holdings=in_both_views(stacked([
            _held(book, own[held], np.full(int(held.sum()), NEVER), place[held], remaining_m2[held]),
            _held(book, row[released], book.ended[product[released]], place[passed], net_m2[released]),
        ])),
        gross=in_both_views(Gross(
            view=book.versions.type[row[failed]], hazard=book.versions.hazard[row[failed]],
            area_class=book.versions.area_class[row[failed]], product=product[failed],
            reason=verdict[failed].astype(np.int64), unit=book.versions.hazard[row[failed]],
            place=place[ground[failed]], area_m2=net_m2[failed],
        )),
        pieces=no_pieces(),
        # What was credited twice or lies nowhere: without it the areas would close only because they were subtracted.
        residual_hazard=grounds.hazard, residual_m2=whole_m2 - gone_m2 - remaining_m2,
        inside=inside_rows,
        uncut=[Uncut(
            ground=grounds.shape, hazard=grounds.hazard, place=place, held=held, product=product[released], of=passed
        )],
    )


def _covered(
    products: Edges, whole_m2: Floats, grounds: Edges, product: Ints, ground: Ints
) -> tuple[Ints, Ints, Floats, Flags]:
    """Pairs that share ground, the m² they share, and whether the product (of `whole_m2`) lies within the ground."""
    covered_m2 = shared_m2(products, product, grounds, ground)
    rounding = np.maximum(LEAST_M2, LEAST_SHARE * whole_m2)
    inside = whole_m2 - covered_m2 < rounding
    covered_m2 = np.where(inside, whole_m2, covered_m2)
    covered_m2[covered_m2 < rounding] = 0
    kept = covered_m2 > 0
    return product[kept], ground[kept], covered_m2[kept], inside[kept]


def _identified(book: Register, row: Ints, place: Ints, whole_m2: Floats) -> Moves:
    hazards = book.versions.hazard[row]
    nobody = np.full(len(hazards), NOBODY)
    return Moves(
        view=book.versions.type[row], line=np.full(len(hazards), int(Line.NEWLY_IDENTIFIED)),
        first=book.versions.first[row], day=book.versions.day[row], giver=nobody, giver_class=nobody, taker=hazards,
        taker_class=book.versions.area_class[row], product=nobody, unit=hazards, place=place,
        area_m2=whole_m2,
    )


def _released(book: Register, product: Ints, row: Ints, place: Ints, net_m2: Floats) -> Moves:
    nobody = np.full(len(product), NOBODY)
    return Moves(
        view=book.versions.type[row], line=_LINES[book.strength[product]], first=book.ended_first[product],
        day=book.ended[product], giver=book.versions.hazard[row], giver_class=book.versions.area_class[row],
        taker=nobody, taker_class=nobody, product=product,
        unit=book.versions.hazard[row], place=place, area_m2=net_m2,
    )


def _held(book: Register, row: Ints, until: Ints, place: Ints, area_m2: Floats) -> Holdings:
    return Holdings(
        view=book.versions.type[row], hazard=book.versions.hazard[row], area_class=book.versions.area_class[row],
        since=book.versions.day[row], until=until, unit=book.versions.hazard[row], place=place,
        area_m2=area_m2,
    )
