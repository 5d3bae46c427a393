"""Land as tables beside the snapshot's own, so that indicators are SQL: every movement of ground, and who holds it.

    land_line    one row per movement: line, m2, device, area_type, place, operator, method, first, last, digest, entry
    land_stock   ground held by a hazard from `first`/`last` until `until` (null: still)
    land_open    hazards that hold ground (or have no polygon), one row each, with the same dates

`device` is a contamination type, or `all` for ground under several types counted once. Movements rest on the product's
entry where a product made them, else on the hazard's. They are computed once per snapshot and kept in its folder.
"""

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from clearland.figures.land import ground
from clearland.land.columns import NOBODY, Ints
from clearland.land.flows import place_of
from clearland.land.ownership import ALL, CLASSES
from clearland.land.partition import Partition
from clearland.land.records import NEVER, Line
from clearland.land.release import GROSS_COLUMNS, Verdict
from clearland.land.rows import EVERY, OUTSIDE_ANY_DISTRICT
from clearland.ledger.snapshot import Snapshot

LAND_TABLES = ("land_line", "land_stock", "land_open")
LEAST_OPEN_M2 = 1.0
Columns = dict[str, list[Any]]
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
        snapshot.derive(name, lambda name=name: table(name))  # type: ignore[misc]


def _tables(snapshot: Snapshot) -> dict[str, pa.Table]:
    cut = ground(snapshot)
    names = _Names(snapshot, cut)
    return {
        "land_line": _as_table([*_moves(cut, names), *_gross(cut, names), *_outside(cut, names)], _LINE),
        "land_stock": _as_table(_holdings(cut, names), _STOCK),
        "land_open": _as_table(_open(cut, names), _STOCK),
    }


class _Names:
    """Positions in the partition to what people and the ledger call them."""

    def __init__(self, snapshot: Snapshot, cut: Partition) -> None:
        self.cut = cut
        self.hazards = cut.register.hazards
        self.products = cut.register.products
        entries = {
            row["record"]: (row["digest"], row["entry"])
            for kind in ("hazard", "land_release")
            for row in snapshot.sql(f"SELECT record, digest, entry FROM {kind}").to_pylist()
        }
        self.hazard_entry = [entries[hazard.id] for hazard in self.hazards]
        self.product_entry = [entries[product.id] for product in self.products]
        self.place = ["" if (name := place_of(hazard)) == OUTSIDE_ANY_DISTRICT else name for hazard in self.hazards]

    def ground(self, hazard: int, district: int) -> str:
        """Where ground lies: in an official district, else in the stored district of its hazard; '' in none."""
        if district == NOBODY:
            return self.place[hazard]
        official = self.cut.register.settings.districts
        return official[district].code if district < len(official) else ""

    def device(self, view: int) -> str:
        return EVERY if view == ALL else self.cut.register.types[view]


def _as_table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


def _day(ordinal: int) -> date | None:
    """A day of the partition; None where it was not said, or never comes."""
    return date.fromordinal(ordinal) if 0 < ordinal < NEVER else None


_LOSS = {Line.CANCELLED: "cancelled", Line.REDUCED: "reduced", Line.CLEARED: "cleared"}
_GAIN = {Line.NEWLY_IDENTIFIED: "newly_identified", Line.EXTENDED: "extended", Line.REOPENED: "reopened"}


def _moves(cut: Partition, names: _Names) -> list[dict[str, Any]]:
    moves = cut.moves
    rows = []
    columns = (moves.view, moves.line, moves.first, moves.day, moves.giver, moves.giver_class, moves.taker,
               moves.taker_class, moves.product, moves.place, moves.area_m2)  # fmt: skip
    for view, line, first, day, giver, giver_class, taker, taker_class, product, district, area_m2 in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        for holder, held_class, gains in ((giver, giver_class, False), (taker, taker_class, True)):
            word = _word(Line(line), gains)
            if holder == NOBODY or word is None:
                continue
            digest, entry = names.product_entry[product] if product != NOBODY else names.hazard_entry[holder]
            done = names.products[product] if product != NOBODY else None
            rows.append({
                "digest": digest, "entry": entry, "line": word, "m2": area_m2, "place": names.ground(holder, district),
                "first": _day(first), "last": _day(day), "device": names.device(view), "area_type": CLASSES[max(held_class, 0)],
                "operator": (done.organisation if done else names.hazards[holder].organisation) or "",
                "method": (done.method if done else None) or "",
            })  # fmt: skip
    return rows


def _word(line: Line, gains: bool) -> str | None:
    """The line of the balance for the side that gained or lost the ground."""
    if line in (Line.RECLASSIFIED, Line.CORRECTED):
        return f"{line.name.lower()}_{'in' if gains else 'out'}"
    return (_GAIN if gains else _LOSS).get(line)


def _gross(cut: Partition, names: _Names) -> list[dict[str, Any]]:
    """Ground covered without release: failed at quality control, too shallow, or looked for another type."""
    gross, ended = cut.gross, cut.register.ended
    rows = []
    columns = (gross.view, gross.hazard, gross.area_class, gross.product, gross.reason, gross.place, gross.area_m2)
    for view, hazard, area_class, product, reason, district, area_m2 in zip(*(c.tolist() for c in columns), strict=True):
        digest, entry = names.product_entry[product]
        done = names.products[product]
        rows.append({
            "digest": digest, "entry": entry, "line": GROSS_COLUMNS[Verdict(reason)].removesuffix("_m2"), "m2": area_m2,
            "place": names.ground(hazard, district), "first": _first(done), "last": _day(int(ended[product])),
            "device": names.device(view), "area_type": CLASSES[max(area_class, 0)], "operator": done.organisation or "",
            "method": done.method or "",
        })  # fmt: skip
    return rows


def _first(product: Any) -> date | None:
    return product.ended.first if product.ended else None


def _outside(cut: Partition, names: _Names) -> list[dict[str, Any]]:
    rows = []
    for number in np.nonzero(cut.outside_m2 > 0)[0].tolist():
        done = names.products[number]
        digest, entry = names.product_entry[number]
        rows.append({
            "digest": digest, "entry": entry, "line": "outside_hazard", "m2": float(cut.outside_m2[number]),
            "place": done.place or "", "first": _first(done), "last": _day(int(cut.register.ended[number])), "device": EVERY,
            "area_type": "", "operator": done.organisation or "", "method": done.method or "",
        })  # fmt: skip
    return rows


def _held(cut: Partition) -> Any:
    holdings = cut.holdings
    columns: tuple[Ints, ...] = (
        holdings.view, holdings.hazard, holdings.area_class, holdings.since, holdings.until, holdings.place
    )  # fmt: skip
    return zip(*(column.tolist() for column in columns), holdings.area_m2.tolist(), strict=True)


def _holdings(cut: Partition, names: _Names) -> list[dict[str, Any]]:
    rows = []
    for view, hazard, area_class, since, until, district, area_m2 in _held(cut):
        digest, entry = names.hazard_entry[hazard]
        rows.append({
            "digest": digest, "entry": entry, "m2": area_m2, "place": names.ground(hazard, district),
            "first": _day(since), "last": _day(since), "until": _day(until), "device": names.device(view),
            "area_type": CLASSES[max(area_class, 0)],
        })  # fmt: skip
    return rows


def _open(cut: Partition, names: _Names) -> list[dict[str, Any]]:
    """When each hazard had ground of its own type left: from its first holding to the end of its last above 1 m²."""
    spans: dict[tuple[int, int], list[tuple[int, int, float, int]]] = {}
    for view, hazard, area_class, since, until, _district, area_m2 in _held(cut):
        if view != ALL:
            spans.setdefault((hazard, view), []).append((since, until, area_m2, area_class))
    rows = []
    for (hazard, view), held in sorted(spans.items()):
        left: dict[tuple[int, int, int], float] = {}
        days = sorted({day for since, until, _, _ in held for day in (since, until)})
        for start, end in pairwise(days):
            total = sum(area for since, until, area, _ in held if since <= start < until)
            if total > LEAST_OPEN_M2:
                classes = [area_class for since, until, _, area_class in held if since <= start < until]
                left[(start, end, max(classes))] = total
        rows += [_open_row(names, hazard, view, span) for span in _joined(list(left))]
    rows += [_open_row(names, number, None, None) for number, hazard in enumerate(names.hazards) if not _drawn(hazard)]
    return rows


def _joined(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Spans that touch and have one class, as one."""
    joined: list[tuple[int, int, int]] = []
    for start, end, area_class in spans:
        if joined and joined[-1][1] == start and joined[-1][2] == area_class:
            joined[-1] = (joined[-1][0], end, area_class)
        else:
            joined.append((start, end, area_class))
    return joined


def _drawn(hazard: Any) -> bool:
    return any(version.geometry is not None for version in hazard.versions)


def _open_row(names: _Names, number: int, view: int | None, span: tuple[int, int, int] | None) -> dict[str, Any]:
    hazard = names.hazards[number]
    digest, entry = names.hazard_entry[number]
    newest = hazard.versions[-1]
    identified = hazard.identified_on
    first, last, until = (_day(span[0]), _day(span[0]), _day(span[1])) if span else (None, None, None)
    if span is None and identified:
        first, last = identified.first, identified.last
    return {
        "digest": digest, "entry": entry, "m2": None, "place": names.place[number], "first": first, "last": last, "until": until,
        "device": names.device(view) if view is not None else "+".join(sorted(newest.contamination)),
        "area_type": CLASSES[span[2]] if span is not None else newest.area_type,
    }  # fmt: skip
