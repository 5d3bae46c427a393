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
    block = _block_of_each(hazard_bounds, hazard_of, len(parents), touching[1], most)
    count = int(block.max(initial=0)) + 1
    home = np.arange(len(product_bounds)) * count // max(len(product_bounds), 1)
    first = np.full(len(product_bounds), count)
    np.minimum.at(first, touching[0], block[touching[1]])
    home = np.where(first < count, first, home)
    known = _Near(touching, meeting, named, parents)
    return [known.members(block == number, home == number) for number in range(count)]


def parents_of(hazards: Hazards) -> Ints:
    """The row of each hazard's parent, NOBODY where it has none here."""
    place = {name: row for row, name in enumerate(hazards.id.tolist())}
    return np.array([place.get(parent, NOBODY) for parent in hazards.parent.tolist()], dtype=np.int64)


def members_of(hazards: Hazards, products: Products, most: int = MOST_PRODUCTS) -> list[Members]:
    """The blocks of two tables of records."""
    owner = np.repeat(np.arange(len(hazards)), np.diff(hazards.start))
    named = products.hazards.pairs({name: row for row, name in enumerate(hazards.id.tolist())})
    bounds = bounds_of_each(hazards.geometry), bounds_of_each(products.geometry)
    return blocks(bounds[0], owner, bounds[1], parents_of(hazards), named, most)


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


def _block_of_each(bounds: Floats, hazard_of: Ints, hazards: int, touched: Ints, most: int) -> Ints:
    """The block of each hazard: hazards in strips from south to north, cut where a block is full."""
    weight = np.bincount(touched, minlength=hazards) + 1
    x, y = (np.zeros(hazards) for _ in range(2))
    x[hazard_of], y[hazard_of] = np.nan_to_num(bounds[:, 0]), np.nan_to_num(bounds[:, 1])
    strips = max(int(np.sqrt(weight.sum() / max(most, 1))), 1)
    strip = np.searchsorted(np.quantile(y, np.linspace(0, 1, strips + 1)[1:-1]), y) if hazards else y
    order = np.lexsort((x, strip))
    block = np.zeros(hazards, dtype=np.int64)
    block[order] = np.cumsum(weight[order]) // max(most, 1)
    return np.unique(block, return_inverse=True)[1].reshape(-1)


@dataclass(frozen=True)
class _Near:
    """Pairs (product, hazard) and (hazard, hazard) whose boxes meet, pairs (product, hazard) that name, parents."""

    touching: tuple[Ints, Ints]
    meeting: tuple[Ints, Ints]
    named: tuple[Ints, Ints]
    parents: Ints

    def members(self, own: Flags, home: Flags) -> Members:
        """What a block needs that answers for these hazards and products."""
        own_hazards, own_products = np.nonzero(own)[0], np.nonzero(home)[0]
        hazards = np.unique(np.concatenate([
            own_hazards, self.meeting[1][own[self.meeting[0]]],
            *(hazard[home[product]] for product, hazard in (self.touching, self.named)),
        ]))
        while len(wider := np.union1d(hazards, self.parents[hazards][self.parents[hazards] != NOBODY])) > len(hazards):
            hazards = wider
        products = np.union1d(own_products, self.touching[0][own[self.touching[1]]])
        return Members(hazards, products, own_hazards, own_products)


def cut_block(
    hazards: Sequence[Hazard], products: Sequence[Product], own_hazards: Texts, own_products: Texts, settings: Settings,
    *, threads: int = 1,
) -> Partition:
    """The partition of one block, with nothing in it but what the block answers for (ids).

    `settings.projection` must be the one of the whole, or blocks would be measured in different planes.
    """
    book = register(hazards, products, settings, threads=threads)
    cut = assembled(book, divided(book, np.ones(len(book.hazards), dtype=bool), threads))
    return answering(cut, np.isin(book.hazards.id, own_hazards), np.isin(book.products.id, own_products))


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
