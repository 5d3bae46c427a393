"""How many square metres of a hazard's ground each product covers that no earlier one released, without cutting them.

    net = covered − what earlier ones share with it + what two of them share with it − what three … (in the ground)

A product under very many earlier ones, or with a long outline, is cut instead: there the sum would have too many terms.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from clearland.land.area import Floats, Geometries
from clearland.land.overlap import Edges, Ints, common, edges_of, ranges, shared_m2
from clearland.land.overlay import differences

Flags = npt.NDArray[np.bool_]
LEAST_M2 = 1e-6  # smaller is rounding
LEAST_SHARE = 1e-9
_MOST_EARLIER = 4
_MOST_EDGES = 60


@dataclass(frozen=True)
class Cover:
    """Pairs of a product and a ground it covers, those of one ground together and in order of credit.

    `inside`: the product lies within the ground. `releases`: what it covers is gone for those after it.
    """

    products: Edges
    product: Ints
    grounds: Edges
    ground: Ints
    inside: Flags
    covered_m2: Floats
    releases: Flags

    def net_m2(self) -> Floats:
        """Per pair the covered ground less what earlier pairs of the same ground released."""
        later, earlier = self._clashes()
        count = np.bincount(later, minlength=len(self.product))
        long = self.products.count[self.product] > _MOST_EDGES
        long_ground = (self.grounds.count[self.ground] > _MOST_EDGES) & ~self.inside
        heavy = count > _MOST_EARLIER
        heavy[later[long[later] | long[earlier] | (long_ground[later] & long_ground[earlier])]] = True
        net = self._by_sum(later, earlier, ~heavy)
        self._by_cutting(net, later, earlier, np.nonzero(heavy)[0])
        net[net < np.maximum(LEAST_M2, LEAST_SHARE * self.covered_m2)] = 0
        return net

    def _clashes(self) -> tuple[Ints, Ints]:
        """Pairs of pairs, the later and an earlier that releases, which share ground; by later, then earlier."""
        shapes = _shapes(self.products)[self.product]
        later, earlier = shapely.STRtree(shapes).query(shapes)
        meet = (earlier < later) & (self.ground[earlier] == self.ground[later]) & self.releases[earlier]
        later, earlier = later[meet], earlier[meet]
        shared = shared_m2(self.products, self.product[later], self.products, self.product[earlier])
        later, earlier = later[shared > LEAST_M2], earlier[shared > LEAST_M2]
        order = np.lexsort((earlier, later))
        return later[order], earlier[order]

    def _by_sum(self, later: Ints, earlier: Ints, wanted: Flags) -> Floats:
        """In each round one more earlier product is shared with. `link` is the clash that brought the newest one in."""
        number, products = len(self.product), self.products
        net, start = self.covered_m2.copy(), np.searchsorted(later, np.arange(number + 1))
        known = later * number + earlier
        link = np.nonzero(wanted[later])[0]
        row, sign = later[link], -1.0
        whole, which, inside = products, self.product[row], self.inside[row] | self.inside[earlier[link]]
        while len(link):
            newest = self.product[earlier[link]]
            shared = shared_m2(whole, which, products, newest)
            region, further = _extended(link, start[row], earlier, known, number)
            crossing = ~inside & (shared > LEAST_M2)
            drawn = np.unique(np.concatenate([np.nonzero(crossing)[0], region]))
            ground = common(whole, which[drawn], products, newest[drawn])
            places = np.searchsorted(drawn, np.nonzero(crossing)[0])
            shared[crossing] = shared_m2(ground, places, self.grounds, self.ground[row[crossing]])
            net += sign * np.bincount(row, weights=shared, minlength=number)
            whole, which, link, sign = ground, np.searchsorted(drawn, region), further, -sign
            row, inside = row[region], inside[region] | self.inside[earlier[further]]
        return net

    def _by_cutting(self, net: Floats, later: Ints, earlier: Ints, rows: Ints) -> None:
        shapes = _shapes(self.products)
        cut = shapes[self.product[rows]]
        place = np.searchsorted(rows, later[mine := np.isin(later, rows)])
        clear_away(cut, place, shapes[self.product[earlier[mine]]])
        net[rows] = shapely.area(cut)
        crossing = np.nonzero(~self.inside[rows])[0]
        net[rows[crossing]] = shared_m2(edges_of(cut[crossing]), np.arange(len(crossing)), self.grounds,
                                        self.ground[rows[crossing]])


def clear_away(ground: Geometries, place: Ints, gone: Geometries) -> None:
    """Take from each `ground[place[n]]` the polygon `gone[n]`, in place; `place` is in order."""
    turn = np.arange(len(place)) - np.searchsorted(place, place)
    for number in range(int(turn.max(initial=-1)) + 1):
        now = turn == number
        ground[place[now]] = differences(ground[place[now]], gone[now])


def _extended(link: Ints, start: Ints, earlier: Ints, known: Ints, number: int) -> tuple[Ints, Ints]:
    """Each region with each still earlier product that clashes with the newest in it: region and the new link."""
    times = link - start
    region = np.repeat(np.arange(len(link)), times)
    further = ranges(start, times)
    asked = earlier[link[region]] * number + earlier[further]
    place = np.minimum(np.searchsorted(known, asked), max(len(known) - 1, 0))
    clash = known[place] == asked
    return region[clash], further[clash]


def _shapes(edges: Edges) -> Geometries:
    assert edges.shape is not None  # products and hazards are drawn
    return edges.shape
