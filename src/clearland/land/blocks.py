"""The ground in spatial blocks that can be worked anywhere: each with all that its own grounds depend on.

Who owned and who released a square metre of one hazard's own ground depends only on the polygons that touch it. So a
block holds its own hazards, whatever touches them, and the products that are counted with it; neighbours come along,
but nothing is answered for them. Sums of blocks add up to those of the whole (`summary.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import shapely

from clearland.core.collector import collector_paused
from clearland.land.area import Floats
from clearland.land.columns import NOBODY, Ints, Texts
from clearland.land.given import Hazards, Products
from clearland.land.model import Hazard, Product, Settings
from clearland.land.outlines import bounds_of_each
from clearland.land.partition import Partition, assembled, divided
from clearland.land.records import AnyTable, Flags
from clearland.land.register import register

MOST_PRODUCTS = 50_000
# A geodesic leaves the box of its two ends: by a few metres over 10 km, by a twentieth of its length at the very most.
_BULGE = 0.05
_LEAST_DEGREES = 1e-6
_DEPTH = 24  # how often the Earth is quartered: squares of about two metres


@dataclass(frozen=True)
class Members:
    """Rows of the hazards and products that a block is given, and of those that it answers for."""

    hazards: Ints
    products: Ints
    own_hazards: Ints
    own_products: Ints


def blocks(
    hazard_bounds: Floats, hazard_of: Ints, product_bounds: Floats, parents: Ints, named: tuple[Ints, Ints],
    most: int = MOST_PRODUCTS,
) -> list[Members]:
    """Blocks of at most about `most` products. Bounds are n × 4 degrees (west, south, east, north), NaN for nothing.

    `hazard_of` is the hazard of each row of `hazard_bounds` (its versions); `parents` the row of each hazard's parent, -1
    for none; `named` are the pairs of a product and a hazard that it names.
    """
    hazard_box, product_box = _boxes(hazard_bounds), _boxes(product_bounds)
    product, version = shapely.STRtree(hazard_box).query(product_box)
    touching = _pairs(product, hazard_of[version])
    one, other = shapely.STRtree(hazard_box).query(hazard_box)
    meeting = _pairs(hazard_of[one], hazard_of[other])
    place = np.zeros(len(parents), dtype=np.int64)
    place[hazard_of] = _places(hazard_bounds)
    starts = _squares(place, np.bincount(touching[1], minlength=len(parents)) + 1, most)
    block = np.searchsorted(starts, place, "right") - 1
    home = np.maximum(np.searchsorted(starts, _places(product_bounds), "right") - 1, 0)
    first = np.full(len(product_bounds), len(starts))
    np.minimum.at(first, touching[0], block[touching[1]])
    home = np.where(first < len(starts), first, home)
    known = _Near(
        _by_block(home, np.arange(len(home)), len(starts)), _by_block(block, np.arange(len(block)), len(starts)),
        _by_block(block[touching[1]], touching[0], len(starts)), _by_block(block[meeting[0]], meeting[1], len(starts)),
        _by_block(home[touching[0]], touching[1], len(starts)), _by_block(home[named[0]], named[1], len(starts)), parents,
    )
    return [known.members(number) for number in range(len(starts))]


def parents_of(hazards: Hazards) -> Ints:
    """The row of each hazard's parent, NOBODY where it has none here."""
    place = {name: row for row, name in enumerate(hazards.id.tolist())}
    return np.array([place.get(parent, NOBODY) for parent in hazards.parent.tolist()], dtype=np.int64)


def members_of(
    hazards: Hazards, products: Products, most: int = MOST_PRODUCTS, hazard_bounds: Floats | None = None
) -> list[Members]:
    """The blocks of two tables of records; `hazard_bounds` where they are known already, one row per version."""
    owner = np.repeat(np.arange(len(hazards)), np.diff(hazards.start))
    named = products.hazards.pairs({name: row for row, name in enumerate(hazards.id.tolist())})
    if hazard_bounds is None:
        hazard_bounds = bounds_of_each(hazards.geometry)
    return blocks(hazard_bounds, owner, bounds_of_each(products.geometry), parents_of(hazards), named, most)


def _boxes(bounds: Floats) -> Any:
    wide = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) * _BULGE + _LEAST_DEGREES
    boxes = np.full(len(bounds), None, dtype=object)
    known = np.isfinite(bounds).all(axis=1)
    west, south, east, north = bounds[known].T
    boxes[known] = shapely.box(west - wide[known], south - wide[known], east + wide[known], north + wide[known])
    return boxes


def _pairs(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Each pair once, in order."""
    width = int(other.max(initial=0)) + 1
    both = np.unique(one.astype(np.int64) * width + other)
    return both // width, both % width


def _places(bounds: Floats) -> Ints:
    """Where the south-western corner lies on a curve that runs through every square of the Earth, quarter by quarter."""
    corner = np.nan_to_num(bounds[:, :2])
    steps = np.clip(corner / (360, 180) + 0.5, 0, 1) * (2**_DEPTH - 1)
    place = np.zeros(len(bounds), dtype=np.int64)
    for bit in range(_DEPTH):
        for axis in (0, 1):
            place |= (steps[:, axis].astype(np.int64) >> bit & 1) << 2 * bit + axis
    return place


def _squares(place: Ints, weight: Ints, most: int) -> Ints:
    """Where the squares start that hold hazards of at most `most` together: quarters of quarters of the Earth.

    They lie where they lay before, whatever is added, until one is full: what was worked out of the others still holds.
    """
    order = np.argsort(place, kind="stable")
    place, total = place[order], np.concatenate([[0], np.cumsum(weight[order])])
    starts: list[int] = []
    waiting = [(0, 2 * _DEPTH)]
    while waiting:
        low, bits = waiting.pop()
        first, last = np.searchsorted(place, (low, low + (1 << bits)))
        if bits and total[last] - total[first] > most:
            waiting += [(low + (quarter << bits - 2), bits - 2) for quarter in (3, 2, 1, 0)]
        elif last > first:
            starts.append(low)
    return np.array(starts or [0], dtype=np.int64)


def _by_block(block: Ints, rows: Ints, count: int) -> list[Ints]:
    """The rows of each block."""
    order = np.argsort(block, kind="stable")
    return np.split(rows[order], np.searchsorted(block[order], np.arange(1, count)))


@dataclass(frozen=True)
class _Near:
    """Per block its own products and hazards; products that touch its hazards, hazards that meet them; hazards that its
    products touch, and that they name. `parents` is the row of each hazard's parent."""

    own_products: list[Ints]
    own_hazards: list[Ints]
    touching: list[Ints]
    meeting: list[Ints]
    touched: list[Ints]
    named: list[Ints]
    parents: Ints

    def members(self, number: int) -> Members:
        """What a block needs for all that it answers for."""
        hazards = np.unique(np.concatenate([
            self.own_hazards[number], self.meeting[number], self.touched[number], self.named[number],
        ]))
        while len(wider := np.union1d(hazards, self.parents[hazards][self.parents[hazards] != NOBODY])) > len(hazards):
            hazards = wider
        products = np.union1d(self.own_products[number], self.touching[number])
        return Members(hazards, products, self.own_hazards[number], self.own_products[number])


def cut_block(
    hazards: Sequence[Hazard], products: Sequence[Product], own_hazards: Texts, own_products: Texts, settings: Settings,
    *, threads: int = 1,
) -> Partition:
    """The partition of one block, with nothing in it but what the block answers for (ids).

    `settings.projection` must be the one of the whole, or blocks would be measured in different planes.
    """
    with collector_paused():
        book = register(hazards, products, settings, threads=threads)
        cut = assembled(book, divided(book, np.ones(len(book.hazards), dtype=bool), threads))
    return answering(cut, _among(book.hazards.id, own_hazards), _among(book.products.id, own_products))


def _among(ids: Texts, own: Texts) -> Flags:
    mine = set(own.tolist())
    return np.array([name in mine for name in ids.tolist()], dtype=bool)


def answering(cut: Partition, hazards: Flags, products: Flags) -> Partition:
    """The same partition with the records of some hazards' grounds only, and the ground that some products checked."""
    return replace(
        cut, moves=_of(cut.moves, hazards), holdings=_of(cut.holdings, hazards), gross=_of(cut.gross, hazards),
        drawn=_of(cut.drawn, hazards), uncut=[], residual_m2=np.where(hazards, cut.residual_m2, 0.0),
        outside_m2=np.where(products, cut.outside_m2, 0.0), answers_for=products & cut.answers_for,
    )


def _of(table: AnyTable, hazards: Flags) -> AnyTable:
    rows = np.nonzero(hazards[table.unit])[0]
    return type(table)(**{column.name: getattr(table, column.name)[rows] for column in fields(table)})
