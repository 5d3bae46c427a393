"""Who a person is: entered, opened and redacted, record by record, each with a reason that stands in the chain.

Every opening, every refusal and every redaction is a record of the kind `sealed_access`. It names the fields and the
reason, never a value. The access is written before anything is opened: nobody reads without leaving a trace.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import NotPermitted, RefusedInput
from clearland.core.sealing import is_commitment
from clearland.dictionary.model import Field
from clearland.dictionary.values import clean
from clearland.ledger.drafts import Draft, Receipt
from clearland.ledger.rows import commits, history, record, rows, sources
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.sealed import SealedRow, delete_rows, rows_of
from clearland.ledger.sealed_sources import open_sealed
from clearland.ledger.sealing_keys import needed_key
from clearland.ledger.sources import source_path
from clearland.ledger.trails import EntryView
from clearland.ledger.vocabulary import current_dictionary
from clearland.ledger.write import write

KIND = "sealed_access"
OPENED, REFUSED, REDACTED = "opened", "refused", "redacted"
_PURPOSE = "identity"
_COMMAND_LINE = "system:cli"


@dataclass(frozen=True)
class SealedFields:
    """The sealed fields of a record as it stands, without opening any: which may be said, which are, which values are gone."""

    fields: tuple[Field, ...]
    held: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """One deed on the sealed fields of a record, or on a sealed source: who, when (UTC), what, which fields and why.

    `about` is the record's id, or `source:` and the SHA-256 of a source."""

    about: str
    actor: str
    moment: datetime
    deed: str
    fields: tuple[str, ...]
    reason: str


def sealed_fields(seen: Scope, record_id: UUID) -> SealedFields:
    """The sealed fields of a record within the scope; all empty for a kind that has none, or a record that is not there."""
    version = record(seen, record_id)
    words = current_dictionary()
    if version is None or version.kind not in words.kinds:
        return SealedFields((), (), ())
    fields = tuple(each for each in words.kind(version.kind).fields if each.sensitivity == "sealed")
    there = _standing_rows(record_id, version.attributes) if fields else {}
    committed = [each.name for each in fields if is_commitment(version.attributes.get(each.name))]
    return SealedFields(
        fields, tuple(name for name in committed if name in there), tuple(name for name in committed if name not in there)
    )


def identity(
    actor: Actor | None, record_id: UUID, reason: str, *, clock: Clock = system_clock
) -> dict[str, str | int | bool | list[str]]:
    """The values of a record's sealed fields as they stand, by field; what was redacted is not among them.

    For administrators, who are people. Raises NotPermitted (E-SEALED-ACTOR; the refusal is recorded), RefusedInput
    (E-SEALED-REASON, E-SEALED-NONE, E-SEALED-KEY), ClearlandError (E-SEALED-DAMAGED)."""
    actor, newest = _asked(actor, record_id, reason, clock, may=actor is not None and actor.is_admin and not actor.is_system)
    key = needed_key()
    there = _standing_rows(record_id, newest.attributes)
    _note(actor, newest, OPENED, sorted(there), reason, clock)
    return {name: row.opened(key) for name, row in sorted(there.items())}


def enter(
    actor: Actor | None, record_id: UUID, values: Mapping[str, object], reason: str, *, clock: Clock = system_clock
) -> Receipt:
    """Give sealed fields of a record new values, by field; blank ones stay as they are. The new state is an entry.

    For people. Raises NotPermitted (E-SCOPE-ACTOR), RefusedInput (E-SEALED-REASON, E-SEALED-NONE, E-SEALED-KEY,
    E-VALUE-SEALED)."""
    if actor is None or actor.is_system:
        raise NotPermitted("E-SCOPE-ACTOR", "Nobody is logged in.", remedy="Log in.")
    seen = scope(actor, _PURPOSE)
    newest = _newest(seen, record_id)
    _check_reason(reason)
    words = current_dictionary()
    sealed = {each.name for each in words.kind(newest.kind).fields if each.sensitivity == "sealed"}
    if other := sorted({*values} - sealed):
        raise RefusedInput("E-SEALED-NONE", f"{newest.kind} has no sealed field {', '.join(other)}.", remedy="Name one it has.")
    cleaned, findings = clean(words, newest.kind, values, sealing=True)
    if wrong := [each for each in findings if each.place.column in sealed & {*values}]:
        raise RefusedInput("E-VALUE-SEALED", wrong[0].sentence, place=wrong[0].place, remedy=wrong[0].remedy)
    draft = _draft_of(newest)
    changed = replace(draft, attributes={**draft.attributes, **cleaned})
    return write([changed], actor=actor, reason=reason.strip(), clock=clock)


def redact(
    actor: Actor | None, record_id: UUID, fields: Sequence[str], reason: str, *, clock: Clock = system_clock
) -> int:
    """Delete the values of sealed fields of a record, of all its states; returns how many values are gone.

    For administrators and the command line. The deed is recorded first. Entries are not touched, so the chain still holds.
    Raises NotPermitted (E-SEALED-ACTOR), RefusedInput (E-SEALED-REASON, E-SEALED-NONE)."""
    may = actor is not None and (actor.is_admin or actor.id == _COMMAND_LINE)
    actor, newest = _asked(actor, record_id, reason, clock, may=may)
    held = {each.field for each in rows_of([record_id])}
    if not fields or {*fields} - held:
        named = ", ".join(sorted({*fields} - held)) or "no field"
        raise RefusedInput(
            "E-SEALED-NONE", f"Nothing sealed is held of {newest.local_id} in {named}.",
            remedy=f"Fields with sealed values: {', '.join(sorted(held)) or 'none'}.",
        )  # fmt: skip
    _note(actor, newest, REDACTED, sorted(fields), reason, clock)
    return delete_rows(record_id, sorted(fields))


def accesses(seen: Scope, record_id: UUID | None = None, *, first: int = 0, most: int | None = None) -> list[Access]:
    """Every deed on a record's sealed fields, or on any, newest first; for those who may read class restricted.

    `first` and `most` cut a page out of the list."""
    found = rows(seen, KIND).order_by("-id")
    if record_id is not None:
        found = found.filter(attributes__person=str(record_id))
    states = list(found.values_list("attributes", "entry__commit_id")[first : None if most is None else first + most])
    actors = dict(commits(seen).filter(sequence__in={commit for _, commit in states}).values_list("sequence", "actor"))
    return [
        Access(
            said["person"], actors.get(commit, ""), datetime.fromisoformat(said["done_at"]), said["deed"],
            tuple(said.get("sealed_fields", ())), said["reason"],
        )
        for said, commit in states
    ]  # fmt: skip


def open_source(
    actor: Actor | None, sha256: str, reason: str, *, clock: Clock = system_clock
) -> tuple[str, Iterator[bytes]]:
    """The file name and the plain bytes of a sealed source, in blocks. The deed is recorded first.

    For administrators and the command line. Raises NotPermitted (E-SEALED-ACTOR; the refusal is recorded), RefusedInput
    (E-SEALED-REASON, E-SEALED-NONE, E-SEALED-KEY), ClearlandError (E-SEALED-DAMAGED)."""
    seen = scope(actor, _PURPOSE)
    _check_reason(reason)
    about, path = f"source:{sha256}", source_path(sha256)
    if not (seen.actor.is_admin or seen.actor.id == _COMMAND_LINE):
        _record_deed(seen.actor, about, sha256[:12], REFUSED, (), reason, clock)
        raise NotPermitted("E-SEALED-ACTOR", "Only an administrator opens a sealed source.", remedy="Ask one.")
    named = sources(seen).filter(sha256=sha256, sensitivity="sealed").values_list("filename", flat=True).first()
    if named is None or not path.is_file():
        raise RefusedInput("E-SEALED-NONE", f"No sealed source {sha256} is kept.", remedy="Look at the list of sources.")
    key = needed_key()
    _record_deed(seen.actor, about, named, OPENED, (), reason, clock)
    return named, open_sealed(key, sha256, path)


def _asked(actor: Actor | None, record_id: UUID, reason: str, clock: Clock, *, may: bool) -> tuple[Actor, EntryView]:
    """Who asks, and the newest state of the record, once it is clear that the actor may and says why."""
    seen = scope(actor, _PURPOSE)
    newest = _newest(seen, record_id)
    _check_reason(reason)
    if not may:
        _note(seen.actor, newest, REFUSED, (), reason, clock)
        raise NotPermitted(
            "E-SEALED-ACTOR", "Only an administrator opens or redacts an identity.", remedy="Ask one; your request is recorded."
        )
    return seen.actor, newest


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise RefusedInput("E-SEALED-REASON", "An identity is touched for a reason only.", remedy="Say why.")


def _newest(seen: Scope, record_id: UUID) -> EntryView:
    entries = history(seen, record_id)
    if not entries:
        raise RefusedInput("E-SEALED-NONE", f"There is no record {record_id}.", remedy="Look at the list again.")
    return entries[-1]


def _standing_rows(record_id: UUID, attributes: Mapping[str, Any]) -> dict[str, SealedRow]:
    return {each.field: each for each in rows_of([record_id]) if attributes.get(each.field) == each.commitment}


def _draft_of(entry: EntryView) -> Draft:
    return Draft(
        record=entry.record, kind=entry.kind, local_id=entry.local_id, attributes=entry.attributes, links=entry.links,
        geometry=entry.geometry, state=entry.state, sensitivity=entry.sensitivity, based_on=entry.id,
    )  # fmt: skip


def _note(
    actor: Actor, about: EntryView, deed: str, fields: Sequence[str], reason: str, clock: Clock
) -> None:
    """The deed as a record of its own."""
    _record_deed(actor, str(about.record), about.local_id or str(about.record), deed, fields, reason, clock)


def _record_deed(
    actor: Actor, about: str, called: str, deed: str, fields: Sequence[str], reason: str, clock: Clock
) -> None:
    moment = clock().replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    values = {
        "person": about, "deed": deed, "done_at": moment, "reason": reason.strip(),
        **({"sealed_fields": list(fields)} if fields else {}),
    }  # fmt: skip
    name = f"{called} {deed} {moment}"
    draft = Draft(record=uuid4(), kind=KIND, local_id=name, attributes=values)
    write([draft], actor=actor, reason=f"Identity {deed}", clock=clock)
