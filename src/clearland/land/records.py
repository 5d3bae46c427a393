"""What the partition writes down, as columns: who held which ground from when to when, and every change of hands.

    Moves      ground that came to, left or passed between hazards: the flows of the balance
    Holdings   ground held by a hazard from one day to another: opening and closing
    Gross      ground a product covered without releasing it, and why
    Pieces     disjoint polygons for the map

`unit` is the hazard whose own ground the row lies on: a change recomputes the rows of the units it touches.
`view` is a position in the list of types, or ALL (ground under several types counts once). `place` is a position in the
list of official districts (its length: outside all of them), or NOBODY where the hazard's stored district stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from clearland.land.area import Floats, Geometries
from clearland.land.columns import Ints
from clearland.land.ownership import ALL

Flags = npt.NDArray[np.bool_]
NEVER = 10_000_000  # a day after all days


class Line(IntEnum):
    """The line of the balance a move belongs to."""

    NEWLY_IDENTIFIED = 0
    EXTENDED = 1
    REOPENED = 2
    RECLASSIFIED = 3
    CANCELLED = 4
    REDUCED = 5
    CLEARED = 6
    CORRECTED = 7


@dataclass(kw_only=True)
class Moves:
    """Ground passing from one holder to another; NOBODY before identification and after release."""

    view: Ints
    line: Ints
    first: Ints
    day: Ints
    giver: Ints
    giver_class: Ints
    taker: Ints
    taker_class: Ints
    product: Ints
    unit: Ints
    place: Ints
    area_m2: Floats


@dataclass(kw_only=True)
class Holdings:
    """Ground held from `since` to the day before `until`."""

    view: Ints
    hazard: Ints
    area_class: Ints
    since: Ints
    until: Ints
    unit: Ints
    place: Ints
    area_m2: Floats


@dataclass(kw_only=True)
class Gross:
    """Ground open under a hazard that a product covered and did not release; `reason` is a Verdict."""

    view: Ints
    hazard: Ints
    area_class: Ints
    product: Ints
    reason: Ints
    unit: Ints
    place: Ints
    area_m2: Floats


@dataclass(kw_only=True)
class Pieces:
    """Disjoint ground per type: remaining (state 0) or released (STRENGTH of the credited product), in the plane."""

    view: Ints
    state: Ints
    hazard: Ints
    area_class: Ints
    product: Ints
    unit: Ints
    place: Ints
    shape: Geometries


@dataclass(kw_only=True)
class Inside:
    """Ground on which a hazard was recorded when a product that covered it ended."""

    unit: Ints
    product: Ints
    area_m2: Floats


@dataclass(kw_only=True)
class Uncut:
    """Ground whose pieces are known by size but not yet drawn (`undrawn.py` draws them when somebody wants the map).

    Per ground its polygon, hazard, place and whether any of it is left; then, by ground and in order of credit, the
    products that release it (`of` is the position of the ground).
    """

    ground: Geometries
    hazard: Ints
    place: Ints
    held: Flags
    product: Ints
    of: Ints


@dataclass(kw_only=True)
class Block:
    """Records of some units of work, with what their cutting lost per hazard and covered per product."""

    moves: Moves
    holdings: Holdings
    gross: Gross
    pieces: Pieces
    residual_hazard: Ints
    residual_m2: Floats
    inside: Inside
    uncut: Sequence[Uncut] = ()


Table = TypeVar("Table", Moves, Holdings, Gross, Pieces)
AnyTable = TypeVar("AnyTable", Moves, Holdings, Gross, Pieces, Inside)


def table(
    kind: type[Table], rows: Sequence[tuple[int, ...]], unit: Ints, place: Ints, last: Floats | Geometries
) -> Table:
    """Rows of whole numbers, their unit and place, and the last column (area or shape), as a table."""
    names = [column.name for column in fields(kind)]
    columns: dict[str, Any] = dict(
        zip(names, np.array(rows, dtype=np.int64).reshape(-1, len(names) - 3).T, strict=False)
    )
    columns["unit"], columns["place"], columns[names[-1]] = unit, place, last
    return kind(**columns)


def no_pieces() -> Pieces:
    """A table of pieces without rows."""
    nothing = np.empty(0, dtype=np.int64)
    return table(Pieces, [], nothing, nothing, np.empty(0, dtype=object))


def stacked(tables: Sequence[AnyTable]) -> AnyTable:
    """Tables of one kind, one below the other. Needs at least one."""
    kind = type(tables[0])
    return kind(**{
        column.name: np.concatenate([getattr(one, column.name) for one in tables]) for column in fields(kind)
    })


def in_both_views(one: Table) -> Table:
    """Rows of ground that is under one type only: they hold for the type and for ALL."""
    columns: dict[str, Any] = {column.name: getattr(one, column.name) for column in fields(type(one))}
    columns["view"] = np.full(len(columns["view"]), ALL, dtype=np.int64)
    return stacked([one, type(one)(**columns)])
