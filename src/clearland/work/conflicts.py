"""Conflicts of versions: which records have two states that nobody chose between yet, and the person's choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.ledger.contested import CONFLICT_KIND
from clearland.ledger.drafts import Draft, Receipt
from clearland.ledger.rows import history, record, rows
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.trails import EntryView
from clearland.ledger.write import write

_OPEN = ("submitted",)


@dataclass(frozen=True)
class OpenConflict:
    """A record in conflict: the versions that contest each other, oldest first, and what stands meanwhile (None: one of them)."""

    record: UUID
    versions: tuple[EntryView, ...]
    standing: EntryView | None
    pairs: tuple[UUID, ...]

    @property
    def latest(self) -> EntryView:
        """The version known last; the one that gives the record its name in lists."""
        return self.versions[-1]


def open_conflicts(seen: Scope, as_known: date | None = None) -> list[OpenConflict]:
    """Every record with an undecided conflict within the scope, by local id."""
    by_record: dict[UUID, list[tuple[UUID, set[UUID]]]] = {}
    found = rows(seen, CONFLICT_KIND, as_known=as_known, states=_OPEN).values_list("record__id", "attributes")
    for pair, attributes in found:
        ends = {UUID(attributes["first"]), UUID(attributes["second"])}
        by_record.setdefault(UUID(attributes["contested"]), []).append((pair, ends))
    made = [_conflict(seen, contested, pairs) for contested, pairs in by_record.items()]
    return sorted((each for each in made if each is not None), key=lambda each: (each.latest.kind, each.latest.local_id))


def _conflict(seen: Scope, contested: UUID, pairs: Iterable[tuple[UUID, set[UUID]]]) -> OpenConflict | None:
    listed = list(pairs)
    ends = {end for _, both in listed for end in both}
    entries = history(seen, contested)
    versions = tuple(each for each in entries if each.id in ends)
    # A conflict about a conflict: two people decided apart from each other. Deciding the record again settles both.
    if len(versions) < 2 or versions[0].kind == CONFLICT_KIND:
        return None
    stands = record(seen, contested)
    entry = stands.entry_uuid if stands is not None else None  # type: ignore[attr-defined]
    standing = next((each for each in entries if each.id == entry), None)
    return OpenConflict(contested, versions, standing, tuple(pair for pair, _ in listed))


def open_conflict(seen: Scope, contested: UUID) -> OpenConflict:
    """The conflict about a record. Raises ClearlandError E-CONFLICT-NONE when nothing is open about it."""
    found = next((each for each in open_conflicts(seen) if each.record == contested), None)
    if found is None:
        raise ClearlandError("E-CONFLICT-NONE", "There is no open conflict about this record.", remedy="Look at the list again.")
    return found


def decide(contested: UUID, chosen: UUID, reason: str, *, actor: Actor | None, clock: Clock = system_clock) -> Receipt:
    """Let one version stand: a new entry with its content, and the decision on every open pair, in one commit.

    `chosen` is one of the versions, or what stands meanwhile. Raises NotPermitted E-CONFLICT-ACTOR, RefusedInput
    E-CONFLICT-REASON, E-CONFLICT-CHOICE, ClearlandError E-CONFLICT-NONE, StaleWrite.
    """
    if actor is None or actor.is_system:
        raise NotPermitted("E-CONFLICT-ACTOR", "Only a person decides between versions.", remedy="Log in.")
    if not reason.strip():
        raise RefusedInput("E-CONFLICT-REASON", "A decision needs a reason.", remedy="Say why this version is right.")
    seen = scope(actor, "decide a conflict")
    conflict = open_conflict(seen, contested)
    choices = {each.id: each for each in (*conflict.versions, conflict.standing) if each is not None}
    if chosen not in choices:
        raise RefusedInput(
            "E-CONFLICT-CHOICE", "This is no version of the record in conflict.", remedy="Choose one that is shown."
        )
    picked = choices[chosen]
    newest = history(seen, contested)[-1]
    drafts = [
        Draft(
            record=contested, kind=picked.kind, local_id=picked.local_id, attributes=picked.attributes, links=picked.links,
            geometry=picked.geometry, state=picked.state, sensitivity=picked.sensitivity, based_on=newest.id,
        )
    ]  # fmt: skip
    for pair in conflict.pairs:
        noted = history(seen, pair)[-1]
        drafts.append(
            Draft(
                record=pair, kind=CONFLICT_KIND, local_id=noted.local_id, sensitivity=noted.sensitivity, based_on=noted.id,
                attributes={**noted.attributes, "chosen": str(chosen), "reason": reason.strip()}, links=noted.links,
            )
        )  # fmt: skip
    return write(drafts, actor=actor, reason=f"Chose between versions: {reason.strip()}", clock=clock)
