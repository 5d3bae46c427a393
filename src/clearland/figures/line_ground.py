"""The ground behind one line of a balance, for the map: the pieces that were released, else the outlines concerned.

Released ground is drawn as credited, each m² once. Ground that came to a hazard, or that it held, is drawn as the outline
of that hazard: what of it the line counts stands in `area_m2`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from clearland.figures.land import ground
from clearland.land.area import Floats, Geometries
from clearland.land.columns import NOBODY, Ints
from clearland.land.flows import Dimensions, Sums
from clearland.land.partition import Partition
from clearland.land.records import Flags, Line
from clearland.land.rows import EVERY
from clearland.land.timeline import STRENGTH_OF_LINE
from clearland.ledger.snapshot import Snapshot

LEVELS = ("opening", "closing")
_GAINS = {
    "newly_identified": Line.NEWLY_IDENTIFIED, "extended": Line.EXTENDED, "reopened": Line.REOPENED,
    "reclassified_in": Line.RECLASSIFIED, "corrected_in": Line.CORRECTED,
}  # fmt: skip
_LOSSES = {
    "cancelled": Line.CANCELLED, "reduced": Line.REDUCED, "cleared": Line.CLEARED, "reclassified_out": Line.RECLASSIFIED,
    "corrected_out": Line.CORRECTED,
}  # fmt: skip
LINES = (*LEVELS, *_GAINS, *_LOSSES)


@dataclass(frozen=True, kw_only=True)
class LineGround:
    """A polygon in EPSG:4326 with the m² that the line counts of it, and the record it is of."""

    geometry: BaseGeometry
    area_m2: float
    kind: str
    record: str


def line_ground(
    snapshot: Snapshot, line: str, period_from: date, period_to: date, words: Mapping[str, str]
) -> list[LineGround]:
    """The ground of one of LINES in a closed period. `words` name place, type and area_class, EVERY or left out for all."""
    cut = ground(snapshot)
    first, last = period_from.toordinal(), period_to.toordinal()
    if line in LEVELS:
        return _held(cut, first - 1 if line == "opening" else last, words)
    moves = cut.moves
    within = (moves.day >= first) & (moves.day <= last) & (moves.first >= first)
    gain = line in _GAINS
    rows = np.nonzero(within & (moves.line == (_GAINS if gain else _LOSSES)[line]))[0]
    holder, area_class = (moves.taker, moves.taker_class) if gain else (moves.giver, moves.giver_class)
    rows = rows[holder[rows] != NOBODY]
    asked = _Asked(cut, words)
    rows = rows[asked.fits(moves.view[rows], holder[rows], area_class[rows], moves.place[rows])]
    if Line(int((_GAINS if gain else _LOSSES)[line])) in STRENGTH_OF_LINE:
        return _released(cut, rows, STRENGTH_OF_LINE[_LOSSES[line]])
    return _outlines(cut, holder[rows], moves.area_m2[rows])


class _Asked:
    """Which rows of the partition the words mean."""

    def __init__(self, cut: Partition, words: Mapping[str, str]) -> None:
        self.sums = Sums(cut, Dimensions(frozenset({"place", "type", "class"})))
        self.words = {name: words.get(name, EVERY) or EVERY for name in ("place", "type", "area_class")}

    def fits(self, view: Ints, hazard: Ints, area_class: Ints, district: Ints) -> Flags:
        """Whether each row is of the place, type and class."""
        keys = self.sums.keys(view, hazard, area_class, district)
        wanted = self.words
        return np.array([
            key.type == wanted["type"] and all(
                wanted[name] in (EVERY, getattr(key, name)) for name in ("place", "area_class")
            ) for key in keys
        ], dtype=bool)  # fmt: skip


def _released(cut: Partition, rows: Ints, strength: int) -> list[LineGround]:
    """Pieces of the products that made these moves, or of the hazards where a redraw did."""
    moves, table, book = cut.moves, cut.pieces, cut.register
    size = len(book.products) + 1
    said = {(moves.view[row], moves.giver[row] * size + moves.product[row] + 1) for row in rows.tolist()}
    number = table.hazard * size + table.product + 1
    chosen = [
        row for row in np.nonzero(table.state == strength)[0].tolist() if (table.view[row], number[row]) in said
    ]
    shapes = book.projection.to_earth(table.shape[chosen])
    made = []
    for row, shape in zip(chosen, shapes, strict=True):
        product, size_m2 = int(table.product[row]), float(shapely.area(table.shape[row]))
        if product == NOBODY:
            record = str(book.hazards.id[table.hazard[row]])
            made.append(LineGround(geometry=shape, area_m2=size_m2, kind="hazard", record=record))
        else:
            record = str(book.products.id[product])
            made.append(LineGround(geometry=shape, area_m2=size_m2, kind="land_release", record=record))
    return made


def _held(cut: Partition, day: int, words: Mapping[str, str]) -> list[LineGround]:
    table = cut.holdings
    rows = np.nonzero((table.since <= day) & (day < table.until))[0]
    rows = rows[_Asked(cut, words).fits(table.view[rows], table.hazard[rows], table.area_class[rows], table.place[rows])]
    return _outlines(cut, table.hazard[rows], table.area_m2[rows])


def _outlines(cut: Partition, hazard: Ints, area_m2: Floats) -> list[LineGround]:
    """The outline of each hazard with the m² of its rows together."""
    book = cut.register
    different, place = np.unique(hazard, return_inverse=True)
    total = np.bincount(place, weights=area_m2, minlength=len(different))
    shapes: Geometries = book.projection.to_earth(book.extent[different])
    return [
        LineGround(geometry=shape, area_m2=float(area), kind="hazard", record=str(book.hazards.id[number]))
        for number, shape, area in zip(different.tolist(), shapes, total.tolist(), strict=True)
    ]
