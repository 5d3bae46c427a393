"""One hazard's own ground: what remains of it, what released the rest, and how that stood at the end of each year.

Own ground is what the hazard holds under its own type, each m² once; ground that passed to another hazard or was
corrected away is told apart, so that everything it ever gained is accounted for.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
import shapely

from clearland.figures.land import ground
from clearland.land.columns import NOBODY
from clearland.land.overlay import intersections
from clearland.land.ownership import ALL
from clearland.land.partition import Partition
from clearland.land.pieces import STATES
from clearland.land.records import NEVER, Line
from clearland.land.register import ALWAYS
from clearland.ledger.snapshot import Snapshot

RELEASED = {Line.CANCELLED: "cancelled", Line.REDUCED: "reduced", Line.CLEARED: "cleared"}
PASSED = "passed"
LEAST_M2 = 0.5
MOST_YEARS = 40


@dataclass(frozen=True, kw_only=True)
class Part:
    """Ground in one state: remaining, cancelled, reduced, cleared or passed; `product` None where a redraw took it off."""

    state: str
    area_m2: float
    product: str | None = None
    local_id: str = ""
    ended: str = ""
    covered_by: tuple["Cover", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Other work on a part's ground, which was not credited there: gross only."""

    product: str
    local_id: str
    ended: str
    area_m2: float


@dataclass(frozen=True, kw_only=True)
class YearEnd:
    """How the ground stood on 31 December: what remained, and what had been released by then, in m²."""

    year: int
    areas: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class OwnGround:
    """A hazard's ground; `gained_m2` is all it ever held, and equals its parts together."""

    gained_m2: float
    parts: tuple[Part, ...]
    years: tuple[YearEnd, ...]


def own_ground(snapshot: Snapshot, record: str) -> OwnGround | None:
    """The ground of one hazard (record id) as known on the snapshot's date; None where it has no outline or is unknown."""
    cut = ground(snapshot)
    place = cut.register.position.get(record)
    if place is None or not cut.register.drawn[place]:
        return None
    moves, table = cut.moves, cut.holdings
    gained = float(moves.area_m2[(moves.view != ALL) & (moves.taker == place) & (moves.giver != place)].sum())
    held = (table.view != ALL) & (table.hazard == place)
    remaining = float(table.area_m2[held & (table.until >= NEVER)].sum())
    released = _released(cut, place)
    passed = gained - remaining - sum(part.area_m2 for part in released)
    covers = _covers(cut, place)
    released = [replace(part, covered_by=covers.get((part.state, part.product), ())) for part in released]
    standing = Part(state="remaining", area_m2=remaining, covered_by=covers.get(("remaining", None), ()))
    parts = [standing, *released, Part(state=PASSED, area_m2=passed)]
    last = (snapshot.as_known or datetime.now(UTC).date()).year
    return OwnGround(
        gained_m2=gained, years=_years(cut, place, last),
        parts=tuple(part for part in parts if part.state == "remaining" or part.area_m2 > LEAST_M2),
    )  # fmt: skip


def _losses(cut: Partition, place: int) -> list[int]:
    """Rows of moves that released ground of a hazard under its own type."""
    moves = cut.moves
    mine = (moves.view != ALL) & (moves.giver == place) & np.isin(moves.line, list(RELEASED))
    rows: list[int] = np.nonzero(mine)[0].tolist()
    return rows


def _released(cut: Partition, place: int) -> list[Part]:
    """One part per product and state, by end of work."""
    areas: dict[tuple[str, int], float] = defaultdict(float)
    for row in _losses(cut, place):
        areas[RELEASED[Line(int(cut.moves.line[row]))], int(cut.moves.product[row])] += float(cut.moves.area_m2[row])
    made = []
    for (state, number), area in sorted(areas.items(), key=lambda pair: (pair[0][1] == NOBODY, pair[0][1], pair[0][0])):
        product = cut.register.products[number] if number != NOBODY else None
        made.append(Part(
            state=state, area_m2=area, product=product.id if product else None, local_id=product.local_id if product else "",
            ended=str(product.ended) if product and product.ended else "",
        ))  # fmt: skip
    return made


def _covers(cut: Partition, place: int) -> dict[tuple[str, str | None], tuple[Cover, ...]]:
    """Per part the approved products that covered some of it and were not credited there, in order of their end."""
    table, book = cut.pieces, cut.register
    rows = np.nonzero((table.view != ALL) & (table.hazard == place))[0]
    counts = np.nonzero(book.approved & (book.ended > 0))[0]
    piece, product = shapely.STRtree(book.product_shape[counts]).query(table.shape[rows], predicate="intersects")
    piece, product = rows[piece], counts[product]
    other = table.product[piece] != product
    piece, product = piece[other], product[other]
    shared = shapely.area(intersections(table.shape[piece], book.product_shape[product]))
    areas: dict[tuple[str, str | None], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row, number, area in zip(piece.tolist(), product.tolist(), shared.tolist(), strict=True):
        owner = int(table.product[row])
        part = STATES[int(table.state[row])], str(book.products.id[owner]) if owner != NOBODY else None
        areas[part][number] += area
    return {
        part: tuple(_cover(cut, number, area) for number, area in sorted(found.items()) if area > LEAST_M2)
        for part, found in areas.items()
    }


def _cover(cut: Partition, number: int, area_m2: float) -> Cover:
    product = cut.register.products[number]
    return Cover(product=product.id, local_id=product.local_id, ended=str(product.ended or ""), area_m2=area_m2)


def _years(cut: Partition, place: int, last: int) -> tuple[YearEnd, ...]:
    """From the first dated year of the hazard to the last, at most the newest MOST_YEARS."""
    moves, table = cut.moves, cut.holdings
    held = np.nonzero((table.view != ALL) & (table.hazard == place))[0]
    losses = _losses(cut, place)
    days = [int(day) for day in table.since[held].tolist() if day > ALWAYS] + [int(moves.day[row]) for row in losses]
    if not days:
        return ()
    first = date.fromordinal(min(days)).year
    made = []
    for year in range(max(first, last - MOST_YEARS + 1), last + 1):
        end = date(year, 12, 31).toordinal()
        standing = held[(table.since[held] <= end) & (table.until[held] > end)]
        areas = {"remaining": float(table.area_m2[standing].sum())}
        for row in losses:
            if moves.day[row] <= end:
                state = RELEASED[Line(int(moves.line[row]))]
                areas[state] = areas.get(state, 0.0) + float(moves.area_m2[row])
        made.append(YearEnd(year=year, areas=areas))
    return tuple(made)
