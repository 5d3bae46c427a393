"""The only way into the ledger: one transaction, one commit, all or nothing (design sections 2 and 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from clearland.core.canonical import entry_digest, root_of
from clearland.core.clock import Clock, system_clock
from clearland.core.collector import collector_paused
from clearland.core.errors import ClearlandError, Finding, Place, RefusedInput
from clearland.ledger import chain, layers, sources, workflow
from clearland.ledger.bodies import moment_text
from clearland.ledger.drafts import Draft, NewRendition, NewSource, Receipt
from clearland.ledger.history import (
    Known,
    StaleWrite,
    already_said,
    is_stale,
    known_records,
    moment_after,
    predecessor,
)
from clearland.ledger.opening import PROGRAMME_RECORD, Opening, opening_of, stored_opening
from clearland.ledger.prepare import Prepared, name_of, prepare
from clearland.ledger.projections import NewEntry, insert_all
from clearland.ledger.readings import insert_reading
from clearland.ledger.scope import Actor
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

    def known_at(self, draft: Draft, history: Sequence[Line]) -> datetime:
        """The clock, or for a declared back-load the moment it declares (before the opening only)."""
        if not history and draft.known_at is None:
            return self.arrival
        declared = self.opening.back_load_moment(draft.known_at or self.received)
        if declared is not None and self.source is None:
            raise RefusedInput(
                "E-LEDGER-BACKLOAD",
                f"{name_of(draft)}: known before the programme was opened, but no source is named.",
                remedy="Hand in the source it was known from, with the date on which it was received.",
            )
        return moment_after(history, declared or self.now, by_clock=declared is None)


@dataclass(slots=True)
class _Plan:
    """What a write will do, before anything is written."""

    news: list[NewEntry]
    created: int = 0
    unchanged: int = 0
    superseded: int = 0


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

    Raises RefusedInput (a draft cannot be an entry, a link leads nowhere, a state may not follow), StaleWrite (a draft
    is based on a state that is no longer the newest), Conflict (E-LEDGER-BUSY: another write did not end in 20 s); nothing is
    written then."""
    kept = sources.keep_bytes(source) if isinstance(source, NewSource) else None
    request = _Request(actor, reason, source, clock, supersede_missing_of, renditions, kept)
    with collector_paused():
        with connections[ALIAS].cursor() as cursor:
            prepared = prepare(drafts, dictionary_of(cursor))
        with busy_told(), transaction.atomic(using=ALIAS, durable=True), connections[ALIAS].cursor() as cursor:
            return _write(store_of(cursor), prepared, request)


def _write(store: Store, prepared: Sequence[Prepared], request: _Request) -> Receipt:
    """Everything that happens under the lock."""
    store.lock()
    tail = chain.tail(store)
    moment = _moment(store, request, tail, prepared)
    known = known_records(store, [each.draft.record for each in prepared])
    plan = _plan(store, prepared, known, moment)
    if request.supersede_missing_of:
        _plan_superseded(store, plan, request.supersede_missing_of, {each.draft.record for each in prepared}, moment)
    readings = _new_renditions(store, moment.source, request.renditions)
    digests = tuple(digest for digest, _ in readings)
    if not plan.news and not readings and not moment.new_source:
        return _receipt(tail.sequence, tail.hash, plan, moment.source, ())
    fids = _resolve_links(store, plan)
    if moment.new_source:
        sources.insert_source(store, moment.new_source)
    root = root_of([*digests, *(new.line.digest for new in plan.news)])
    sequence, head = _commit(store, tail, moment, (len(plan.news), len(digests), root), request)
    if moment.source:
        sources.insert_renditions(store, sequence, moment.source, readings)
    for digest, reading in readings:
        insert_reading(store, digest, reading)
    kinds = {each.draft.kind for each in prepared}
    layers.index(store.cursor, insert_all(store, sequence, plan.news, fids), kinds)
    if "overlay" in kinds:
        layers.install(connections[ALIAS], dictionary_of(store.cursor))
    return _receipt(sequence, head, plan, moment.source, digests)


def _receipt(sequence: int, head: str, plan: _Plan, source: str | None, readings: tuple[str, ...]) -> Receipt:
    changed = len(plan.news) - plan.created - plan.superseded
    return Receipt(sequence, head, plan.created, changed, plan.unchanged, plan.superseded, source, readings)


def _moment(store: Store, request: _Request, tail: chain.Tail, prepared: Sequence[Prepared]) -> _Moment:
    """The clock's moment and the source, stored or new."""
    now = request.clock()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    # A clock that was set back must not reach behind what is already recorded.
    now = max(now, tail.recorded_at) if tail.recorded_at else now
    opening = stored_opening(store.cursor) or _opening_in(prepared)
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


def _opening_in(prepared: Sequence[Prepared]) -> Opening:
    """The opening stated by the very first write, which holds the programme record."""
    for each in prepared:
        if each.draft.record == PROGRAMME_RECORD:
            return opening_of(dict(each.draft.attributes))
    raise ClearlandError("E-PROGRAMME-NONE", "This database holds no programme.", remedy="Make one with: clearland init DIR")


def _plan(store: Store, prepared: Sequence[Prepared], known: dict[UUID, Known], moment: _Moment) -> _Plan:
    """Decide for each draft whether it is new, a change, or nothing; refuse what is stale or out of order."""
    cursor = store.cursor
    cursor.execute('SELECT COALESCE(MAX(sequence), 0) FROM "entry"')
    sequence = cursor.fetchone()[0]
    cursor.execute('SELECT COALESCE(MAX(fid), 0) FROM "record"')
    fid = cursor.fetchone()[0]
    plan = _Plan([])
    stale: list[tuple[Draft, UUID]] = []
    for each in prepared:
        draft = each.draft
        book = known.get(draft.record) if known else None
        when = moment.known_at(draft, book.history if book else ())
        if book is None:
            workflow.check_step(None, draft.state, each.name)
            if draft.based_on is not None:
                raise RefusedInput("E-LEDGER-BASE", f"{name_of(draft)} is based on an entry, but there is no such record.")
            sequence, fid, plan.created = sequence + 1, fid + 1, plan.created + 1
            plan.news.append(_entry(each, (fid, sequence), when, moment.source, ()))
            continue
        if book.kind != draft.kind:
            raise RefusedInput("E-LEDGER-KIND", f"{name_of(draft)} is already a record of kind {book.kind}.")
        if already_said(each, book, when, None if moment.new_source else moment.source):
            plan.unchanged += 1
            continue
        before = predecessor(book, when)
        if is_stale(draft, book, before):
            stale.append((draft, book.history[-1].id))
            continue
        workflow.check_step(before.state if before else None, draft.state, each.name)
        sequence += 1
        plan.news.append(_entry(each, (book.fid, sequence), when, moment.source, book.history))
    if stale:
        raise StaleWrite([draft for draft, _ in stale], [found for _, found in stale])
    return plan


def _entry(prepared: Prepared, place: tuple[int, int], when: datetime, source: str | None, past: Sequence[Line]) -> NewEntry:
    """The entry a prepared draft becomes; `place` is the key of its record and its own sequence."""
    fid, sequence = place
    revision = 1 + max((line.revision for line in past if line.known_at < when), default=0) if past else 1
    body = prepared.body(moment_text(when), source, prepared.draft.origin)
    digest = entry_digest(body, prepared.wkb)
    line = Line(sequence, revision, prepared.draft.state, when, digest, source, prepared.draft.origin)
    return NewEntry(prepared, fid, line, body, past)


def _plan_superseded(store: Store, plan: _Plan, series: str, repeated: set[UUID], moment: _Moment) -> None:
    """Add `superseded` states for the approved records of a series that a full edition does not repeat."""
    declared = moment.opening.back_load_moment(moment.received)
    sequence = plan.news[-1].line.sequence if plan.news else None
    if sequence is None:
        store.cursor.execute('SELECT COALESCE(MAX(sequence), 0) FROM "entry"')
        sequence = store.cursor.fetchone()[0]
    for prepared, book in missing_of(store, series, repeated, declared or moment.now):
        when = moment_after(book.history, declared or moment.now, by_clock=declared is None)
        sequence += 1
        plan.superseded += 1
        plan.news.append(_entry(prepared, (book.fid, sequence), when, moment.source, book.history))


def _new_renditions(store: Store, source: str | None, renditions: Sequence[NewRendition]) -> list[tuple[str, NewRendition]]:
    """Renditions that are not stored yet, with their digests, in the order of the digests."""
    if not renditions:
        return []
    if source is None:
        raise RefusedInput("E-RENDITION-SOURCE", "A rendition needs the source it was read from.")
    stored = sources.known_renditions(store, source)
    named = {sources.rendition_digest(source, each.extractor, each.extractor_version, each.text): each for each in renditions}
    return [(digest, named[digest]) for digest in sorted(named) if digest not in stored]


def _resolve_links(store: Store, plan: _Plan) -> dict[UUID, int]:
    """The key of every link's target. Raises RefusedInput (E-LEDGER-LINK) naming each link that leads nowhere."""
    wanted = {target for new in plan.news for targets in new.prepared.links.values() for target in targets}
    if not wanted:
        return {}
    fids = {new.prepared.draft.record: new.fid for new in plan.news}
    missing = [target for target in wanted if target not in fids]
    if missing:
        found = store.fetch(f'SELECT id, fid FROM "record" WHERE {store.among("id")}', missing)
        fids.update((store.read_uuid(record), fid) for record, fid in found)
    findings = [
        Finding(
            code="E-LEDGER-LINK",
            severity="error",
            sentence=f"{name_of(new.prepared.draft)}: {role} leads to {target}, which is no record.",
            place=Place(column=role),
            remedy="Add the record it leads to first, or in the same write.",
        )
        for new in plan.news
        for role, targets in new.prepared.links.items()
        for target in targets
        if target not in fids
    ]
    if findings:
        raise RefusedInput(
            "E-LEDGER-LINK", findings[0].sentence, place=findings[0].place, remedy=findings[0].remedy, findings=findings
        )
    return fids


def _commit(store: Store, tail: chain.Tail, moment: _Moment, content: tuple[int, int, str], request: _Request) -> tuple[int, str]:
    """Append the commit to the chain; returns its sequence and hash. `content`: entries, renditions, root."""
    entry_count, rendition_count, root = content
    sequence = tail.sequence + 1
    head = chain.commit_hash(
        sequence=sequence, source=moment.source, source_digest=moment.source_digest, actor=request.actor.id,
        reason=request.reason, recorded_at=moment.now, entry_count=entry_count, rendition_count=rendition_count,
        root=root, previous_hash=tail.hash,
    )  # fmt: skip
    about = (sequence, moment.source, request.actor.id, request.reason, store.moment(moment.now))
    store.insert("commit", _COMMIT_COLUMNS, [(*about, *content, tail.hash, head)])
    return sequence, head
