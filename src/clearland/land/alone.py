"""Ground that only one hazard ever covered, in one version: whole arrays instead of stories.

The rules are those of `timeline.py` where nobody else is involved: each qualifying product releases what no earlier
one released; the rest remains.
"""

import numpy as np
import numpy.typing as npt
import shapely

from clearland.land.area import Floats, Geometries
from clearland.land.overlay import differences, intersections, unions
from clearland.land.records import NEVER, NOBODY, Block, Gross, Holdings, Line, Moves, Pieces, in_both_views, stacked
from clearland.land.register import Ints, Register
from clearland.land.release import GROSS_COLUMNS, Verdict
from clearland.land.timeline import LINE_OF_STRENGTH

Flags = npt.NDArray[np.bool_]
_LINES = np.array([0, *(LINE_OF_STRENGTH[strength] for strength in (1, 2, 3))], dtype=np.int64)


def divide_alone(book: Register, hazards: Ints, near: tuple[Ints, Ints], place: Ints) -> Block:
    """Cut each hazard by its products. `near` are candidate pairs (product, hazard) by hazard and order of credit.

    `place` is, per hazard of the register, the official district that holds it whole (see `records.py`).
    """
    product, hazard, covered = _covered(book, *near)
    row = book.start[hazard]
    verdict = book.verdicts(product, row)
    counted = np.isin(verdict, [Verdict.RELEASES, *GROSS_COLUMNS])
    inside = verdict != Verdict.BEFORE_IDENTIFICATION
    inside_product, inside_m2 = product[inside], shapely.area(covered[inside])
    product, hazard, row = product[counted], hazard[counted], row[counted]
    covered, verdict = covered[counted], verdict[counted]
    releases = verdict == Verdict.RELEASES
    net = _less_earlier_releases(covered, hazard, releases)
    net_m2 = shapely.area(net)
    remaining = _remaining(book, hazards, covered[releases], hazard[releases])
    remaining_m2 = shapely.area(remaining)
    whole_m2 = shapely.area(book.extent[hazards])
    released = np.nonzero(releases & (net_m2 > 0))[0]
    failed = np.nonzero(~releases & (net_m2 > 0))[0]
    residual = whole_m2 - remaining_m2
    np.subtract.at(residual, np.searchsorted(hazards, hazard[released]), net_m2[released])
    own = book.start[hazards]
    held = remaining_m2 > 0
    return Block(
        moves=in_both_views(stacked([
            _identified(book, own, place, whole_m2),
            _released(book, product[released], row[released], place, net_m2[released]),
        ])),
        holdings=in_both_views(stacked([
            _held(book, own[held], np.full(int(held.sum()), NEVER), place, remaining_m2[held]),
            _held(book, row[released], book.ended[product[released]], place, net_m2[released]),
        ])),
        gross=in_both_views(Gross(
            view=book.versions.type[row[failed]], hazard=hazard[failed],
            area_class=book.versions.area_class[row[failed]], product=product[failed],
            reason=verdict[failed].astype(np.int64), place=place[hazard[failed]], area_m2=net_m2[failed],
        )),
        pieces=in_both_views(stacked([
            _piece(book, own[held], np.full(int(held.sum()), NOBODY), place, remaining[held]),
            _piece(book, row[released], product[released], place, net[released]),
        ])),
        residual_hazard=hazards, residual_m2=residual, inside_product=inside_product, inside_m2=inside_m2,
    )


def _covered(book: Register, product: Ints, hazard: Ints) -> tuple[Ints, Ints, Geometries]:
    """Pairs that share ground, and the ground they share."""
    shapes, areas = book.product_shape[product], book.extent[hazard]
    shapely.prepare(areas)
    within = shapely.contains_properly(areas, shapes)
    covered = shapes.copy()
    crossing = np.nonzero(~within)[0]
    crossing = crossing[shapely.intersects(areas[crossing], shapes[crossing])]
    covered[crossing] = intersections(areas[crossing], shapes[crossing])
    kept = within.copy()
    kept[crossing] = shapely.area(covered[crossing]) > 0
    return product[kept], hazard[kept], covered[kept]


def _less_earlier_releases(covered: Geometries, hazard: Ints, releases: Flags) -> Geometries:
    """What each product covered less what earlier products released of the same hazard."""
    net = covered.copy()
    later, first = shapely.STRtree(covered).query(covered, predicate="intersects")
    clash = (first < later) & (hazard[first] == hazard[later]) & releases[first]
    later, first = later[clash], first[clash]
    order = np.lexsort((first, later))
    later, first = later[order], first[order]
    turn = np.arange(len(later)) - np.searchsorted(later, later)
    for number in range(int(turn.max(initial=-1)) + 1):
        now = turn == number
        net[later[now]] = differences(net[later[now]], covered[first[now]])
    return net


def _remaining(book: Register, hazards: Ints, covered: Geometries, hazard: Ints) -> Geometries:
    remaining = book.extent[hazards].copy()
    if len(covered):
        touched, place = np.unique(np.searchsorted(hazards, hazard), return_inverse=True)
        gone = unions(np.asarray(shapely.geometrycollections(covered, indices=place), dtype=object))
        remaining[touched] = differences(remaining[touched], gone)
    return remaining


def _identified(book: Register, row: Ints, place: Ints, whole_m2: Floats) -> Moves:
    hazards = book.versions.hazard[row]
    nobody = np.full(len(hazards), NOBODY)
    return Moves(
        view=book.versions.type[row], line=np.full(len(hazards), int(Line.NEWLY_IDENTIFIED)),
        first=book.versions.first[row], day=book.versions.day[row], giver=nobody, giver_class=nobody, taker=hazards,
        taker_class=book.versions.area_class[row], product=nobody, place=place[hazards],
        area_m2=whole_m2,
    )


def _released(book: Register, product: Ints, row: Ints, place: Ints, net_m2: Floats) -> Moves:
    nobody = np.full(len(product), NOBODY)
    return Moves(
        view=book.versions.type[row], line=_LINES[book.strength[product]], first=book.ended_first[product],
        day=book.ended[product], giver=book.versions.hazard[row], giver_class=book.versions.area_class[row],
        taker=nobody, taker_class=nobody, product=product, place=place[book.versions.hazard[row]], area_m2=net_m2,
    )


def _held(book: Register, row: Ints, until: Ints, place: Ints, area_m2: Floats) -> Holdings:
    return Holdings(
        view=book.versions.type[row], hazard=book.versions.hazard[row], area_class=book.versions.area_class[row],
        since=book.versions.day[row], until=until, place=place[book.versions.hazard[row]], area_m2=area_m2,
    )


def _piece(book: Register, row: Ints, product: Ints, place: Ints, shape: Geometries) -> Pieces:
    state = np.where(product == NOBODY, 0, book.strength[product]) if len(book.products) else np.zeros_like(row)
    return Pieces(
        view=book.versions.type[row], state=state, hazard=book.versions.hazard[row],
        area_class=book.versions.area_class[row], product=product, place=place[book.versions.hazard[row]],
        shape=shape,
    )
