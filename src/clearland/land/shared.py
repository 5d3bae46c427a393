"""Ground that several hazards, or several versions of one hazard, ever covered: cut into cells, each with its story."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from clearland.land.area import Floats, Geometries
from clearland.land.cells import cut_into_cells, own_ground
from clearland.land.columns import NOBODY, Ints
from clearland.land.districts import districts_cutting
from clearland.land.overlay import differences, intersections, unions
from clearland.land.records import Block, Flags, Gross, Holdings, Inside, Moves, Pieces, table
from clearland.land.register import Register
from clearland.land.timeline import Facts, Story, tell


@dataclass
class _Unit:
    """One hazard's own ground: the hazards and products that touch it, and the polygons to cut it by."""

    hazards: list[int]
    always: list[int]  # version rows that cover all of it
    rows: list[int]  # version rows to cut by, in the order of the layers
    products: list[int]  # products to cut by, after the rows, in order of credit
    districts: list[int]  # official districts to cut by, last


@dataclass
class SharedGround:
    """Ground of hazards that meet others or were redrawn: per unit the hazard, its ground, and the m² the split lost."""

    hazard: Ints
    shape: Geometries
    lost_m2: Floats


def set_apart(
    book: Register, hazards: Ints, overlapping: tuple[Ints, Ints], whole: Flags
) -> tuple[SharedGround, Ints, Geometries]:
    """The own ground of each hazard, and out of it what no later one covers: hazards and polygons that stand alone.

    `overlapping` are pairs (earlier, later) of hazards that share ground. Hazards marked `whole` are not split.
    """
    earlier, later = _neighbours(overlapping)
    ground = own_ground(book.extent, hazards, [earlier[hazard] for hazard in hazards.tolist()])
    own_m2 = shapely.area(ground)
    single = (np.diff(book.start)[hazards] == 1) & ~whole[hazards]
    covers = [later[hazard] if one else [] for hazard, one in zip(hazards.tolist(), single.tolist(), strict=True)]
    met = np.array([position for position, others in enumerate(covers) if others], dtype=np.int64)
    meeting = unions(np.array([shapely.GeometryCollection(list(book.extent[covers[place]])) for place in met], dtype=object))
    apart = ground.copy()
    apart[met] = differences(ground[met], meeting)
    ground[met] = intersections(ground[met], meeting)
    ground[single & ~np.isin(np.arange(len(ground)), met)] = shapely.Polygon()
    apart[~single] = shapely.Polygon()
    lost = own_m2 - shapely.area(ground) - shapely.area(apart)
    alone = shapely.area(apart) > 0
    return SharedGround(hazards, ground, lost), hazards[alone], apart[alone]


def divide_shared(
    book: Register, shared: SharedGround, overlapping: tuple[Ints, Ints], near: tuple[Ints, Ints]
) -> Block:
    """Cut each unit's ground by everything that touches it and tell the story of each cell.

    `near` are pairs (product, position of the unit) whose bounding boxes meet, by unit and in order of credit.
    """
    _, later = _neighbours(overlapping)
    ground = shared.shape
    units = [
        _unit(book, hazard, later[hazard], products, cutting)
        for hazard, products, cutting in zip(
            shared.hazard.tolist(), _by_unit(near, ground, book.product_shape), districts_cutting(ground, book.district_shape),
            strict=True,
        )
    ]
    layers = [
        np.concatenate([
            book.versions.shape[unit.rows], book.product_shape[unit.products], book.district_shape[unit.districts]
        ]) for unit in units
    ]
    cells = cut_into_cells(ground, layers)
    facts = _facts(book)
    verdicts = _verdicts(book, units)
    area = shapely.area(cells.shape)
    stories = [
        _story(facts, units[unit], bits, verdicts) for unit, bits in zip(cells.unit.tolist(), cells.layers, strict=True)
    ]
    residual = shapely.area(ground) + shared.lost_m2
    np.subtract.at(residual, cells.unit, area)
    place = np.fromiter(
        (_place(book, units[unit], bits) for unit, bits in zip(cells.unit.tolist(), cells.layers, strict=True)),
        dtype=np.int64,
    )
    block = _block(stories, shared.hazard[cells.unit], place, cells.shape, area)
    block.residual_hazard, block.residual_m2 = shared.hazard, residual
    return block


def _neighbours(overlapping: tuple[Ints, Ints]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    earlier: dict[int, list[int]] = defaultdict(list)
    later: dict[int, list[int]] = defaultdict(list)
    for first, second in zip(*(side.tolist() for side in overlapping), strict=True):
        earlier[second].append(first)
        later[first].append(second)
    return earlier, later


def _by_unit(near: tuple[Ints, Ints], ground: Geometries, product_shape: Geometries) -> list[list[int]]:
    """Per unit the products that touch its ground, in order of credit."""
    product, unit = near
    touching = shapely.intersects(ground[unit], product_shape[product])
    product, unit = product[touching], unit[touching]
    stops = np.searchsorted(unit, np.arange(1, len(ground)))
    return [part.tolist() for part in np.split(product, stops)] if len(ground) else []


def _unit(
    book: Register, hazard: int, later: Sequence[int], products: list[int], districts: list[int]
) -> _Unit:
    own = list(range(book.start[hazard], book.start[hazard + 1]))
    others = [row for other in sorted(later) for row in range(book.start[other], book.start[other + 1])]
    single = len(own) == 1
    return _Unit(
        hazards=[hazard, *sorted(later)], always=own if single else [], rows=others if single else own + others,
        products=products, districts=districts,
    )


def _facts(book: Register) -> Facts:
    versions = book.versions
    return Facts(
        hazard=versions.hazard.tolist(), first=versions.first.tolist(), day=versions.day.tolist(),
        area_class=versions.area_class.tolist(), type=versions.type.tolist(), reason=versions.reason,
        start=book.start.tolist(), ended_first=book.ended_first.tolist(), ended=book.ended.tolist(),
        strength=book.strength.tolist(), ancestors=book.ancestors,
    )


def _verdicts(book: Register, units: Sequence[_Unit]) -> dict[tuple[int, int], int]:
    pairs = sorted({
        (product, row) for unit in units for product in unit.products for row in (*unit.always, *unit.rows)
    })
    product, row = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return dict(zip(pairs, book.verdicts(product, row).tolist(), strict=True))


def _story(facts: Facts, unit: _Unit, bits: int, verdicts: dict[tuple[int, int], int]) -> Story:
    rows = unit.always + [row for number, row in enumerate(unit.rows) if bits >> number & 1]
    products = [product for number, product in enumerate(unit.products, len(unit.rows)) if bits >> number & 1]
    return tell(facts, unit.hazards, rows, products, verdicts)


def _place(book: Register, unit: _Unit, bits: int) -> int:
    """The official district of a cell, its number of districts for outside all, NOBODY where none is official."""
    if not len(book.district_shape):
        return NOBODY
    first = len(unit.rows) + len(unit.products)
    inside = (district for number, district in enumerate(unit.districts, first) if bits >> number & 1)
    return next(inside, len(book.district_shape))


def _block(stories: Sequence[Story], unit: Ints, place: Ints, shapes: Geometries, area: Floats) -> Block:
    def gather(name: str) -> tuple[list[tuple[int, ...]], Ints]:
        lists = [getattr(story, name) for story in stories]
        cell = np.repeat(np.arange(len(lists)), np.fromiter(map(len, lists), dtype=np.int64))
        return [row for rows in lists for row in rows], cell

    moves, holdings, gross, last = (gather(name) for name in ("moves", "holdings", "gross", "last"))
    inside, covered = gather("inside")
    return Block(
        moves=table(Moves, moves[0], unit[moves[1]], place[moves[1]], area[moves[1]]),
        holdings=table(Holdings, holdings[0], unit[holdings[1]], place[holdings[1]], area[holdings[1]]),
        gross=table(Gross, gross[0], unit[gross[1]], place[gross[1]], area[gross[1]]),
        pieces=table(Pieces, last[0], unit[last[1]], place[last[1]], shapes[last[1]]),
        residual_hazard=np.empty(0, dtype=np.int64), residual_m2=np.empty(0),
        inside=Inside(unit=unit[covered], product=np.array(inside, dtype=np.int64), area_m2=area[covered]),
    )
