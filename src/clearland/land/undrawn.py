"""The pieces of ground that only one hazard ever covered, drawn when somebody wants them: a balance needs only sizes."""

import numpy as np
import shapely

from clearland.land.area import Geometries
from clearland.land.columns import NOBODY, Ints
from clearland.land.net_area import clear_away
from clearland.land.overlay import differences, intersections, unions
from clearland.land.records import Pieces, Uncut, in_both_views, stacked
from clearland.land.register import Register


def draw(book: Register, uncut: Uncut) -> Pieces:
    """What remains of each ground, and what each product released of it; polygons in the plane."""
    covered = _covered(book, uncut)
    remaining = _remaining(uncut, covered)
    held = uncut.held & (shapely.area(remaining) > 0)
    net = _less_earlier(covered, uncut.of)
    kept = shapely.area(net) > 0
    nobody = np.full(int(held.sum()), NOBODY)
    return in_both_views(stacked([
        _pieces(book, uncut, np.nonzero(held)[0], nobody, np.zeros_like(nobody), remaining[held]),
        _pieces(book, uncut, uncut.of[kept], uncut.product[kept], book.strength[uncut.product[kept]], net[kept]),
    ]))


def _covered(book: Register, uncut: Uncut) -> Geometries:
    """What each product covers of its ground."""
    shapes, grounds = book.product_shape[uncut.product], uncut.ground[uncut.of]
    shapely.prepare(grounds)
    crossing = np.nonzero(~shapely.contains_properly(grounds, shapes))[0]
    shapes[crossing] = intersections(grounds[crossing], shapes[crossing])
    return shapes


def _less_earlier(covered: Geometries, of: Ints) -> Geometries:
    """What each product covered less what earlier products released of the same ground."""
    net = covered.copy()
    later, earlier = shapely.STRtree(covered).query(covered, predicate="intersects")
    clash = (earlier < later) & (of[earlier] == of[later])
    later, earlier = later[clash], earlier[clash]
    order = np.lexsort((earlier, later))
    clear_away(net, later[order], covered[earlier[order]])
    return net


def _remaining(uncut: Uncut, covered: Geometries) -> Geometries:
    remaining = uncut.ground.copy()
    if len(covered):
        touched, place = np.unique(uncut.of, return_inverse=True)
        gone = unions(np.asarray(shapely.geometrycollections(covered, indices=place), dtype=object))
        remaining[touched] = differences(remaining[touched], gone)
    return remaining


def _pieces(book: Register, uncut: Uncut, ground: Ints, product: Ints, state: Ints, shape: Geometries) -> Pieces:
    row = book.start[uncut.hazard[ground]]
    return Pieces(
        view=book.versions.type[row], state=state, hazard=uncut.hazard[ground], area_class=book.versions.area_class[row],
        product=product, unit=uncut.hazard[ground], place=uncut.place[ground], shape=shape,
    )
