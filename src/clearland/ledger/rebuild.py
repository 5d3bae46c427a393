"""The projections of records, made again from entries alone.

`states` yields what `record`, `version` and `link` must hold; `rebuild` puts it there, `verify` compares.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connections, transaction
from numpy.typing import NDArray

from clearland.core.errors import RefusedInput
from clearland.core.ids import entry_id
from clearland.dictionary.model import Dictionary
from clearland.ledger import layers
from clearland.ledger.contested import contested_entries
from clearland.ledger.prepare import Prepared, draft_of, prepare
from clearland.ledger.projections import LINK_COLUMNS, RECORD_COLUMNS, VERSION_COLUMNS, shared_columns
from clearland.ledger.store import ALIAS, Store, store_of
from clearland.ledger.vocabulary import dictionary_of
from clearland.ledger.windows import Line, known_until, ordered, standing

_RECORDS_AT_ONCE = 5_000
_ENTRIES_AT_ONCE = 20_000
ENTRIES = """SELECT record_id, sequence, revision, state, known_at, digest, body, geometry
              FROM "entry" WHERE sequence IN ({listed})"""


@dataclass(frozen=True)
class RecordState:
    """All rows of one record, as values of the store. `revisions` maps an entry's sequence to the revision it must
    have."""

    fid: int
    kind: str
    record: tuple[Any, ...]
    versions: list[tuple[Any, ...]]
    links: list[tuple[Any, ...]]
    revisions: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Arrivals:
    """Every record with its `fid`, which is its place by first entry, from 1. `sequences` are all entries, those of one
    record together; those of the record n end at `ends[n]`, where those of the next begin (`ends[0]` is 0).
    `contested`: entries that are held."""

    fids: dict[UUID, int]
    sequences: NDArray[np.int64]
    ends: NDArray[np.int64]
    contested: frozenset[UUID]


def arrivals(store: Store) -> Arrivals:
    """The entries of each record, from the book alone."""
    fids: dict[UUID, int] = {}
    owners, sequences = array("q"), array("q")
    store.cursor.execute('SELECT record_id, sequence FROM "entry" ORDER BY sequence')
    while rows := store.cursor.fetchmany(_ENTRIES_AT_ONCE):
        for record, sequence in rows:
            owners.append(fids.setdefault(store.read_uuid(record), len(fids) + 1))
            sequences.append(sequence)
    owned = np.array(owners, dtype=np.int64)
    grouped = np.argsort(owned, kind="stable")
    ends = np.searchsorted(owned[grouped], np.arange(len(fids) + 1), side="right")
    return Arrivals(fids, np.array(sequences, dtype=np.int64)[grouped], ends, contested_entries(store.cursor))


def states(store: Store, arrived: Arrivals, dictionary: Dictionary) -> Iterator[list[RecordState]]:
    """The rows of all records, in blocks, in the order of their fids."""
    for first in range(0, len(arrived.fids), _RECORDS_AT_ONCE):
        last = min(first + _RECORDS_AT_ONCE, len(arrived.fids))
        block = arrived.sequences[arrived.ends[first] : arrived.ends[last]].tolist()
        store.cursor.execute(ENTRIES.format(listed=", ".join(map(str, block))))
        found = {row[1]: row for row in store.cursor.fetchall()}
        yield list(block_states(store, [found[sequence] for sequence in block], arrived.fids, dictionary, arrived.contested))


def block_states(
    store: Store, rows: Sequence[tuple[Any, ...]], fids: Mapping[UUID, int], dictionary: Dictionary, contested: frozenset[UUID]
) -> Iterator[RecordState]:
    """The rows of some records; `rows` as `ENTRIES` gives them, those of one record together in the order of arrival."""
    drafts = [draft_of(bytes(row[6]), store.read_geometry(row[7])) for row in rows]
    prepared = iter(prepare(drafts, dictionary, checked=True))
    for record, group in groupby(rows, key=itemgetter(0)):
        lines = [
            (
                Line(row[1], row[2], row[3], store.read_moment(row[4]), row[5], None, held=entry_id(row[5]) in contested),
                next(prepared),
            )
            for row in group
        ]
        yield _state(store, store.read_uuid(record), lines, fids)


def _state(store: Store, record: UUID, lines: list[tuple[Line, Prepared]], fids: Mapping[UUID, int]) -> RecordState:
    fid = fids[record]
    by_sequence = {line.sequence: prepared for line, prepared in lines}
    history = ordered(line for line, _ in lines)
    ends = known_until(history)
    stands = standing(history)
    shared = {line.sequence: shared_columns(each, store.geometry(each.wkb, each.bounds)) for line, each in lines}
    approved = stands.approved.sequence if stands.approved else None
    shown = by_sequence[stands.shown.sequence]
    versions = []
    for line in history:
        end = ends[line.sequence]
        known_to = store.moment(end) if end else None
        versions.append((fid, line.sequence, store.moment(line.known_at), known_to, *shared[line.sequence]))
    return RecordState(
        fid=fid,
        kind=shown.kind,
        record=(fid, store.uuid(record), stands.head.sequence, approved, *shared[stands.shown.sequence]),
        versions=versions,
        links=[
            (fid, role, _fid_of(target, fids), line.sequence)
            for line in history
            for role, targets in by_sequence[line.sequence].links.items()
            for target in sorted(set(targets), key=str)
        ],
        revisions=_revisions([line for line, _ in lines]),
    )


def _fid_of(target: UUID, fids: Mapping[UUID, int]) -> int:
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
        arrived = arrivals(store)
        dictionary = dictionary_of(cursor)  # its overlays stand in `record`, which is about to be emptied
        for table in ("link", "version", "record"):
            cursor.execute(f'DELETE FROM "{table}"')
        for block in states(store, arrived, dictionary):
            store.insert("record", RECORD_COLUMNS, [state.record for state in block])
            store.insert("version", VERSION_COLUMNS, [row for state in block for row in state.versions])
            # A link may lead to a record of a later block: its foreign key is checked at the end of the transaction.
            store.insert("link", LINK_COLUMNS, [row for state in block for row in state.links])
        layers.reindex(cursor)
    return len(arrived.fids)
