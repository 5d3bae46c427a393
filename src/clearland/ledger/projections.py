"""New entries and what follows from them, as rows: entry, record, version, link.

`rebuild` makes the same rows from entries alone; a test holds that both ways give one result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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


@dataclass(slots=True)
class NewEntry:
    """A prepared draft that becomes an entry. `past` is the record's ordered history before it, empty for a new
    record."""

    prepared: Prepared
    fid: int
    line: Line
    body: bytes
    past: Sequence[Line]


@dataclass(frozen=True)
class IndexedRow:
    """What the map index must know of a record: `bounds` is min x, min y, max x, max y in degrees, None without
    geometry."""

    kind: str
    fid: int
    bounds: tuple[float, float, float, float] | None


def shared_columns(store: Store, prepared: Prepared, geometry: Any) -> tuple[Any, ...]:
    """The columns that `record` and `version` have in common."""
    draft = prepared.draft
    return (
        draft.kind, draft.local_id, prepared.attributes, geometry, *(prepared.bounds or _NO_BOUNDS),
        store.day(prepared.valid_from), store.day(prepared.valid_to), prepared.place, prepared.organisation,
        draft.state, prepared.sensitivity,
    )  # fmt: skip


def insert_all(store: Store, commit: int, news: Sequence[NewEntry], fids: Mapping[UUID, int]) -> list[IndexedRow]:
    """Write entries and projections; returns the records whose shown state changed. `fids` holds every link's
    target."""
    entries: list[tuple[Any, ...]] = []
    records: list[tuple[Any, ...]] = []
    versions: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    touched: list[tuple[NewEntry, tuple[Any, ...]]] = []
    indexed: list[IndexedRow] = []
    moments: dict[datetime, Any] = {}
    for new in news:
        prepared, line = new.prepared, new.line
        draft = prepared.draft
        geometry = store.geometry(prepared.wkb, prepared.bounds)
        record = store.uuid(draft.record)
        if (known_from := moments.get(line.known_at)) is None:
            known_from = moments[line.known_at] = store.moment(line.known_at)
        shared = shared_columns(store, prepared, geometry)
        entries.append((
            line.sequence, store.uuid(line.id), record, line.revision, new.body, geometry, line.state, known_from,
            commit, line.digest, line.origin,
        ))  # fmt: skip
        known_to = None
        if new.past:
            touched.append((new, shared))
            end = known_until(ordered([*new.past, line]))[line.sequence]
            known_to = store.moment(end) if end else None
        else:
            approved = line.sequence if line.state == "approved" else None
            records.append((new.fid, record, line.sequence, approved, *shared))
            indexed.append(_indexed(new))
        versions.append((new.fid, line.sequence, known_from, known_to, *shared))
        for role, targets in prepared.links.items():
            links.extend((new.fid, role, fids[target], line.sequence) for target in sorted(set(targets), key=str))
    store.insert("entry", ENTRY_COLUMNS, entries)
    store.insert("record", RECORD_COLUMNS, records)
    store.insert("version", VERSION_COLUMNS, versions)
    store.insert("link", LINK_COLUMNS, links)
    return indexed + _update_touched(store, touched)


def bounds_of(prepared: Prepared) -> tuple[float, float, float, float] | None:
    """The bounds of a prepared draft, None without geometry."""
    bounds = prepared.bounds
    return (bounds[0], bounds[1], bounds[2], bounds[3]) if bounds else None


def _indexed(new: NewEntry) -> IndexedRow:
    return IndexedRow(new.prepared.draft.kind, new.fid, bounds_of(new.prepared))


def _update_touched(store: Store, touched: Sequence[tuple[NewEntry, tuple[Any, ...]]]) -> list[IndexedRow]:
    """Close windows that the new entries end, and show what now stands. An entry never makes an older one stand."""
    closed: list[tuple[Any, ...]] = []
    heads: list[tuple[Any, ...]] = []
    shown: list[tuple[Any, ...]] = []
    indexed: list[IndexedRow] = []
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
            indexed.append(_indexed(new))
    store.update('UPDATE "version" SET known_to = %s WHERE record_id = %s AND entry_id = %s', closed)
    store.update('UPDATE "record" SET head_entry_id = %s, approved_entry_id = %s WHERE fid = %s', heads)
    assignments = ", ".join(f'"{column}" = %s' for column in _COLUMNS)
    store.update(f'UPDATE "record" SET {assignments} WHERE fid = %s', shown)
    return indexed
