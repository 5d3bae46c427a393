"""New entries and what follows from them, as rows: entry, record, version, link.

`rebuild` makes the same rows from entries alone; a test holds that both ways give one result.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from clearland.core.ids import entry_hex
from clearland.ledger.prepare import Prepared
from clearland.ledger.store import Store
from clearland.ledger.windows import Line, known_until, ordered, standing

_COLUMNS = (
    "kind", "local_id", "attributes", "geometry", "min_x", "min_y", "max_x", "max_y", "valid_from", "valid_to", "place",
    "organisation", "state", "sensitivity",
)  # fmt: skip
ENTRY_COLUMNS = (
    "sequence", "id", "record_id", "revision", "body", "geometry", "state", "known_at", "commit_id", "digest",
    "origin",
)  # fmt: skip
RECORD_COLUMNS = ("fid", "id", "head_entry_id", "approved_entry_id", *_COLUMNS)
VERSION_COLUMNS = ("record_id", "entry_id", "known_from", "known_to", *_COLUMNS)
LINK_COLUMNS = ("record_id", "role", "target_id", "entry_id")
_NO_BOUNDS = (None, None, None, None)
# A new record and its only version say the same: the database copies the one from the other.
_FIRST_VERSIONS = f"""
    INSERT INTO "version" ({", ".join(f'"{column}"' for column in VERSION_COLUMNS)})
    SELECT r.fid, e.sequence, e.known_at, NULL, {", ".join(f'r."{column}"' for column in _COLUMNS)}
    FROM "record" r JOIN "entry" e ON e.sequence = r.head_entry_id WHERE r.fid >= %s ORDER BY r.fid"""


@dataclass(slots=True)
class NewEntry:
    """A prepared draft that becomes an entry. `past` is the record's ordered history before it, empty for a new
    record; `geometry` is the store's value."""

    prepared: Prepared
    fid: int
    line: Line
    body: bytes
    geometry: Any
    past: Sequence[Line]


class ChangedRow(NamedTuple):
    """A record that shows a new state: `bounds` is min x, min y, max x, max y in degrees, None without geometry."""

    kind: str
    fid: int
    bounds: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Shown:
    """What the map index must know of a write: every record from `first_fid` on is new (None: none is), `changed` are
    older ones."""

    first_fid: int | None
    changed: Sequence[ChangedRow]


def shared_columns(prepared: Prepared, geometry: Any) -> tuple[Any, ...]:
    """The columns that `record` and `version` have in common."""
    return (
        prepared.kind, prepared.local_id, prepared.attributes, geometry, *(prepared.bounds or _NO_BOUNDS),
        prepared.valid_from, prepared.valid_to, prepared.place, prepared.organisation, prepared.state, prepared.sensitivity,
    )  # fmt: skip


def insert_all(store: Store, commit: int, news: Sequence[NewEntry]) -> Sequence[ChangedRow]:
    """Write entries, records and versions; returns the older records that show another state now."""
    firsts = [new for new in news if not new.past]
    later = [(new, shared_columns(new.prepared, new.geometry)) for new in news if new.past]
    store.insert("entry", ENTRY_COLUMNS, _entry_rows(store, commit, news))
    if firsts:
        store.insert("record", RECORD_COLUMNS, _record_rows(firsts))
        store.cursor.execute(_FIRST_VERSIONS, [firsts[0].fid])
    if later:
        store.insert("version", VERSION_COLUMNS, _version_rows(store, later))
    return _update_touched(store, later)


def _entry_rows(store: Store, commit: int, news: Sequence[NewEntry]) -> Iterator[tuple[Any, ...]]:
    moments = {moment: store.moment(moment) for moment in {new.line.known_at for new in news}}
    for new in news:
        line = new.line
        yield (
            line.sequence, entry_hex(line.digest), new.prepared.hex, line.revision, store.blob(new.body), new.geometry,
            line.state, moments[line.known_at], commit, line.digest, line.origin,
        )  # fmt: skip


def _record_rows(firsts: Sequence[NewEntry]) -> Iterator[tuple[Any, ...]]:
    for new in firsts:
        sequence, prepared = new.line.sequence, new.prepared
        approved = sequence if new.line.state == "approved" else None
        yield (new.fid, prepared.hex, sequence, approved, *shared_columns(prepared, new.geometry))


def _version_rows(store: Store, later: Sequence[tuple[NewEntry, tuple[Any, ...]]]) -> Iterator[tuple[Any, ...]]:
    for new, shared in later:
        line = new.line
        end = known_until(ordered([*new.past, line]))[line.sequence]
        yield (new.fid, line.sequence, store.moment(line.known_at), store.moment(end) if end else None, *shared)


def _update_touched(store: Store, touched: Sequence[tuple[NewEntry, tuple[Any, ...]]]) -> list[ChangedRow]:
    """Close windows that the new entries end, and show what now stands. An entry never makes an older one stand."""
    closed: list[tuple[Any, ...]] = []
    heads: list[tuple[Any, ...]] = []
    shown: list[tuple[Any, ...]] = []
    indexed: list[ChangedRow] = []
    for new, shared in touched:
        history = ordered([*new.past, new.line])
        before, after = known_until(new.past), known_until(history)
        for sequence, end in after.items():
            if sequence != new.line.sequence and before[sequence] != end:
                closed.append((store.moment(end) if end else None, new.fid, sequence))
        stands = standing(history)
        approved = stands.approved.sequence if stands.approved else None
        heads.append((stands.head.sequence, approved, new.fid))
        if stands.shown is new.line:
            shown.append((*shared, new.fid))
            bounds = new.prepared.bounds
            box = (bounds[0], bounds[1], bounds[2], bounds[3]) if bounds else None
            indexed.append(ChangedRow(new.prepared.kind, new.fid, box))
    store.update('UPDATE "version" SET known_to = %s WHERE record_id = %s AND entry_id = %s', closed)
    store.update('UPDATE "record" SET head_entry_id = %s, approved_entry_id = %s WHERE fid = %s', heads)
    assignments = ", ".join(f'"{column}" = %s' for column in _COLUMNS)
    store.update(f'UPDATE "record" SET {assignments} WHERE fid = %s', shown)
    return indexed
