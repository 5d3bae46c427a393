"""The only way into the ledger: one transaction, one commit, all or nothing (design sections 2 and 4)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from clearland.core.canonical import entry_digest, root_over
from clearland.core.clock import Clock, system_clock
from clearland.core.collector import collector_paused
from clearland.core.errors import ClearlandError, RefusedInput
from clearland.ledger import chain, layers, sources, workflow
from clearland.ledger.authors import refuse_own_work, waiting
from clearland.ledger.bodies import moment_text
from clearland.ledger.drafts import Draft, NewRendition, NewSource, Receipt
from clearland.ledger.history import (
    StaleWrite,
    already_said,
    is_stale,
    known_records,
    moment_after,
    predecessor,
)
from clearland.ledger.link_rows import NewLink, insert_links, links_of
from clearland.ledger.opening import Opening, opening_of, stored_opening
from clearland.ledger.prepare import Prepared
from clearland.ledger.projections import NewEntry, Shown, insert_all
from clearland.ledger.readings import insert_reading
from clearland.ledger.scope import Actor
from clearland.ledger.sealed import Sealing
from clearland.ledger.spool import Spool
from clearland.ledger.staging import Staged, stage
from clearland.ledger.store import ALIAS, Store, busy_told, store_of
from clearland.ledger.supersession import missing_of
from clearland.ledger.vocabulary import dictionary_of
from clearland.ledger.windows import Line

_COMMIT_COLUMNS = (
    "sequence", "source_id", "actor", "reason", "recorded_at", "entry_count", "rendition_count", "root",
    "previous_hash", "hash",
)  # fmt: skip


@dataclass(frozen=True)
class _Request:
    """What the caller of `write` asked for, beside the drafts. `kept`: SHA-256 and size of new bytes, on disk."""

    actor: Actor
    reason: str
    source: NewSource | str | None
    clock: Clock
    supersede_missing_of: str | None
    renditions: Sequence[NewRendition]
    kept: tuple[str, int] | None


@dataclass(frozen=True)
class _Moment:
    """When this write happens and what it knows of its source; `new_source` is the row of one not stored yet."""

    now: datetime
    opening: Opening
    received: datetime | None
    source: str | None = None
    source_digest: str | None = None
    new_source: Mapping[str, Any] | None = None

    @cached_property
    def arrival(self) -> datetime:
        """When new records are known that declare no moment of their own."""
        return self.opening.back_load_moment(self.received) or self.now

    def known_at(self, draft: Prepared, history: Sequence[Line]) -> datetime:
        """The clock, or for a declared back-load the moment it declares (before the opening only)."""
        if not history and draft.known_at is None:
            return self.arrival
        declared = self.opening.back_load_moment(draft.known_at or self.received)
        if declared is not None and self.source is None:
            raise RefusedInput(
                "E-LEDGER-BACKLOAD",
                f"{draft.name()}: known before the programme was opened, but no source is named.",
                remedy="Hand in the source it was known from, with the date on which it was received.",
            )
        return moment_after(history, declared or self.now, by_clock=declared is None)


@dataclass
class _Work:
    """What a write has done so far in its transaction. `sequence` and `fid` are the last ones given out.

    `written` are the records of earlier turns: a later turn follows what this write itself has just said of them.
    `approver` is the person whose own word this is, empty where the system writes or a source speaks; `reviewed` are the
    kinds whose records somebody else approves."""

    store: Store
    moment: _Moment
    commit: int
    root: "hashlib._Hash"
    sequence: int
    fid: int
    first_fid: int
    entries: int = 0
    created: int = 0
    unchanged: int = 0
    superseded: int = 0
    stale: list[tuple[Prepared, UUID]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    links: Spool[NewLink] = field(default_factory=Spool)
    approver: str = ""
    reviewed: frozenset[str] = frozenset()


def write(
    drafts: Iterable[Draft],
    *,
    actor: Actor,
    reason: str,
    source: NewSource | str | None = None,
    clock: Clock = system_clock,
    supersede_missing_of: str | None = None,
    renditions: Sequence[NewRendition] = (),
) -> Receipt:
    """Write the states that are news, with their source, as one commit; states the book already holds write nothing.

    `source` is new bytes or the SHA-256 of a stored source. With `supersede_missing_of`, approved records of that
    series which the drafts do not repeat are superseded from the source's date on. When an edition is added late, add
    the later editions of its series again afterwards: states they merely repeated were not written at the time.

    Raises RefusedInput (a draft cannot be an entry, a link leads nowhere, a state may not follow, a person approves their
    own work), StaleWrite (a draft is based on a state that is no longer the newest), Conflict (E-LEDGER-BUSY: another write
    did not end in 20 s); nothing is written then."""
    return write_in_turn(
        [drafts], actor=actor, reason=reason, source=source, clock=clock, supersede_missing_of=supersede_missing_of,
        renditions=renditions,
    )  # fmt: skip


def write_in_turn(
    turns: Sequence[Iterable[Draft]],
    *,
    actor: Actor,
    reason: str,
    source: NewSource | str | None = None,
    clock: Clock = system_clock,
    supersede_missing_of: str | None = None,
    renditions: Sequence[NewRendition] = (),
) -> Receipt:
    """As `write`, for records of which several states are written, oldest first: one commit, all or nothing.

    A turn holds at most one state of a record. From its second on a record's states follow the ones of the turns before,
    whatever they say they are based on."""
    kept = sources.keep_bytes(source) if isinstance(source, NewSource) else None
    request = _Request(actor, reason, source, clock, supersede_missing_of, renditions, kept)
    with collector_paused():
        with connections[ALIAS].cursor() as cursor:
            dictionary = dictionary_of(cursor)
        sealing = Sealing(dictionary)
        with ExitStack() as stack:
            staged = [stack.enter_context(stage(sealing.of(drafts), dictionary)) for drafts in turns]
            stack.enter_context(busy_told())
            stack.enter_context(transaction.atomic(using=ALIAS, durable=True))
            cursor = stack.enter_context(connections[ALIAS].cursor())
            return _write(store_of(cursor), staged, request, sealing)


def _write(store: Store, turns: Sequence[Staged], request: _Request, sealing: Sealing) -> Receipt:
    """Everything that happens under the lock."""
    store.lock()
    tail = chain.tail(store)
    moment = _moment(store, request, tail, turns[0])
    readings = _new_renditions(store, moment.source, request.renditions)
    digests = tuple(digest for digest, _ in readings)
    work = _begun(store, moment, tail.sequence + 1, digests)
    if not request.actor.is_system and moment.source is None:
        work.approver, work.reviewed = request.actor.id, frozenset(kind.name for kind in dictionary_of(store.cursor).layers())
    with store.roomy(sum(staged.count for staged in turns)):
        for number, staged in enumerate(turns, 1):
            _take_turn(work, staged, last=number == len(turns))
    if work.stale:
        raise StaleWrite([each.draft for each, _ in work.stale], [found for _, found in work.stale])
    if request.supersede_missing_of:
        _insert(work, _superseded(work, request.supersede_missing_of, {each for staged in turns for each in staged.records()}))
    if not work.entries and not readings and not moment.new_source:
        return _receipt(tail.sequence, tail.hash, work, ())
    insert_links(store, work.links)
    work.links.close()
    if moment.new_source:
        sources.insert_source(store, moment.new_source)
    sealing.insert(store, moment.now)
    head = _commit(work, tail, len(digests), request)
    if moment.source:
        sources.insert_renditions(store, work.commit, moment.source, readings)
    for digest, reading in readings:
        insert_reading(store, digest, reading)
    kinds = {kind for staged in turns for kind in staged.kinds}
    layers.index(store.cursor, Shown(work.first_fid if work.fid >= work.first_fid else None, ()), kinds)
    if "overlay" in kinds:
        layers.install(connections[ALIAS], dictionary_of(store.cursor))
    store.plan_anew(work.entries, work.sequence)
    return _receipt(work.commit, head, work, digests)


def _take_turn(work: _Work, staged: Staged, *, last: bool) -> None:
    """The states of one turn. New records enter the map index before a later turn can move them."""
    for portion in staged.portions():
        news = _news(work, portion)
        _insert(work, news)
        if not last:
            work.written.update(new.prepared.hex for new in news)
    if not last and not work.stale and work.fid >= work.first_fid:
        layers.index(work.store.cursor, Shown(work.first_fid, ()), frozenset())
        work.first_fid = work.fid + 1


def _begun(store: Store, moment: _Moment, commit: int, digests: Sequence[str]) -> _Work:
    """The work before its first entry: the root covers the renditions' digests, then those of entries as they come."""
    store.cursor.execute('SELECT COALESCE(MAX(sequence), 0) FROM "entry"')
    sequence = store.cursor.fetchone()[0]
    store.cursor.execute('SELECT COALESCE(MAX(fid), 0) FROM "record"')
    fid = store.cursor.fetchone()[0]
    return _Work(store, moment, commit, root_over(digests), sequence, fid, fid + 1)


def _receipt(sequence: int, head: str, work: _Work, readings: tuple[str, ...]) -> Receipt:
    changed = work.entries - work.created - work.superseded
    return Receipt(sequence, head, work.created, changed, work.unchanged, work.superseded, work.moment.source, readings)


def _moment(store: Store, request: _Request, tail: chain.Tail, staged: Staged) -> _Moment:
    """The clock's moment and the source, stored or new."""
    now = request.clock()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    # A clock that was set back must not reach behind what is already recorded.
    now = max(now, tail.recorded_at) if tail.recorded_at else now
    opening = stored_opening(store.cursor) or _opening_in(staged)
    source = request.source
    if source is None:
        return _Moment(now, opening, None)
    sha256 = request.kept[0] if request.kept else str(source)
    store.cursor.execute('SELECT digest, received FROM "source" WHERE sha256 = %s', [sha256])
    if row := store.cursor.fetchone():
        # The same bytes are one source: its first description stands.
        received = row[1] if isinstance(row[1], date) else date.fromisoformat(row[1])
        return _Moment(now, opening, opening.start_of(received), sha256, row[0])
    if request.kept is None or not isinstance(source, NewSource):
        raise RefusedInput("E-SOURCE-UNKNOWN", f"No source {sha256} is stored.", remedy="Hand in its bytes.")
    values = sources.source_values(source, sha256, request.kept[1], now)
    return _Moment(now, opening, opening.start_of(source.received), sha256, sources.source_digest(values), values)


def _opening_in(staged: Staged) -> Opening:
    """The opening stated by the very first write, which holds the programme record."""
    if staged.opening is None:
        raise ClearlandError("E-PROGRAMME-NONE", "This database holds no programme.", remedy="Make one with: clearland init DIR")
    return opening_of(json.loads(staged.opening.attributes))


def _news(work: _Work, portion: Sequence[Prepared]) -> list[NewEntry]:
    """Decide for each draft whether it is new, a change, or nothing; refuse what is out of order, note what is stale."""
    moment = work.moment
    known = known_records(work.store, [each.hex for each in portion])
    news: list[NewEntry] = []
    approved: list[tuple[str, tuple[int, ...]]] = []
    for each in portion:
        book = known.get(each.record) if known else None
        when = moment.known_at(each, book.history if book else ())
        if book is None:
            workflow.check_step(None, each.state, each.name)
            if each.based_on is not None:
                raise RefusedInput("E-LEDGER-BASE", f"{each.name()} is based on an entry, but there is no such record.")
            work.fid, work.created = work.fid + 1, work.created + 1
            news.append(_entry(work, each, work.fid, when, ()))
            continue
        if book.kind != each.kind:
            raise RefusedInput("E-LEDGER-KIND", f"{each.name()} is already a record of kind {book.kind}.")
        if already_said(each, book, when, None if moment.new_source else moment.source):
            work.unchanged += 1
            continue
        before = predecessor(book, when)
        if each.hex not in work.written and is_stale(each, book, before):
            work.stale.append((each, book.history[-1].id))
            continue
        workflow.check_step(before.state if before else None, each.state, each.name)
        if each.state == "approved" and each.kind in work.reviewed:
            approved.append((each.name(), waiting(book.history)))
        news.append(_entry(work, each, book.fid, when, book.history))
    refuse_own_work(work.store, work.approver, approved)
    return news


def _entry(work: _Work, prepared: Prepared, fid: int, when: datetime, past: Sequence[Line]) -> NewEntry:
    """The entry a prepared draft becomes; `fid` is the key of its record."""
    work.sequence += 1
    source, origin = work.moment.source, prepared.origin
    revision = 1 + max((line.revision for line in past if line.known_at < when), default=0) if past else 1
    body = prepared.body(moment_text(when), source, origin)
    digest = entry_digest(body, prepared.wkb)
    line = Line(work.sequence, revision, prepared.state, when, digest, source, origin)
    return NewEntry(prepared, fid, line, body, work.store.geometry(prepared.wkb, prepared.bounds), past)


def _superseded(work: _Work, series: str, repeated: set[UUID]) -> list[NewEntry]:
    """`superseded` states for the approved records of a series that a full edition does not repeat."""
    moment = work.moment
    declared = moment.opening.back_load_moment(moment.received)
    news: list[NewEntry] = []
    for prepared, book in missing_of(work.store, series, repeated, declared or moment.now):
        when = moment_after(book.history, declared or moment.now, by_clock=declared is None)
        news.append(_entry(work, prepared, book.fid, when, book.history))
    work.superseded = len(news)
    return news


def _insert(work: _Work, news: Sequence[NewEntry]) -> None:
    """Rows and map index of some new entries. A write that is refused in the end takes them back."""
    if not news or work.stale:
        return
    work.entries += len(news)
    work.root.update(bytes.fromhex("".join([new.line.digest for new in news])))
    changed = insert_all(work.store, work.commit, news)
    if links := links_of(news):
        work.links.add(links)
    if changed:
        layers.index(work.store.cursor, Shown(None, changed), frozenset())


def _new_renditions(store: Store, source: str | None, renditions: Sequence[NewRendition]) -> list[tuple[str, NewRendition]]:
    """Renditions that are not stored yet, with their digests, in the order of the digests."""
    if not renditions:
        return []
    if source is None:
        raise RefusedInput("E-RENDITION-SOURCE", "A rendition needs the source it was read from.")
    stored = sources.known_renditions(store, source)
    named = {sources.rendition_digest(source, each.extractor, each.extractor_version, each.text): each for each in renditions}
    return [(digest, named[digest]) for digest in sorted(named) if digest not in stored]


def _commit(work: _Work, tail: chain.Tail, rendition_count: int, request: _Request) -> str:
    """Append the commit to the chain; returns its hash."""
    store, moment, root = work.store, work.moment, work.root.hexdigest()
    head = chain.commit_hash(
        sequence=work.commit, source=moment.source, source_digest=moment.source_digest, actor=request.actor.id,
        reason=request.reason, recorded_at=moment.now, entry_count=work.entries, rendition_count=rendition_count,
        root=root, previous_hash=tail.hash,
    )  # fmt: skip
    about = (work.commit, moment.source, request.actor.id, request.reason, store.moment(moment.now))
    store.insert("commit", _COMMIT_COLUMNS, [(*about, work.entries, rendition_count, root, tail.hash, head)])
    return head
