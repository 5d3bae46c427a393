"""The second door into the ledger: entries written in another programme, taken over byte for byte.

Nothing of an entry changes on the way: its body, its digest and the moment from which it is known are those of the programme
that wrote it. Every entry is kept. Entries of one record that were written without knowledge of each other contest each
other and are held until a person decides (`contested`); so the state after merging does not depend on the order of merging.
The chain does: commits are this programme's own, one per commit that the entries came with.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import shapely
from django.db import connections, transaction

from clearland.core.canonical import root_of
from clearland.core.clock import Clock, system_clock
from clearland.core.collector import collector_paused
from clearland.core.errors import RefusedInput
from clearland.core.ids import entry_hex
from clearland.ledger import chain, layers, sources
from clearland.ledger.bodies import moment_text, parse_moment
from clearland.ledger.carried import Carried, Origin
from clearland.ledger.contested import CONFLICT_KIND, conflict_draft, contested_entries
from clearland.ledger.history import known_records
from clearland.ledger.prepare import prepare
from clearland.ledger.projections import ENTRY_COLUMNS, LINK_COLUMNS, RECORD_COLUMNS, VERSION_COLUMNS, ChangedRow, Shown
from clearland.ledger.rebuild import ENTRIES, RecordState, block_states
from clearland.ledger.scope import Actor
from clearland.ledger.sealed import refuse_plain
from clearland.ledger.store import ALIAS, Store, store_of
from clearland.ledger.vocabulary import dictionary_of
from clearland.ledger.windows import Line

_CLOCKS_DIFFER = timedelta(days=1)  # a device whose clock is further ahead than this is wrong
_COMMIT_COLUMNS = (
    "sequence", "source_id", "actor", "reason", "recorded_at", "entry_count", "rendition_count", "root",
    "previous_hash", "hash",
)  # fmt: skip


@dataclass(frozen=True)
class MergeReceipt:
    """What a merge did. `entries` names each entry taken over with its record; `known` counts those that were there."""

    head: str
    entries: tuple[tuple[UUID, UUID], ...]
    known: int
    commits: int
    conflicts: tuple[UUID, ...] = ()


@dataclass
class _Merge:
    """What is found and done under the lock."""

    store: Store
    now: datetime
    actor: Actor
    tail: chain.Tail
    sequence: int
    histories: dict[UUID, list[Line]]
    there: set[UUID]
    digests: dict[str, str]
    written: list[tuple[UUID, Line]] = field(default_factory=list)
    commits: int = 0


def merge(
    carried: Sequence[Carried],
    described: Mapping[str, Mapping[str, Any]],
    *,
    actor: Actor,
    sender: str,
    clock: Clock = system_clock,
) -> MergeReceipt:
    """Take over the entries that are not here yet, with their sources, in one transaction. Merging again changes nothing.

    `carried` holds every entry that the sender knew of each record it sends. `described` are the descriptions of their
    sources, whose bytes lie in the sources folder already, except those of class sealed. `sender` is the name of the key
    that signed.

    Raises RefusedInput E-MERGE-SOURCE, E-MERGE-LINK, E-MERGE-CLOCK, E-LEDGER-SEALED, and ClearlandError E-DICT-KIND for a
    kind that is not in this programme's dictionary; nothing is taken over then.
    """
    with (
        collector_paused(),
        transaction.atomic(using=ALIAS, durable=True),
        connections[ALIAS].cursor() as cursor,
    ):
        store = store_of(cursor)
        store.lock()
        work = _opened(store, carried, actor, clock)
        known = [each for each in carried if each.id in work.there]
        news = [each for each in carried if each.id not in work.there]
        if not news:
            return MergeReceipt(work.tail.hash, (), len(known), 0)
        _refuse_future(news, work.now)
        refuse_plain((each.body for each in news), dictionary_of(cursor))
        parted = _parted(carried, work)
        _take_sources(work, news, described)
        for origin, group in groupby(news, key=lambda each: each.origin):
            _take(work, list(group), f"{sender}{chain.TAKEN_OVER}{origin.actor}", origin)
        conflicts = _note_conflicts(work, parted)
        _project(work)
        entries = tuple((record, line.id) for record, line in work.written)
        return MergeReceipt(work.tail.hash, entries, len(known), work.commits, conflicts)


def _opened(store: Store, carried: Sequence[Carried], actor: Actor, clock: Clock) -> _Merge:
    tail = chain.tail(store)
    now = clock()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    now = max(now, tail.recorded_at) if tail.recorded_at else now
    histories = {
        record: known.history
        for record, known in known_records(store, sorted({each.record for each in carried}, key=str)).items()
    }
    store.cursor.execute('SELECT COALESCE(MAX(sequence), 0) FROM "entry"')
    sequence = store.cursor.fetchone()[0]
    store.cursor.execute("SELECT sha256, digest FROM source")
    digests = dict(store.cursor.fetchall())
    there = {line.id for lines in histories.values() for line in lines}
    return _Merge(store, now, actor, tail, sequence, histories, there, digests)


def _refuse_future(news: Iterable[Carried], now: datetime) -> None:
    latest = max(parse_moment(json.loads(each.body)["known_at"]) for each in news)
    if latest > now + _CLOCKS_DIFFER:
        raise RefusedInput(
            "E-MERGE-CLOCK",
            f"An entry is known from {moment_text(latest)} on, which has not come yet.",
            remedy="Set the clock of the device that wrote it, and ask for a new bundle.",
        )


def _parted(carried: Sequence[Carried], work: _Merge) -> list[tuple[UUID, UUID, UUID]]:
    """Record, an entry of ours, an entry of theirs: pairs of which neither was known where the other was written.

    What the sender did not know is ours; what we did not know is theirs. A pair that says the same is no conflict.
    """
    theirs_known: dict[UUID, dict[UUID, Carried]] = defaultdict(dict)
    for each in carried:
        theirs_known[each.record][each.id] = each
    pairs = []
    for record, known in theirs_known.items():
        ours = [line for line in work.histories.get(record, ()) if line.id not in known]
        theirs = [each for id_, each in known.items() if id_ not in work.there]
        if not ours or not theirs:
            continue
        said = {line.id: _content(work.store, line) for line in ours}
        pairs += [
            (record, line.id, each.id) for line in ours for each in theirs
            if said[line.id] != (_plain(json.loads(each.body)), each.wkb)
        ]  # fmt: skip
    return pairs


def _content(store: Store, line: Line) -> tuple[str, bytes | None]:
    store.cursor.execute('SELECT body, geometry FROM "entry" WHERE sequence = %s', [line.sequence])
    body, geometry = store.cursor.fetchone()
    shape = store.read_geometry(geometry)
    return _plain(json.loads(bytes(body))), None if shape is None else shape.wkb


def _plain(body: Mapping[str, Any]) -> str:
    return json.dumps(
        {name: value for name, value in body.items() if name not in ("known_at", "source", "origin")}, sort_keys=True
    )


def _take_sources(work: _Merge, news: Sequence[Carried], described: Mapping[str, Mapping[str, Any]]) -> None:
    for sha256 in sorted({each.origin.source for each in news if each.origin.source} - work.digests.keys()):
        # The bytes of a sealed source stay where they can be opened.
        if sha256 not in described or not (sources.is_withheld(described[sha256]) or sources.source_path(sha256).is_file()):
            raise RefusedInput(
                "E-MERGE-SOURCE", f"The source {sha256} of an entry did not come with it.", remedy="Ask for a new bundle."
            )
        values = {**described[sha256], "recorded_at": work.now}
        work.digests[sha256] = sources.insert_source(work.store, values)


def _take(work: _Merge, group: Sequence[Carried], actor: str, origin: Origin) -> None:
    """One commit of theirs as one of ours."""
    rows = []
    for each in group:
        body = json.loads(each.body)
        line = _line(work, each, body)
        rows.append(_entry_row(work, each, line))
    _commit(work, actor, origin.reason, origin.source, [row[9] for row in rows])
    work.store.insert("entry", ENTRY_COLUMNS, rows)


def _line(work: _Merge, each: Carried, body: Mapping[str, Any]) -> Line:
    known_at = parse_moment(body["known_at"])
    history = work.histories.setdefault(each.record, [])
    revision = 1 + max((line.revision for line in history if line.known_at < known_at), default=0)
    work.sequence += 1
    line = Line(work.sequence, revision, body["state"], known_at, each.digest, each.origin.source, body.get("origin", ""))
    history.append(line)
    work.written.append((each.record, line))
    return line


def _entry_row(work: _Merge, each: Carried, line: Line) -> tuple[Any, ...]:
    store = work.store
    geometry = None
    if each.wkb is not None:
        shape = shapely.from_wkb(each.wkb)
        geometry = store.geometry(each.wkb, shape.bounds)
    return (
        line.sequence, entry_hex(line.digest), store.uuid(each.record), line.revision, store.blob(each.body), geometry,
        line.state, store.moment(line.known_at), work.tail.sequence + 1, line.digest, line.origin,
    )  # fmt: skip


def _commit(work: _Merge, actor: str, reason: str, source: str | None, digests: Sequence[str]) -> None:
    root = root_of(digests)
    sequence = work.tail.sequence + 1
    head = chain.commit_hash(
        sequence=sequence, source=source, source_digest=work.digests[source] if source else None, actor=actor, reason=reason,
        recorded_at=work.now, entry_count=len(digests), rendition_count=0, root=root, previous_hash=work.tail.hash,
    )  # fmt: skip
    moment = work.store.moment(work.now)
    row = (sequence, source, actor, reason, moment, len(digests), 0, root, work.tail.hash, head)
    work.store.insert("commit", _COMMIT_COLUMNS, [row])
    work.tail = chain.Tail(sequence, head, work.now)
    work.commits += 1


def _note_conflicts(work: _Merge, parted: Sequence[tuple[UUID, UUID, UUID]]) -> tuple[UUID, ...]:
    """A record for each pair that is not noted yet: the bundle itself may have brought some."""
    lines = {line.id: line for history in work.histories.values() for line in history}
    classes = _classes(work, {record for record, _, _ in parted})
    drafts = [conflict_draft(record, lines[ours], lines[theirs], classes[record]) for record, ours, theirs in parted]
    noted = known_records(work.store, sorted({draft.record for draft, _ in drafts}, key=str))
    brought = {record for record, _ in work.written}
    fresh = [(draft, when) for draft, when in drafts if draft.record not in noted and draft.record not in brought]
    if not fresh:
        return tuple(draft.record for draft, _ in drafts)
    prepared = prepare([draft for draft, _ in fresh], dictionary_of(work.store.cursor))
    origin = Origin(work.actor.id, "Versions that were written without knowledge of each other", work.now, None)
    carried = [
        Carried(each.record, each.body(moment_text(when), None, ""), None, origin)
        for each, (_, when) in zip(prepared, fresh, strict=True)
    ]
    _take(work, carried, work.actor.id, origin)
    return tuple(draft.record for draft, _ in drafts)


def _classes(work: _Merge, records: set[UUID]) -> dict[UUID, str]:
    """The class of each contested record is that of what stands of it, or of what came first."""
    found: dict[UUID, str] = {}
    for record in records:
        earliest = min(work.histories[record], key=lambda line: (line.known_at, line.digest))
        work.store.cursor.execute('SELECT body FROM "entry" WHERE sequence = %s', [earliest.sequence])
        found[record] = json.loads(bytes(work.store.cursor.fetchone()[0]))["sensitivity"]
    return found


def _project(work: _Merge) -> None:
    """Records, versions and links of everything touched, made anew from its entries."""
    store = work.store
    touched = _touched(work)
    fids, first_new = _fids(store, touched)
    dictionary = dictionary_of(store.cursor)
    rows = _rows_of(store, touched, work)
    wanted = {UUID(target) for row in rows for targets in json.loads(bytes(row[6]))["links"].values() for target in targets}
    missing = sorted(wanted - fids.keys(), key=str)
    found = store.fetch(f'SELECT id, fid FROM "record" WHERE {store.among("id")}', missing) if missing else ()
    fids.update((store.read_uuid(record), fid) for record, fid in found)
    if lost := wanted - fids.keys():
        raise RefusedInput(
            "E-MERGE-LINK", f"An entry links to {min(map(str, lost))}, which is neither here nor in the bundle.",
            remedy="Ask for a bundle that holds it.",
        )  # fmt: skip
    # The pairs noted just now stand in entries only: their records are among those being made.
    contested = contested_entries(store.cursor) | _noted(rows)
    states = list(block_states(store, rows, fids, dictionary, contested))
    new = sorted((state for state in states if state.fid >= first_new), key=lambda state: state.fid)
    old = [state for state in states if state.fid < first_new]
    store.insert("record", RECORD_COLUMNS, [state.record for state in new])
    store.insert("version", VERSION_COLUMNS, [row for state in new for row in state.versions])
    _update(store, old)
    fresh = {line.sequence for _, line in work.written}
    store.insert("version", VERSION_COLUMNS, [row for state in old for row in state.versions if row[1] in fresh])
    links = [row for state in states for row in state.links if row[3] in fresh]
    if links:
        store.insert("link", LINK_COLUMNS, links)
    changed = [ChangedRow(state.kind, state.fid, _bounds(state)) for state in old]
    kinds = {state.kind for state in states}
    layers.index(store.cursor, Shown(first_new if new else None, changed), kinds)


def _touched(work: _Merge) -> list[UUID]:
    """The records with new entries, and those that a new conflict is about, in the order in which they came."""
    touched = dict.fromkeys(record for record, _ in work.written)
    about = dict.fromkeys(UUID(pair["contested"]) for pair in _pairs(_rows_of(work.store, list(touched), work)))
    unread = [record for record in about if record not in work.histories]
    work.histories.update((record, known.history) for record, known in known_records(work.store, unread).items())
    return [*touched, *(record for record in about if record not in touched and record in work.histories)]


def _pairs(rows: Sequence[tuple[Any, ...]]) -> list[Mapping[str, str]]:
    bodies = (json.loads(bytes(row[6])) for row in rows)
    return [body["attributes"] for body in bodies if body["kind"] == CONFLICT_KIND]


def _noted(rows: Sequence[tuple[Any, ...]]) -> frozenset[UUID]:
    return frozenset(UUID(pair[name]) for pair in _pairs(rows) for name in ("first", "second"))


def _fids(store: Store, touched: Sequence[UUID]) -> tuple[dict[UUID, int], int]:
    """Keys of the records, new ones numbered in the order in which they came; and the first new key."""
    found = store.fetch(f'SELECT id, fid FROM "record" WHERE {store.among("id")}', list(touched))
    fids = {store.read_uuid(record): fid for record, fid in found}
    store.cursor.execute('SELECT COALESCE(MAX(fid), 0) FROM "record"')
    first = store.cursor.fetchone()[0] + 1
    fids.update((record, first + number) for number, record in enumerate(each for each in touched if each not in fids))
    return fids, first


def _rows_of(store: Store, touched: Sequence[UUID], work: _Merge) -> list[tuple[Any, ...]]:
    sequences = [line.sequence for record in touched for line in sorted(work.histories[record])]
    by_sequence: dict[int, tuple[Any, ...]] = {}
    for part in _parts(sequences):
        store.cursor.execute(ENTRIES.format(listed=", ".join(map(str, part))))
        by_sequence.update((row[1], row) for row in store.cursor.fetchall())
    return [by_sequence[sequence] for sequence in sequences]


def _parts(values: Sequence[int], size: int = 5_000) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _update(store: Store, states: Sequence[RecordState]) -> None:
    columns = ", ".join(f'"{column}" = %s' for column in RECORD_COLUMNS[2:])
    store.update(f'UPDATE "record" SET {columns} WHERE fid = %s', [(*state.record[2:], state.fid) for state in states])
    ends = [(row[3], state.fid, row[1]) for state in states for row in state.versions]
    store.update('UPDATE "version" SET known_to = %s WHERE record_id = %s AND entry_id = %s', ends)


def _bounds(state: RecordState) -> tuple[float, float, float, float] | None:
    first = RECORD_COLUMNS.index("min_x")
    box = state.record[first : first + 4]
    return None if box[0] is None else (box[0], box[1], box[2], box[3])
