"""What the book already holds about the records of a write, and whether a draft is news, old news or a conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from clearland.core.canonical import entry_digest
from clearland.core.errors import Conflict
from clearland.ledger.bodies import moment_text
from clearland.ledger.contested import contested_entries
from clearland.ledger.drafts import Draft
from clearland.ledger.prepare import Prepared, name_of
from clearland.ledger.store import Store
from clearland.ledger.windows import Line, last_settled, ordered, until

_TICK = timedelta(milliseconds=1)


@dataclass(slots=True)
class Known:
    """A record that exists: its key in the projections, its kind and its ordered entries."""

    fid: int
    kind: str
    history: list[Line]


class StaleWrite(Conflict):
    """Drafts based on a state that is no longer the newest. `ours` are the drafts, `theirs` the entries found
    instead."""

    def __init__(self, ours: Sequence[Draft], theirs: Sequence[UUID]) -> None:
        shown = ", ".join(name_of(draft) for draft in ours[:3])
        super().__init__(
            "E-LEDGER-STALE",
            f"{len(ours)} record(s) changed since they were read: {shown}{' …' if len(ours) > 3 else ''}.",
            remedy="Compare both versions and write again, based on the newest.",
        )
        self.ours = tuple(ours)
        self.theirs = tuple(theirs)


def known_records(store: Store, records: Sequence[UUID] | Sequence[str]) -> dict[UUID, Known]:
    """The records among these (UUIDs, or their text without hyphens) that exist, with their histories."""
    found: dict[UUID, Known] = {}
    sql = f"""SELECT r.fid, r.kind, r.id, e.sequence, e.revision, e.state, e.known_at, e.digest, c.source_id, e.origin
              FROM "record" r JOIN "version" v ON v.record_id = r.fid JOIN "entry" e ON e.sequence = v.entry_id
              LEFT JOIN "commit" c ON c.sequence = e.commit_id
              WHERE {store.among("r.id")}"""  # entries of the commit that is being written have none yet
    for fid, kind, record, sequence, revision, state, known_at, digest, source, origin in store.fetch(sql, records):
        line = Line(sequence, revision, state, store.read_moment(known_at), digest, source, origin)
        found.setdefault(store.read_uuid(record), Known(fid, kind, [])).history.append(line)
    contested = contested_entries(store.cursor) if found else frozenset()
    for known in found.values():
        if contested:
            known.history = [line._replace(held=line.id in contested) for line in known.history]
        known.history = ordered(known.history)
    return found


def already_said(prepared: Prepared, known: Known, moment: datetime, source: str | None) -> bool:
    """Whether the book holds this very state: as the newest at `moment`, as the settled one, or from the same
    source."""
    past = until(known.history, moment)
    candidates: set[Line | None] = {past[-1] if past and not past[-1].held else None, last_settled(past)}
    if source:
        candidates.update(line for line in known.history if line.source == source)
    return any(line is not None and _says(prepared, line) for line in candidates)


def _says(prepared: Prepared, line: Line) -> bool:
    """Whether the draft, given the moment, source and origin of an entry, would be that entry."""
    if prepared.state != line.state:
        return False
    return entry_digest(prepared.body(moment_text(line.known_at), line.source, line.origin), prepared.wkb) == line.digest


def predecessor(known: Known, moment: datetime) -> Line | None:
    """The entry a new one at `moment` follows."""
    past = until(known.history, moment)
    return past[-1] if past else None


def is_stale(draft: Prepared, known: Known, before: Line | None) -> bool:
    """Whether the author saw neither the newest entry nor the one that this draft follows."""
    seen = {known.history[-1].id, before.id if before else None}
    if before is known.history[-1]:
        seen = {before.id}
    return draft.based_on not in seen


def moment_after(history: Sequence[Line], moment: datetime, *, by_clock: bool) -> datetime:
    """When a new state is known that arrives at `moment`: two states of one record are never known at the same moment.

    By the clock it comes after all others. A back-load comes after those of the same moment, which were each put a
    millisecond later than the one before, and before those known later.
    """
    if not history:
        return moment
    taken = {line.known_at for line in history}
    if by_clock:
        moment = max([moment, *taken])
    while moment in taken:
        moment += _TICK
    return moment
