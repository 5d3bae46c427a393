"""The ground cut into disjoint pieces, each with its hazard, type, class and the product that released it.

Ground of one hazard alone goes through `alone.py` (whole arrays); ground under several hazards, or redrawn, through
`cells.py` and `timeline.py`. Both book the same records; a test cuts everything both ways and compares.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import shapely

from clearland.core.collector import collector_paused
from clearland.land.alone import Grounds, divide_alone
from clearland.land.area import Floats, Geometries
from clearland.land.columns import NOBODY, Ints
from clearland.land.districts import district_of
from clearland.land.model import Hazard, Product, Settings
from clearland.land.overlap import edges_of, shared_m2
from clearland.land.records import Block, Flags, Gross, Holdings, Inside, Moves, Pieces, Uncut, stacked
from clearland.land.register import Register, register
from clearland.land.shared import divide_shared, set_apart
from clearland.land.undrawn import draw

LEAST_OVERLAP_M2 = 1e-3  # hazards that share less only touch
UNITS_PER_TASK = 1_000


@dataclass(kw_only=True)
class Partition:
    """All records, and per hazard what the cutting itself lost or gained (`residual_m2`, ≤ 1 m² or the balance fails).

    `outside_m2` is, per product, the ground it checked where no hazard was recorded when it ended.
    """

    register: Register
    moves: Moves
    holdings: Holdings
    gross: Gross
    drawn: Pieces
    inside: Inside
    uncut: list[Uncut]
    residual_m2: Floats
    outside_m2: Floats
    answers_for: Flags  # products: of a block of the ground only its own

    @cached_property
    def pieces(self) -> Pieces:
        """Disjoint polygons in the plane. Most are drawn when first asked for: a balance needs only their size."""
        return stacked([self.drawn, *(draw(self.register, uncut) for uncut in self.uncut)])


def partition(
    hazards: Sequence[Hazard], products: Sequence[Product], settings: Settings | None = None, *,
    threads: int = 1, everything_as_shared: bool = False,
) -> Partition:
    """Cut the ground (EPSG:4326 in, equal-area plane inside). A pure function of the two sets: order does not matter.

    `everything_as_shared` sends hazards that stand alone the long way too; the result is the same, only slower.
    """
    with collector_paused():
        book = register(hazards, products, settings or Settings(), threads=threads)
        every = np.ones(len(book.hazards), dtype=bool)
        return assembled(book, divided(book, every, threads, everything_as_shared=everything_as_shared))


def divided(book: Register, wanted: Flags, threads: int, *, everything_as_shared: bool = False) -> list[Block]:
    """The records of the wanted hazards' own grounds: each depends on nothing but the polygons that touch it."""
    first, second = _overlapping(book, wanted)
    several = np.diff(book.start) > 1
    several[first] = several[second] = True
    several |= everything_as_shared
    place = np.full(len(book.hazards), NOBODY, dtype=np.int64)
    if len(book.district_shape):
        place = district_of(book.extent, book.district_shape)
        several |= place == NOBODY
    shared = np.nonzero(several & book.drawn & wanted)[0]
    alone = np.nonzero(~several & book.drawn & wanted)[0]
    whole = (place == NOBODY) & bool(len(book.district_shape)) | everything_as_shared
    ground, apart, apart_shape = set_apart(book, shared, (first, second), whole)
    shapes = np.concatenate([book.extent[alone], apart_shape])
    alone = np.concatenate([alone, apart])
    grounds = Grounds(shapes, alone, place[alone])
    counts = np.nonzero(book.approved & (book.ended > 0))[0]
    near = _Near(counts, shapely.STRtree(book.product_shape[counts]))
    work = partial(divide_shared, book, ground, (first, second), near.pairs(ground.shape))
    return _in_threads(book, work, grounds, near, threads)


def _overlapping(book: Register, wanted: Flags) -> tuple[Ints, Ints]:
    """Pairs of hazards (earlier, later), at least one of them wanted, that ever shared ground."""
    asked = np.nonzero(wanted)[0]
    left, right = shapely.STRtree(book.extent).query(book.extent[asked], predicate="intersects")
    left = asked[left]
    once = (left < right) | ((left > right) & ~wanted[right])
    earlier, later = np.minimum(left, right)[once], np.maximum(left, right)[once]
    met, place = np.unique(np.concatenate([earlier, later]), return_inverse=True)
    edges = edges_of(book.extent[met])
    shares = shared_m2(edges, place[: len(earlier)], edges, place[len(earlier) :]) > LEAST_OVERLAP_M2
    return earlier[shares], later[shares]


@dataclass(frozen=True)
class _Near:
    """Finds products by their boxes; those that cannot count at all are left out."""

    product: Ints
    tree: shapely.STRtree

    def pairs(self, grounds: Geometries) -> tuple[Ints, Ints]:
        """Pairs (product, position of the ground) whose bounding boxes meet, by ground and in order of credit."""
        ground, found = self.tree.query(grounds)
        product = self.product[found]
        order = np.lexsort((product, ground))
        return product[order], ground[order]


def _in_threads(
    book: Register, shared: Callable[[], Block], grounds: Grounds, near: _Near, threads: int
) -> list[Block]:
    """The block of shared ground, then those of ground alone. GEOS and numpy let go of the interpreter lock."""
    _ = book.product_m2  # measured here, once: threads that ask for it together would each measure it

    def divide(start: int) -> Block:
        mine = grounds.part(slice(start, start + UNITS_PER_TASK))
        return divide_alone(book, mine, near.pairs(mine.shape))

    with ThreadPoolExecutor(max_workers=threads) as pool:
        first = pool.submit(shared)
        rest = list(pool.map(divide, range(0, len(grounds.hazard), UNITS_PER_TASK)))
        return [first.result(), *rest]


def assembled(book: Register, blocks: Sequence[Block]) -> Partition:
    """The records of all blocks as one partition."""
    residual = np.zeros(len(book.hazards))
    inside = np.zeros(len(book.products))
    for block in blocks:
        np.add.at(residual, block.residual_hazard, block.residual_m2)
        np.add.at(inside, block.inside.product, block.inside.area_m2)
    counts = book.approved & (book.ended > 0)
    outside = np.where(counts, np.maximum(book.product_m2 - inside, 0), 0)
    outside[outside < 1e-6 * book.product_m2] = 0  # rounding of the cuts, not ground
    return Partition(
        register=book, moves=stacked([block.moves for block in blocks]),
        holdings=stacked([block.holdings for block in blocks]), gross=stacked([block.gross for block in blocks]),
        drawn=stacked([block.pieces for block in blocks]), uncut=[uncut for block in blocks for uncut in block.uncut],
        inside=stacked([block.inside for block in blocks]),
        residual_m2=residual, outside_m2=outside, answers_for=np.ones(len(outside), dtype=bool),
    )
