"""Land as tables beside the snapshot's own, so that indicators are SQL: every movement of ground, and who holds it.

    land_line    one row per movement: line, m2, device, area_type, place, operator, method, first, last, digest, entry
    land_stock   ground held by a hazard from `first`/`last` until `until` (null: still)
    land_open    hazards that hold ground (or have no polygon), one row each, with the same dates

`device` is a contamination type, or `all` for ground under several types counted once. Movements rest on the product's
entry where a product made them, else on the hazard's. They are computed once per snapshot and kept in its folder, and
taken over by a later snapshot in which nothing they rest on was written.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from clearland.figures.land import GROUND_KINDS, ground
from clearland.land.columns import NOBODY, Ints, Texts, Words
from clearland.land.outlines import Outlines
from clearland.land.ownership import ALL, CLASSES
from clearland.land.partition import Partition
from clearland.land.records import NEVER, Line
from clearland.land.release import GROSS_COLUMNS, Verdict
from clearland.land.rows import EVERY
from clearland.ledger.snapshot import Snapshot

LAND_TABLES = ("land_line", "land_stock", "land_open")
LEAST_OPEN_M2 = 1.0
_EPOCH = 719_163  # the ordinal of 1970-01-01, from which Arrow counts days
_LINE = pa.schema([
    ("digest", pa.string()), ("entry", pa.string()), ("line", pa.string()), ("m2", pa.float64()), ("place", pa.string()),
    ("first", pa.date32()), ("last", pa.date32()), ("device", pa.string()), ("area_type", pa.string()),
    ("operator", pa.string()), ("method", pa.string()),
])  # fmt: skip
_STOCK = pa.schema([
    ("digest", pa.string()), ("entry", pa.string()), ("m2", pa.float64()), ("place", pa.string()), ("first", pa.date32()),
    ("last", pa.date32()), ("until", pa.date32()), ("device", pa.string()), ("area_type", pa.string()),
])  # fmt: skip


def prepare_land(snapshot: Snapshot) -> None:
    """Make the land tables known to the snapshot's SQL; computed on first use."""
    made: dict[str, pa.Table] = {}

    def table(name: str) -> pa.Table:
        if not made:
            made.update(_tables(snapshot))
        return made[name]

    for name in LAND_TABLES:
        snapshot.derive(name, lambda name=name: table(name), rests_on=GROUND_KINDS)  # type: ignore[misc]


def _tables(snapshot: Snapshot) -> dict[str, pa.Table]:
    cut = ground(snapshot)
    names = _Names(snapshot, cut)
    return {
        "land_line": pa.concat_tables([_moves(cut, names), _gross(cut, names), _outside(cut, names)]),
        "land_stock": _holdings(cut, names),
        "land_open": _open(cut, names),
    }


class _Names:
    """Positions in the partition to what people and the ledger call them, a column at a time.

    A row of the tables rests on a *record*: the position of a hazard, or the number of hazards and that of a product."""

    def __init__(self, snapshot: Snapshot, cut: Partition) -> None:
        book = cut.register
        hazards, products = book.hazards, book.products
        self.first_product = len(hazards)
        kinds = ("hazard", "land_release")
        said = pa.concat_tables([snapshot.sql(f"SELECT record, digest, entry FROM {kind}") for kind in kinds])
        rows = pc.index_in(pa.array([*hazards.id, *products.id], pa.string()), said["record"].combine_chunks())
        self._digest, self._entry = said["digest"].take(rows), said["entry"].take(rows)
        self._operator = _texts([*_said(hazards.organisation), *_said(products.organisation)])
        self._method = _texts([*[""] * len(hazards), *_said(products.method)])
        self._places = len(hazards)
        self._place = _texts([*_said(hazards.stored_place), *(district.code for district in book.settings.districts), ""])
        self._device = _texts([*book.types, EVERY])  # ALL is -1: the last

    def product(self, number: Ints) -> Ints:
        """Products as records."""
        return number + self.first_product

    def rests_on(self, record: Ints) -> dict[str, Any]:
        """Digest and entry of records."""
        rows = pa.array(record)
        return {"digest": self._digest.take(rows), "entry": self._entry.take(rows)}

    def done_by(self, record: Ints) -> dict[str, Any]:
        """Operator and method of records."""
        return {"operator": self._operator[record], "method": self._method[record]}

    def ground(self, hazard: Ints, district: Ints) -> Texts:
        """Where ground lies: in an official district, else in the stored district of its hazard; '' in none."""
        official = np.minimum(self._places + district, len(self._place) - 1)
        found: Texts = self._place[np.where(district == NOBODY, hazard, official)]
        return found

    def device(self, view: Ints) -> Texts:
        """What the ground of a view is contaminated with."""
        found: Texts = self._device[view]
        return found


def _texts(values: Sequence[str]) -> Texts:
    return np.array(values, dtype=object)


def _said(words: Words[Any]) -> Texts:
    """The word of each row, '' where it says none."""
    said: Texts = _texts([*words.names, ""])[words.code]
    return said


def _as_table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    arrays = [columns[field.name] for field in schema]
    made = [
        one if isinstance(one, pa.Array | pa.ChunkedArray) else pa.array(one, field.type)
        for one, field in zip(arrays, schema, strict=True)
    ]
    return pa.Table.from_arrays(made, schema=schema)


def _days(ordinals: Ints) -> pa.Array:
    """Days of the partition; null where one was not said, or never comes."""
    days = (ordinals - _EPOCH).astype(np.int32)
    return pa.array(days, pa.int32(), mask=(ordinals <= 0) | (ordinals >= NEVER)).cast(pa.date32())


def _class(number: Ints) -> Texts:
    classes: Texts = _texts(CLASSES)[np.maximum(number, 0)]
    return classes


_LOSS = {Line.CANCELLED: "cancelled", Line.REDUCED: "reduced", Line.CLEARED: "cleared"}
_GAIN = {Line.NEWLY_IDENTIFIED: "newly_identified", Line.EXTENDED: "extended", Line.REOPENED: "reopened"}


def _word(line: Line, *, gains: bool) -> str:
    """The line of the balance for the side that gained or lost the ground; '' where that side has none."""
    if line in (Line.RECLASSIFIED, Line.CORRECTED):
        return f"{line.name.lower()}_{'in' if gains else 'out'}"
    return (_GAIN if gains else _LOSS).get(line, "")


_WORDS = np.array([[_word(line, gains=gains) for line in Line] for gains in (False, True)], dtype=object)


def _moves(cut: Partition, names: _Names) -> pa.Table:
    """A row for who lost the ground and one for who gained it, in the order of the movements."""
    moves = cut.moves
    row, gains = np.divmod(np.arange(2 * len(moves.view)), 2)
    holder = np.where(gains, moves.taker[row], moves.giver[row])
    word = _WORDS[gains, moves.line[row]]
    kept = (holder != NOBODY) & (word != "")
    row, gains, holder, word = row[kept], gains[kept], holder[kept], word[kept]
    product = moves.product[row]
    record = np.where(product != NOBODY, names.product(product), holder)
    return _as_table({
        **names.rests_on(record), **names.done_by(record), "line": word, "m2": moves.area_m2[row],
        "place": names.ground(holder, moves.place[row]), "first": _days(moves.first[row]), "last": _days(moves.day[row]),
        "device": names.device(moves.view[row]),
        "area_type": _class(np.where(gains, moves.taker_class[row], moves.giver_class[row])),
    }, _LINE)  # fmt: skip


_COVERED = {int(verdict): column.removesuffix("_m2") for verdict, column in GROSS_COLUMNS.items()}
_REASONS = _texts([_COVERED.get(int(verdict), "") for verdict in Verdict])


def _gross(cut: Partition, names: _Names) -> pa.Table:
    """Ground covered without release: failed at quality control, too shallow, or looked for another type."""
    gross, book = cut.gross, cut.register
    record = names.product(gross.product)
    return _as_table({
        **names.rests_on(record), **names.done_by(record), "line": _REASONS[gross.reason], "m2": gross.area_m2,
        "place": names.ground(gross.hazard, gross.place), "first": _days(book.products.ended_first[gross.product]),
        "last": _days(book.ended[gross.product]), "device": names.device(gross.view), "area_type": _class(gross.area_class),
    }, _LINE)  # fmt: skip


def _outside(cut: Partition, names: _Names) -> pa.Table:
    """What products covered outside any hazard."""
    book = cut.register
    product = np.nonzero(cut.outside_m2 > 0)[0]
    record = names.product(product)
    return _as_table({
        **names.rests_on(record), **names.done_by(record), "line": _texts(["outside_hazard"] * len(product)),
        "m2": cut.outside_m2[product], "place": _said(book.products.place)[product],
        "first": _days(book.products.ended_first[product]), "last": _days(book.ended[product]),
        "device": _texts([EVERY] * len(product)), "area_type": _texts([""] * len(product)),
    }, _LINE)  # fmt: skip


def _holdings(cut: Partition, names: _Names) -> pa.Table:
    held = cut.holdings
    since = _days(held.since)
    return _as_table({
        **names.rests_on(held.hazard), "m2": held.area_m2, "place": names.ground(held.hazard, held.place), "first": since,
        "last": since, "until": _days(held.until), "device": names.device(held.view), "area_type": _class(held.area_class),
    }, _STOCK)  # fmt: skip


def _open(cut: Partition, names: _Names) -> pa.Table:
    """When each hazard had ground of its own type left: from its first holding to the end of its last above 1 m²."""
    spans = _open_spans(cut)
    hazard = spans[:, 0]
    since = _days(spans[:, 2])
    drawn = _as_table({
        **names.rests_on(hazard), "m2": pa.nulls(len(spans), pa.float64()), "first": since, "last": since,
        "place": names.ground(hazard, np.full(len(spans), NOBODY)), "until": _days(spans[:, 3]),
        "device": names.device(spans[:, 1]), "area_type": _class(spans[:, 4]),
    }, _STOCK)  # fmt: skip
    return pa.concat_tables([drawn, _open_undrawn(cut, names)])


def _open_spans(cut: Partition) -> Ints:
    """Hazard, view, since, until and class of each time in which a hazard had ground left, by hazard and view."""
    table = cut.holdings
    own = np.nonzero(table.view != ALL)[0]
    own = own[np.lexsort((table.view[own], table.hazard[own]))]
    hazard, view = table.hazard[own], table.view[own]
    start = np.nonzero((np.diff(hazard, prepend=-1) != 0) | (np.diff(view, prepend=-1) != 0))[0]
    count = np.diff(start, append=len(own))
    alone = own[start[count == 1]]
    alone = alone[(table.area_m2[alone] > LEAST_OPEN_M2) & (table.since[alone] < table.until[alone])]
    found = [np.stack([getattr(table, name)[alone] for name in ("hazard", "view", "since", "until", "area_class")], axis=1)]
    for first, last in zip(start[count > 1].tolist(), (start + count)[count > 1].tolist(), strict=True):
        rows = own[first:last]
        columns = (getattr(table, name)[rows].tolist() for name in ("since", "until", "area_m2", "area_class"))
        held = list(zip(*columns, strict=True))
        made = [(table.hazard[rows[0]], table.view[rows[0]], *span) for span in _left(held)]
        found.append(np.array(made, dtype=np.int64).reshape(-1, 5))
    spans = np.concatenate(found).astype(np.int64)
    ordered: Ints = spans[np.lexsort((spans[:, 2], spans[:, 1], spans[:, 0]))]
    return ordered


def _left(held: Sequence[tuple[int, int, float, int]]) -> list[tuple[int, int, int]]:
    """Since, until and class of the times in which holdings (since, until, m², class) together leave more than 1 m²."""
    left: list[tuple[int, int, int]] = []
    days = sorted({day for since, until, _, _ in held for day in (since, until)})
    for start, end in pairwise(days):
        there = [(area_m2, area_class) for since, until, area_m2, area_class in held if since <= start < until]
        if sum(area_m2 for area_m2, _ in there) > LEAST_OPEN_M2:
            left.append((start, end, max(area_class for _, area_class in there)))
    return _joined(left)


def _joined(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Spans that touch and have one class, as one."""
    joined: list[tuple[int, int, int]] = []
    for start, end, area_class in spans:
        if joined and joined[-1][1] == start and joined[-1][2] == area_class:
            joined[-1] = (joined[-1][0], end, area_class)
        else:
            joined.append((start, end, area_class))
    return joined


def _open_undrawn(cut: Partition, names: _Names) -> pa.Table:
    """Hazards that nobody has drawn: open from the day on which they were identified."""
    hazards = cut.register.hazards
    shapeless = _shapeless(cut)
    hazard = np.nonzero(np.logical_and.reduceat(shapeless, hazards.start[:-1]) if len(hazards) else [])[0]
    newest = hazards.start[hazard + 1] - 1
    first, last = hazards.identified
    types = _texts(["+".join(sorted(types)) for types in hazards.contamination.names])
    return _as_table({
        **names.rests_on(hazard), "m2": pa.nulls(len(hazard), pa.float64()), "first": _days(first[hazard]),
        "last": _days(last[hazard]), "place": names.ground(hazard, np.full(len(hazard), NOBODY)),
        "until": pa.nulls(len(hazard), pa.date32()), "device": types[hazards.contamination.code[newest]] if len(hazard) else [],
        "area_type": _said(hazards.area_type)[newest],
    }, _STOCK)  # fmt: skip


def _shapeless(cut: Partition) -> Any:
    """Per version of a hazard, whether it has no outline."""
    geometry = cut.register.hazards.geometry
    return geometry.start == geometry.stop if isinstance(geometry, Outlines) else shapely.is_missing(geometry)
