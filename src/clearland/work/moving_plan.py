"""What a move from IMSMA would do: the plan of every turn of states, with all that is found, before anything is written."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from clearland.core.clock import Clock, system_clock
from clearland.core.collector import collector_paused
from clearland.core.errors import Finding, Place, RefusedInput
from clearland.core.ids import record_id
from clearland.dictionary.loader import with_overlays
from clearland.dictionary.model import Dictionary
from clearland.dictionary.values import clean
from clearland.intake.existing import Content, Linked, look_up
from clearland.intake.imsma.model import Item, Kept, Version
from clearland.intake.imsma.overlay import NAME as OVERLAY
from clearland.intake.imsma.overlay import overlay_content
from clearland.intake.imsma.reading import Handed
from clearland.intake.imsma.rules import Rules
from clearland.intake.imsma.tables import Laid, Turn, lay_out
from clearland.intake.ledger_state import existing_in_ledger, linked_in_ledger
from clearland.intake.plan import Circumstances, Plan, plan
from clearland.ledger.drafts import Draft
from clearland.ledger.fields import to_wkb
from clearland.ledger.opening import Opening, current_opening
from clearland.ledger.rows import rows, sources
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.sealing_keys import needed_key
from clearland.ledger.trails import histories
from clearland.work.add import OnConflict
from clearland.work.legacy import KIND as GAP
from clearland.work.legacy import gap_drafts

SERIES = "IMSMA"
SENSITIVITY = "restricted"
PURPOSE = "move from IMSMA"
_AT_ONCE = 2_000
Identity = Literal["seal", "leave_out"]
Step = Callable[[int], None]


def no_step(done: int) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True, kw_only=True)
class MoveOptions:
    """What the person says. `series` names the installation: two databases of one programme are two series."""

    series: str = SERIES
    identities: Identity = "seal"
    on_conflict: OnConflict = "refuse"
    received: date | None = None
    leave_out_refused: bool = False


@dataclass(frozen=True, kw_only=True)
class PlannedMove:
    """What a move would do: the plan of the newest states, the drafts of every turn, and everything found.

    `left_behind` are items that were refused and left out because the person said so."""

    standing: Plan
    turns: Sequence[Sequence[Draft]]
    findings: Sequence[Finding]
    laid: Laid
    overlay: Mapping[str, Any]
    left_behind: Sequence[Item] = ()

    @property
    def errors(self) -> list[Finding]:
        """What refuses the whole move."""
        return [finding for finding in self.findings if finding.severity == "error"]


def plan_move(
    handed: Handed, rules: Rules, options: MoveOptions, *, actor: Actor, clock: Clock = system_clock, step: Step = no_step
) -> PlannedMove:
    """What moving would do; nothing is written. Raises RefusedInput (E-SEALED-KEY) where identities cannot be sealed.

    With `leave_out_refused` items that are refused stay behind, with the links to them; each is a warning.
    `step` is called once for each turn of states that is planned."""
    call = _Call(rules, options, actor, clock, step)
    made = _plan_of(handed, call)
    behind: list[Item] = []
    told: list[Finding] = []
    while options.leave_out_refused and (refused := _refused_items(made)):
        behind += refused
        told += [replace(each, severity="warning", remedy=f"It stays behind. {each.remedy}".strip()) for each in made.errors]
        gone = {item.guid for item in behind}
        rest = replace(handed.extract, items=[item for item in handed.extract.items if item.guid not in gone])
        made = _plan_of(replace(handed, extract=rest), call)
    return replace(made, left_behind=behind, findings=[*told, *made.findings]) if behind else made


def _refused_items(made: PlannedMove) -> list[Item]:
    """The items in whose rows the errors stand; none where some error is about no row, so that leaving out cannot help."""
    by_place = {
        (table.sheet, number): placed.item
        for turn in made.laid.turns for table, pairs in zip(turn.tables, turn.versions, strict=True)
        for number, (placed, _) in zip(table.numbers, pairs, strict=True)
    }  # fmt: skip
    found = {by_place.get((each.place.sheet, each.place.row or 0)) for each in made.errors}
    return [] if None in found else sorted((item for item in found if item is not None), key=lambda item: item.guid)


@dataclass(frozen=True)
class _Call:
    """What the caller of `plan_move` said."""

    rules: Rules
    options: MoveOptions
    actor: Actor
    clock: Clock
    step: Step


def _plan_of(handed: Handed, call: _Call) -> PlannedMove:
    extract, rules, options = handed.extract, call.rules, call.options
    if options.identities == "seal" and any(version.identity for item in extract.items for version in item.versions):
        needed_key()
    seen = scope(call.actor, PURPOSE)
    content = overlay_content(extract, rules, standing_overlay(seen))
    dictionary = _dictionary_with(seen, content)
    laid = lay_out(extract, rules, dictionary, options.series, handed.kept.filename)
    if not laid.turns:
        raise RefusedInput(
            "E-MOVE-NOTHING", "Nothing here becomes a record.", place=Place(file=handed.kept.filename),
            remedy="See the types of its items, and say with --fields what they become.",
            findings=_told(handed, laid),
        )  # fmt: skip
    with collector_paused():
        return _planned(handed, laid, dictionary, seen, content, call)


def _planned(
    handed: Handed, laid: Laid, dictionary: Dictionary, seen: Scope, content: Mapping[str, Any], call: _Call
) -> PlannedMove:
    opening, options, clock = current_opening(), call.options, call.clock
    findings = [*laid.findings, *_told(handed, laid)]
    today = max(options.received or clock().astimezone(opening.time_zone).date(), opening.opened_on)
    in_ledger = linked_in_ledger(seen)
    existing = existing_in_ledger(seen, options.series)
    newest = laid.turns[-1]
    # The newest turn holds every item: once read without links, it tells which record each local id is.
    ids = _records(newest, dictionary, options.series, today)
    circumstances = Circumstances(
        today=today, series=options.series, linked=_linked(ids, in_ledger), on_conflict=options.on_conflict
    )
    standing = plan(newest.tables, newest.mappings, dictionary, existing, circumstances)
    findings += standing.findings
    known = look_up(existing, [row.record for row in standing.rows if row.record is not None])
    several = {placed.item.guid for placed in laid.placed if len(placed.item.versions) > 1}
    told_before = [record for record in known if known[record].content.attributes.get("imsma_guid") in several]
    said = _Said(seen, options.series, told_before, dictionary)
    own = {each.column: each.name for each in handed.extract.own_fields}
    writer = _Writer(dictionary, call.rules.identity, own, options, opening, findings)
    turns: list[list[Draft]] = []
    late: set[UUID] = set()
    for turn in laid.turns[:-1]:
        earlier = plan(turn.tables, turn.mappings, dictionary, {}, circumstances)
        findings += earlier.errors
        drafts = []
        for draft, version in _with_versions(earlier, turn):
            if said.holds(draft):
                continue
            there = known.get(draft.record)
            drafts.append(writer.finished(draft, version, based_on=there.head if there else None))
            if there is not None and version.reported_on and version.reported_on >= opening.opened_on:
                late.add(draft.record)
        turns.append(drafts)
        call.step(1)
    last = []
    status = {row.record: row.status for row in standing.rows}
    for draft, version in _with_versions(standing, newest):
        there = known.get(draft.record)
        same = status[draft.record] == "same" and draft.record not in late
        if same and (there is None or there.imported is not None or not version.identity):
            continue
        # A change of what is here already is known from today on; only what is new carries its date of information.
        told = version if there is None else replace(version, reported_on=None)
        last.append(writer.finished(draft, told, based_on=draft.based_on))
    gaps = _gaps(standing, handed.kept, options.series, seen)
    return PlannedMove(standing=standing, turns=[*turns, [*last, *gaps]], findings=findings, laid=laid, overlay=content)


def _records(turn: Turn, dictionary: Dictionary, series: str, today: date) -> dict[tuple[str, str], UUID]:
    """(kind, local id) -> record, for every item."""
    bare = tuple(replace(mapping, links={}, fields={}) for mapping in turn.mappings)
    read = plan(turn.tables, bare, dictionary, {}, Circumstances(today=today, series=series))
    kinds = [mapping.kind for mapping, table in zip(turn.mappings, turn.tables, strict=True) for _ in range(len(table))]
    return {(kind, row.local_id): row.record for kind, row in zip(kinds, read.rows, strict=True) if row.record is not None}


def _linked(ids: Mapping[tuple[str, str], UUID], in_ledger: Linked) -> Linked:
    def find(kind: str, local_ids: Collection[str]) -> Mapping[str, UUID]:
        ours = {local_id: ids[kind, local_id] for local_id in local_ids if (kind, local_id) in ids}
        return {**in_ledger(kind, {*local_ids} - {*ours}), **ours}

    return find


def _with_versions(planned: Plan, turn: Turn) -> list[tuple[Draft, Version]]:
    """Each draft with the version it is made from; the plan keeps the order of the rows."""
    versions = [version for rows_of_table in turn.versions for _, version in rows_of_table]
    by_record = {row.record: version for row, version in zip(planned.rows, versions, strict=True)}
    return [(draft, by_record[draft.record]) for draft in planned.drafts]


class _Writer:
    """The last touch on a draft: when it was known, and who the person is."""

    def __init__(
        self, dictionary: Dictionary, identity: Mapping[str, Sequence[str]], own: Mapping[str, str], options: MoveOptions,
        opening: Opening, findings: list[Finding],
    ) -> None:  # fmt: skip
        self._dictionary = dictionary
        self._identity = identity
        self._own = own
        self._options = options
        self._opening = opening
        self._findings = findings

    def finished(self, draft: Draft, version: Version, *, based_on: UUID | None) -> Draft:
        """The draft as it is written."""
        moment = self._opening.start_of(version.reported_on) if version.reported_on else None
        attributes = {**draft.attributes, **self._person(draft, version)} if version.identity else draft.attributes
        return replace(draft, attributes=attributes, known_at=moment, based_on=based_on)

    def _person(self, draft: Draft, version: Version) -> Mapping[str, Any]:
        if self._options.identities == "leave_out":
            return {"identity_missing": "elsewhere"}
        told = {}
        for name, columns in self._identity.items():
            if text := " ".join(version.identity[column].strip() for column in columns if version.identity.get(column)):
                told[name] = text
        told |= {self._own[column]: text for column, text in version.identity.items() if column in self._own}
        sealed = {each.name for each in self._dictionary.kind(draft.kind).fields if each.sensitivity == "sealed"}
        values, findings = clean(self._dictionary, draft.kind, {name: text for name, text in told.items() if name in sealed},
                                 sealing=True)  # fmt: skip
        self._findings += [replace(each, severity="warning") for each in findings if each.place.column in told]
        return {name: value for name, value in values.items() if name in sealed}


def _gaps(standing: Plan, kept: Kept, series: str, seen: Scope) -> list[Draft]:
    """The legacy gaps of the series: those whose number changed, and those that are no more, as withdrawn."""
    there = {each.local_id: each for each in rows(seen, GAP).filter(local_id__startswith=f"{series}:")}
    made: list[Draft] = []
    for draft in gap_drafts(standing, sha256(kept.data).hexdigest(), kept.filename):
        told = draft.attributes
        local_id = f"{series}:{told['gap_kind']}:{told['code']}:{told.get('column', '')}"
        before: Any = there.pop(local_id, None)
        if before is None or before.attributes["rows"] != told["rows"]:
            based_on = before.entry_uuid if before is not None else None
            made.append(replace(draft, record=record_id(GAP, local_id), local_id=local_id, based_on=based_on))
    gone: list[Any] = list(there.values())
    return made + [
        Draft(record=each.record_uuid, kind=GAP, local_id=each.local_id, attributes=each.attributes, state="withdrawn",
              based_on=each.entry_uuid)
        for each in gone
    ]  # fmt: skip


class _Said:
    """Whether the ledger holds a state already that the same series told before."""

    def __init__(self, seen: Scope, series: str, records: Collection[UUID], dictionary: Dictionary) -> None:
        of_series = frozenset(sources(seen).filter(series=series).values_list("sha256", flat=True))
        self._dictionary = dictionary
        self._held: dict[UUID, list[tuple[str, Content]]] = {}
        remaining = iter(records)
        while portion := list(islice(remaining, _AT_ONCE)):
            for record, entries in histories(seen, portion).items():
                self._held[record] = [
                    (entry.state, self._content(entry.kind, entry.attributes, entry.links, entry.geometry))
                    for entry in entries if entry.source in of_series
                ]  # fmt: skip

    def holds(self, draft: Draft) -> bool:
        """Compared without what is sealed: an entry holds a commitment in its place."""
        held = self._held.get(draft.record, ())
        ours = self._content(draft.kind, draft.attributes, draft.links, draft.geometry) if held else None
        return ours is not None and any(state == draft.state and not ours.differences(theirs) for state, theirs in held)

    def _content(self, kind: str, attributes: Mapping[str, Any], links: Mapping[str, Sequence[UUID]], geometry: Any) -> Content:
        sealed = {each.name for each in self._dictionary.kind(kind).fields if each.sensitivity == "sealed"} | {"identity_missing"}
        return Content(
            kind=kind, local_id="", attributes={name: value for name, value in attributes.items() if name not in sealed},
            links={role: frozenset(ends) for role, ends in links.items()}, wkb=to_wkb(geometry) if geometry is not None else None,
        )  # fmt: skip


def _told(handed: Handed, laid: Laid) -> list[Finding]:
    """What a move tells beside the findings of its rows."""
    file = handed.kept.filename
    lost = [
        Finding(
            code="W-MOVE-LINK", severity="warning", rule=86, place=Place(file=file, column="links"),
            sentence=f"{each.item} is linked to {each.other}, "
            + ("which is not here." if each.why == "no_such_item" else "but no field holds such a link."),
            remedy="Correct the link in IMSMA, or note it by hand: it is not taken over.",
        )
        for each in laid.unresolved
    ]  # fmt: skip
    types = [
        Finding(
            code="W-MOVE-TYPE", severity="warning", place=Place(file=file, sheet=item.sort, row=item.row),
            sentence=f"{item.local_id or item.guid}: its type becomes no kind of record, so it stays behind.",
            remedy="Say in a file of fields what items of this type become (--fields), then move again.",
        )
        for item in laid.not_taken
    ]  # fmt: skip
    withheld = handed.extract.withheld
    if withheld:
        lost.append(
            Finding(
                code="I-MOVE-WITHHELD", severity="info", place=Place(file=file),
                sentence=f"Left out of what is kept, since it tells or may tell who a person is: {', '.join(withheld)}.",
                remedy="Names and addresses are sealed in their records; free text about victims stays in IMSMA.",
            )
        )  # fmt: skip
    return [*lost, *types]


def standing_overlay(seen: Scope) -> dict[str, Any]:
    standing = rows(seen, "overlay").filter(local_id=OVERLAY).first()
    return dict(json.loads(standing.attributes["content"])) if standing is not None else {}


def _dictionary_with(seen: Scope, content: Mapping[str, Any]) -> Dictionary:
    others = [dict(each.attributes) for each in rows(seen, "overlay").order_by("id") if each.local_id != OVERLAY]
    return with_overlays([*others, {**content, "name": OVERLAY}])
