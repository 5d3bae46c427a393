"""Disjoint polygons for the map and for files: what remains, and what was cancelled, reduced or cleared.

The state follows the credit (`credit.py`); `shown_as` is the strongest effort that ever qualified on the ground, which
is what the map shows (design section 6): ground reduced in one year and cleared in the next is shown as cleared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from clearland.core.partial_dates import PartialDate
from clearland.land.area import Geometries
from clearland.land.columns import NOBODY, Ints
from clearland.land.credit import STRENGTH
from clearland.land.days import days_of
from clearland.land.model import Hazard, Product
from clearland.land.overlay import differences, intersections, polygonal, unions
from clearland.land.ownership import ALL, CLASSES
from clearland.land.partition import Partition
from clearland.land.records import Pieces
from clearland.land.register import Register
from clearland.land.release import Verdict
from clearland.land.rows import EVERY

STATES = ("remaining", *sorted(STRENGTH, key=STRENGTH.__getitem__))
SMALLEST_SHOWN_M2 = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One polygon (EPSG:4326) of one hazard in one state; `product` is None where a re-survey released it."""

    geometry: BaseGeometry
    area_m2: float
    state: str
    shown_as: str
    type: str
    area_class: str
    hazard: str
    product: str | None
    ended: PartialDate | None


def pieces(cut: Partition, *, contamination_type: str = EVERY) -> list[Piece]:
    """The pieces of one type, or of all types with ground under several counted once; largest detail, in no order."""
    book = cut.register
    if contamination_type != EVERY and contamination_type not in book.types:
        return []
    view = ALL if contamination_type == EVERY else book.types.index(contamination_type)
    chosen = _dissolved(cut.pieces, np.nonzero(cut.pieces.view == view)[0])
    row, shape, shown = _by_strongest(book, cut.pieces, chosen)
    area = shapely.area(shape)
    return [
        Piece(
            geometry=geometry, area_m2=float(size), state=STATES[cut.pieces.state[source]], shown_as=STATES[strength],
            type=_type_of(book, cut.pieces, source), area_class=CLASSES[cut.pieces.area_class[source]],
            hazard=book.hazards[cut.pieces.hazard[source]].id, product=product.id if product else None,
            ended=product.ended if product else None,
        )
        for source, geometry, size, strength, product in zip(
            row.tolist(), _on_earth(book, shape), area, shown.tolist(),
            (_product_of(book, cut.pieces, source) for source in row.tolist()), strict=True,
        )
        if size > SMALLEST_SHOWN_M2
    ]


def until(hazards: Sequence[Hazard], products: Sequence[Product], day: date) -> tuple[list[Hazard], list[Product]]:
    """What had happened by the end of a day, for a map of that day; undated products are left out."""
    number = day.toordinal()
    begun = [hazard for hazard in hazards if days_of(hazard.identified_on)[1] <= number]
    there = [_cut_back(hazard, number) for hazard in begun]
    return there, [product for product in products if product.ended and days_of(product.ended)[1] <= number]


def _cut_back(hazard: Hazard, day: int) -> Hazard:
    versions = tuple(
        version for place, version in enumerate(hazard.versions) if place == 0 or days_of(version.valid_from)[1] <= day
    )
    return Hazard(
        id=hazard.id, local_id=hazard.local_id, versions=versions, organisation=hazard.organisation,
        parent=hazard.parent, first_named_on=hazard.first_named_on,
    )


def _dissolved(table: Pieces, rows: Ints) -> tuple[Ints, Geometries]:
    """Cells that say the same become one polygon: the first row of each kind, and its shape."""
    said = np.column_stack([table.state[rows], table.hazard[rows], table.area_class[rows], table.product[rows]])
    _, first, kind, count = np.unique(said, axis=0, return_index=True, return_inverse=True, return_counts=True)
    shape = table.shape[rows][first]
    several = np.nonzero(count > 1)[0]
    groups = [shapely.GeometryCollection(list(table.shape[rows[kind == group]])) for group in several]
    if groups:
        shape[several] = unions(np.array(groups, dtype=object))
    return rows[first], shape


def _by_strongest(book: Register, table: Pieces, chosen: tuple[Ints, Geometries]) -> tuple[Ints, Geometries, Ints]:
    """Split released pieces where a stronger effort came later."""
    row, shape = chosen
    state = table.state[row]
    parts = [(row[state == 0], shape[state == 0], state[state == 0])]
    row, shape = row[state > 0], shape[state > 0]
    for strength in (STRENGTH["cleared"], STRENGTH["reduced"]):
        stronger = np.nonzero(table.state[row] < strength)[0]
        piece, cover = _covers(book, table, row[stronger], shape[stronger], strength)
        hit = stronger[piece]
        parts.append((row[hit], intersections(shape[hit], cover), np.full(len(hit), strength)))
        shape[hit] = differences(shape[hit], cover)
    parts.append((row, shape, table.state[row]))
    return (
        np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
    )


def _covers(book: Register, table: Pieces, row: Ints, shape: Geometries, strength: int) -> tuple[Ints, Geometries]:
    """Positions of pieces that qualifying products of one strength touch, and the union of those products."""
    products = np.nonzero(book.strength == strength)[0]
    piece, product = shapely.STRtree(book.product_shape[products]).query(shape, predicate="intersects")
    product = products[product]
    newest = book.start[table.hazard[row[piece]] + 1] - 1
    qualifies = book.verdicts(product, newest) == Verdict.RELEASES
    piece, product = piece[qualifies], product[qualifies]
    touched, place = np.unique(piece, return_inverse=True)
    if not len(touched):
        return touched, np.empty(0, dtype=object)
    order = np.argsort(place, kind="stable")
    groups = shapely.geometrycollections(book.product_shape[product[order]], indices=place[order])
    return touched, unions(np.asarray(groups, dtype=object))


def _on_earth(book: Register, shape: Geometries) -> Geometries:
    """In degrees, where a splinter thinner than the last digit may cross itself: such are made valid again."""
    lonlat = book.projection.to_earth(shape)
    broken = ~shapely.is_valid(lonlat)
    lonlat[broken] = polygonal(np.asarray(shapely.make_valid(lonlat[broken]), dtype=object))
    return lonlat


def _product_of(book: Register, table: Pieces, row: int) -> Product | None:
    number = int(table.product[row])
    return None if number == NOBODY else book.products[number]


def _type_of(book: Register, table: Pieces, row: int) -> str:
    view = int(table.view[row])
    if view == ALL:
        newest = int(book.start[table.hazard[row] + 1]) - 1
        view = int(book.versions.type[newest])
    return book.types[view]
