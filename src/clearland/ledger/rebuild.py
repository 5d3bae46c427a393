"""The projections of records, made again from entries alone.

`states` yields what `record`, `version` and `link` must hold; `rebuild` puts it there, `verify` compares.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from clearland.core.errors import RefusedInput
from clearland.dictionary.model import Dictionary
from clearland.ledger import layers
from clearland.ledger.prepare import Prepared, draft_of, prepare
from clearland.ledger.projections import (
    LINK_COLUMNS,
    RECORD_COLUMNS,
    VERSION_COLUMNS,
    IndexedRow,
    bounds_of,
    shared_columns,
)
from clearland.ledger.store import ALIAS, Store, store_of
from clearland.ledger.vocabulary import dictionary_of
from clearland.ledger.windows import Line, known_until, ordered, standing

_RECORDS_AT_ONCE = 5_000
_ENTRIES = """SELECT e.record_id, e.sequence, e.id, e.revision, e.state, e.known_at, e.digest, e.body, e.geometry
              FROM "entry" e WHERE {among} ORDER BY e.record_id, e.sequence"""


@dataclass(frozen=True)
class RecordState:
    """All rows of one record, as values of the store. `revisions` maps an entry's sequence to the revision it must
    have."""

    fid: int
    record: tuple[Any, ...]
    versions: list[tuple[Any, ...]]
    links: list[tuple[Any, ...]]
    revisions: dict[int, tuple[int, int]]
    indexed: IndexedRow


def records_in_order(store: Store) -> list[UUID]:
    """Every record by its first entry: its place in this list, from 1, is its `fid`."""
    store.cursor.execute('SELECT record_id FROM "entry" GROUP BY record_id ORDER BY MIN(sequence)')
    return [store.read_uuid(row[0]) for row in store.cursor.fetchall()]


def states(store: Store, records: Sequence[UUID], dictionary: Dictionary) -> Iterator[list[RecordState]]:
    """The rows of all records, in blocks, in the order of `records`."""
    fids = {record: number for number, record in enumerate(records, 1)}
    for first in range(0, len(records), _RECORDS_AT_ONCE):
        block = records[first : first + _RECORDS_AT_ONCE]
        rows = list(store.fetch(_ENTRIES.format(among=store.among("e.record_id")), block))
        yield sorted(_block_states(store, rows, fids, dictionary), key=lambda state: state.fid)


def _block_states(
    store: Store, rows: Sequence[tuple[Any, ...]], fids: dict[UUID, int], dictionary: Dictionary
) -> Iterator[RecordState]:
    drafts = [draft_of(bytes(row[7]), store.read_geometry(row[8])) for row in rows]
    prepared = iter(prepare(drafts, dictionary, checked=True))
    for record, group in groupby(rows, key=itemgetter(0)):
        lines = [
            (
                Line(row[1], store.read_uuid(row[2]), row[3], row[4], store.read_moment(row[5]), row[6], None),
                next(prepared),
            )
            for row in group
        ]
        yield _state(store, store.read_uuid(record), lines, fids)


def _state(store: Store, record: UUID, lines: list[tuple[Line, Prepared]], fids: dict[UUID, int]) -> RecordState:
    fid = fids[record]
    by_sequence = {line.sequence: prepared for line, prepared in lines}
    history = ordered(line for line, _ in lines)
    ends = known_until(history)
    stands = standing(history)
    shared = {line.sequence: shared_columns(store, each, store.geometry(each.wkb, each.bounds)) for line, each in lines}
    approved = stands.approved.sequence if stands.approved else None
    shown = by_sequence[stands.shown.sequence]
    versions = []
    for line in history:
        end = ends[line.sequence]
        known_to = store.moment(end) if end else None
        versions.append((fid, line.sequence, store.moment(line.known_at), known_to, *shared[line.sequence]))
    return RecordState(
        fid=fid,
        record=(fid, store.uuid(record), stands.head.sequence, approved, *shared[stands.shown.sequence]),
        versions=versions,
        links=[
            (fid, role, _fid_of(target, fids), line.sequence)
            for line in history
            for role, targets in by_sequence[line.sequence].links.items()
            for target in sorted(set(targets), key=str)
        ],
        revisions=_revisions([line for line, _ in lines]),
        indexed=IndexedRow(shown.draft.kind, fid, bounds_of(shown)),
    )


def _fid_of(target: UUID, fids: dict[UUID, int]) -> int:
    if target not in fids:
        raise RefusedInput("E-LEDGER-LINK", f"An entry links to {target}, of which there is no entry.")
    return fids[target]


def _revisions(arrived: Sequence[Line]) -> dict[int, tuple[int, int]]:
    """Sequence -> (revision found, revision due): one more than the highest among what was there and known before."""
    found: dict[int, tuple[int, int]] = {}
    for number, line in enumerate(arrived):
        before = (each.revision for each in arrived[:number] if each.known_at < line.known_at)
        found[line.sequence] = (line.revision, 1 + max(before, default=0))
    return found


def rebuild() -> int:
    """Drop and rebuild `record`, `version`, `link` and the map indexes from entries; returns the number of records."""
    with transaction.atomic(using=ALIAS, durable=True), connections[ALIAS].cursor() as cursor:
        store = store_of(cursor)
        store.lock()
        records = records_in_order(store)
        dictionary = dictionary_of(cursor)  # its overlays stand in `record`, which is about to be emptied
        for table in ("link", "version", "record"):
            cursor.execute(f'DELETE FROM "{table}"')
        for block in states(store, records, dictionary):
            store.insert("record", RECORD_COLUMNS, [state.record for state in block])
            store.insert("version", VERSION_COLUMNS, [row for state in block for row in state.versions])
            # A link may lead to a record of a later block: its foreign key is checked at the end of the transaction.
            store.insert("link", LINK_COLUMNS, [row for state in block for row in state.links])
        layers.reindex(cursor)
    return len(records)
