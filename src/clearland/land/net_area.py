"""How many square metres of a hazard's ground each product covers that no earlier one released, without cutting them.

    net = covered − what earlier ones share with it + what two of them share with it − what three … (in the ground)

A product under very many earlier ones, or with a long outline, is cut instead: there the sum would have too many terms.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from clearland.land.area import Floats, Geometries
from clearland.land.columns import NOBODY, Ints, ranges
from clearland.land.overlap import Edges, boxes_shared, common, edges_of, joined, shared_m2
from clearland.land.overlay import differences

Flags = npt.NDArray[np.bool_]
LEAST_M2 = 1e-6  # smaller is rounding
LEAST_SHARE = 1e-9
_MOST_EARLIER = 4
_MOST_EDGES = 60
_CROWD = 64  # products on one ground above which a tree finds those that meet sooner than looking at all pairs


@dataclass(frozen=True)
class _Clashes:
    """Pairs of rows of a cover, the later and an earlier that releases, which share ground; by later, then earlier.

    `clipped` is the number of the later's covered ground in `regions`, NOBODY where it lies within the ground or its
    product is as good; `shared_m2` is what the two share in the ground where neither is long.
    """

    later: Ints
    earlier: Ints
    shared_m2: Floats
    clipped: Ints
    regions: Edges


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
        clashes = self._clashes()
        later, earlier = clashes.later, clashes.earlier
        heavy = np.bincount(later, minlength=len(self.product)) > _MOST_EARLIER
        heavy[later[self._long(later, earlier)]] = True
        net = self._by_sum(clashes, ~heavy)
        self._by_cutting(net, later, earlier, np.nonzero(heavy)[0])
        net[net < np.maximum(LEAST_M2, LEAST_SHARE * self.covered_m2)] = 0
        return net

    def _long(self, later: Ints, earlier: Ints) -> Flags:
        """Whether an outline of these pairs is so long that the later one is better cut."""
        long = self.products.count[self.product] > _MOST_EDGES
        long_ground = (self.grounds.count[self.ground] > _MOST_EDGES) & ~self.inside
        found: Flags = long[later] | long[earlier] | (long_ground[later] & long_ground[earlier])
        return found

    def _clashes(self) -> _Clashes:
        later, earlier = self._meeting()
        crossing = ~(self.inside[later] | self.inside[earlier]) & ~self._long(later, earlier)
        clipped, place = np.unique(later[crossing], return_inverse=True)
        regions = common(self.products, self.product[clipped], self.grounds, self.ground[clipped])
        number = np.full(len(later), NOBODY)
        number[crossing] = place
        shared = np.zeros(len(later))
        shared[crossing] = shared_m2(regions, place, self.products, self.product[earlier[crossing]])
        shared[~crossing] = shared_m2(
            self.products, self.product[later[~crossing]], self.products, self.product[earlier[~crossing]]
        )
        share = shared > LEAST_M2
        return _Clashes(later[share], earlier[share], shared[share], number[share], regions)

    def _meeting(self) -> tuple[Ints, Ints]:
        """Pairs of rows of one ground, the later and an earlier that releases, whose boxes meet; in order."""
        first = np.searchsorted(self.ground, self.ground)
        number = np.arange(len(self.ground))
        crowded = np.bincount(self.ground)[self.ground] > _CROWD if len(self.ground) else np.zeros(0, dtype=bool)
        turn = np.where(crowded, 0, number - first)
        later, earlier = np.repeat(number, turn), ranges(first, turn)
        if crowded.any():
            rows = np.nonzero(crowded)[0]
            shapes = _shapes(self.products)[self.product[rows]]
            one, other = shapely.STRtree(shapes).query(shapes)
            pair = (other < one) & (self.ground[rows[other]] == self.ground[rows[one]])
            later, earlier = np.concatenate([later, rows[one[pair]]]), np.concatenate([earlier, rows[other[pair]]])
            order = np.lexsort((earlier, later))
            later, earlier = later[order], earlier[order]
        releasing = self.releases[earlier]
        later, earlier = later[releasing], earlier[releasing]
        box = boxes_shared(self.products.box[self.product[later]], self.products.box[self.product[earlier]])
        meet = (box[:, 0] < box[:, 2]) & (box[:, 1] < box[:, 3])
        return later[meet], earlier[meet]

    def _by_sum(self, clashes: _Clashes, wanted: Flags) -> Floats:
        """In each round one more earlier product is shared with. `link` is the clash that brought the newest one in."""
        number, products = len(self.product), self.products
        later, earlier = clashes.later, clashes.earlier
        start, known = np.searchsorted(later, np.arange(number + 1)), later * number + earlier
        link = np.nonzero(wanted[later])[0]
        row, sign = later[link], 1.0
        net = self.covered_m2 - np.bincount(row, weights=clashes.shared_m2[link], minlength=number)
        ground: Edges | None = None
        place = link
        while True:
            region, further = _extended(link, start[row], earlier, known, number)
            if not len(region):
                return net
            drawn, again = np.unique(region, return_inverse=True)
            newest = self.product[earlier[link[drawn]]]
            if ground is None:
                ground, moved = self._first(clashes, link[drawn])
                again = moved[again]
            else:
                ground = common(ground, place[drawn], products, newest)
            shared = shared_m2(ground, again, products, self.product[earlier[further]])
            net += sign * np.bincount(row[region], weights=shared, minlength=number)
            left = shared > LEAST_M2
            link, row, place, sign = further[left], row[region[left]], again[left], -sign

    def _first(self, clashes: _Clashes, link: Ints) -> tuple[Edges, Ints]:
        """The ground that the two of each clash share, and where each stands in it."""
        newest = self.product[clashes.earlier[link]]
        cut = clashes.clipped[link] != NOBODY
        order = np.concatenate([np.nonzero(cut)[0], np.nonzero(~cut)[0]])
        place = np.empty(len(link), dtype=np.int64)
        place[order] = np.arange(len(link))
        return joined([
            common(clashes.regions, clashes.clipped[link[cut]], self.products, newest[cut]),
            common(self.products, self.product[clashes.later[link[~cut]]], self.products, newest[~cut]),
        ]), place

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
