"""What adding a file would do, before anything is written: each row new, same, changed, conflicting or refused.

Pure: tables, a mapping, the dictionary and the existing states go in; a plan comes out. A file is taken whole or not at
all (rule 85): one error finding anywhere refuses it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from clearland.checks.limits import LIMITS, Limits
from clearland.core.errors import Finding, Place, RefusedInput
from clearland.dictionary.model import Dictionary
from clearland.intake.digests import Alike
from clearland.intake.editions import missing_findings
from clearland.intake.existing import (
    Content,
    Existing,
    ExistingState,
    Linked,
    SealedAlready,
    look_up,
    nothing_linked,
    nothing_sealed,
)
from clearland.intake.geometries import geometry_of
from clearland.intake.mapping import Mapping
from clearland.intake.records import Portion, RowRecord, Sheet, sheets_of
from clearland.intake.tables import PORTION, Table
from clearland.land.geometry import Bounds
from clearland.ledger.drafts import Draft
from clearland.ledger.spool import Shelf, Spool

Status = Literal["new", "same", "changed", "conflicting", "refused"]
MOST_LISTED = 10_000  # findings of one code: beyond that the rest is counted
STATUSES: tuple[Status, ...] = ("new", "same", "changed", "conflicting", "refused")


@dataclass(frozen=True, kw_only=True)
class PlannedRow:
    """One row's fate. `differs` names the fields in which a changed or conflicting row differs from the record."""

    place: Place
    status: Status
    record: UUID | None
    local_id: str
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gap:
    """How many rows of a legacy source break one rule in one column."""

    kind: str
    code: str
    column: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The outcome for a whole file. `drafts` hold every accepted row, the same ones too, so that an edition added with
    `--full` supersedes only what it does not repeat; the ledger writes nothing for those that are the same.
    """

    rows: Sequence[PlannedRow]
    drafts: Sequence[Draft]
    findings: tuple[Finding, ...]
    error_count: int = 0
    missing: tuple[UUID, ...] = ()
    duplicate_rows: int = 0
    legacy_gaps: int = 0
    gaps: tuple[Gap, ...] = ()
    sealed_columns: MappingType[str | None, frozenset[str]] = field(default_factory=dict)
    _counts: MappingType[str, int] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """Rows that make a record."""
        return self._counts.get("new", 0)

    @property
    def same(self) -> int:
        """Rows that say what the record says already."""
        return self._counts.get("same", 0)

    @property
    def changed(self) -> int:
        """Rows that change a record."""
        return self._counts.get("changed", 0)

    @property
    def conflicting(self) -> int:
        """Rows that would overwrite what a person changed since the last edition."""
        return self._counts.get("conflicting", 0)

    @property
    def refused(self) -> int:
        """Rows with an error."""
        return self._counts.get("refused", 0)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the file."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def refuse_if_wrong(self) -> None:
        """Raises RefusedInput E-PLAN-REFUSED with all findings when there is any error."""
        errors = self.errors
        if not errors:
            return
        more = f" (and {self.error_count - 1:,} more errors)" if self.error_count > 1 else ""
        raise RefusedInput(
            errors[0].code,
            f"{errors[0].sentence}{more} Nothing of the file was added.",
            place=errors[0].place,
            remedy=errors[0].remedy,
            findings=self.findings,
        )

    def as_json(self) -> dict[str, object]:
        """Counts and findings for `check --json`."""
        return {
            "rows": len(self.rows),
            **{status: self._counts.get(status, 0) for status in STATUSES},
            "missing": len(self.missing),
            "duplicate_rows": self.duplicate_rows,
            "legacy_gaps": self.legacy_gaps,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known beside the file: the day, the country's box, the series named at the command, what the ledger holds
    of that series (for `--full`), how local ids are found, what a person decided about conflicts, and the programme's limits.
    """

    today: date
    limits: Limits = LIMITS
    series: str | None = None
    box: Bounds | None = None
    sealed_already: SealedAlready = nothing_sealed
    linked: Linked = nothing_linked
    in_series: Collection[UUID] = ()
    on_conflict: Literal["refuse", "keep", "take"] = "refuse"


def plan(
    tables: Sequence[Table],
    mappings: Mapping | Sequence[Mapping],
    dictionary: Dictionary,
    existing: Existing,
    circumstances: Circumstances,
) -> Plan:
    """The plan for the tables of one file. Raises RefusedInput when a mapping does not fit the tables (E-MAP-*).

    Rows and drafts wait on a shelf (`ledger.spool`): a file of a million rows is planned in the memory of some ten thousand.
    """
    several = (mappings,) if isinstance(mappings, Mapping) else tuple(mappings)
    sheets = sheets_of(tables, several, dictionary, circumstances)
    work = _Work(circumstances, existing, set(circumstances.in_series))
    for sheet in sheets:
        work.found.add(sheet.findings)
    work.found.add(_claimed_twice(sheets))
    for sheet in sheets:
        for portion in sheet.portions():
            work.take(sheet, portion)
    drafts = Shelf(work.drafts)
    missing = tuple(sorted(work.missing))
    if missing:
        new = (draft for draft in drafts if draft.based_on is None)
        work.found.add(missing_findings(missing, look_up(existing, missing), new, dictionary, tables[0].file))
    return Plan(
        rows=Shelf(work.rows),
        drafts=drafts,
        findings=work.found.listed(tables[0].file if tables else ""),
        error_count=work.found.errors,
        missing=missing,
        duplicate_rows=sum(sheet.identities.duplicate_rows for sheet in sheets),
        legacy_gaps=sum(sheet.legacy_gaps.total() for sheet in sheets),
        gaps=tuple(
            Gap(kind=sheet.mapping.kind, code=code, column=column or "", rows=number)
            for sheet in sheets
            for (code, column), number in sheet.legacy_gaps.items()
        ),
        sealed_columns=work.sealed_columns,
        _counts=work.counts,
    )


class _Found:
    """Findings as they come: what concerns a whole table once, of each code as many as a person could read."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._of_tables: set[tuple[str, str | None, str | None, str]] = set()
        self._of_code: Counter[str] = Counter()
        self.errors = 0

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.place.row is None:
                same = (finding.code, finding.place.sheet, finding.place.column, finding.sentence)
                if same in self._of_tables:
                    continue
                self._of_tables.add(same)
            self.errors += finding.severity == "error"
            self._of_code[finding.code] += 1
            if self._of_code[finding.code] <= MOST_LISTED:
                self._kept.append(finding)

    def listed(self, file: str) -> tuple[Finding, ...]:
        more = [
            Finding(
                code="I-PLAN-MORE",
                severity="info",
                place=Place(file=file),
                sentence=f"{number:,} findings are {code}; the first {MOST_LISTED:,} are listed.",
                remedy="Mend these and look again.",
                values={"findings": number},
            )
            for code, number in self._of_code.items()
            if number > MOST_LISTED
        ]
        return (*self._kept, *more)


@dataclass
class _Work:
    """The plan while it grows."""

    circumstances: Circumstances
    existing: Existing
    missing: set[UUID]
    found: _Found = field(default_factory=_Found)
    rows: Spool[PlannedRow] = field(default_factory=lambda: Spool(PORTION))
    drafts: Spool[Draft] = field(default_factory=lambda: Spool(PORTION))
    counts: Counter[str] = field(default_factory=Counter)
    sealed_columns: dict[str | None, frozenset[str]] = field(default_factory=dict)

    def take(self, sheet: Sheet, portion: Portion) -> None:
        """The fate of the rows of one portion."""
        self.found.add(portion.findings)
        records = [row.record for row in portion.rows if row.record is not None]
        known = look_up(self.existing, records)
        self.missing.difference_update(records)
        self._take_seals(sheet, portion.rows)
        rows, drafts = [], []
        for row in portion.rows:
            planned, draft, found = _plan_row(sheet, portion, row, known, self.circumstances)
            rows.append(planned)
            self.counts[planned.status] += 1
            self.found.add(found)
            if draft is not None:
                drafts.append(draft)
        self.rows.add(rows)
        self.drafts.add(drafts)

    def _take_seals(self, sheet: Sheet, rows: Sequence[RowRecord]) -> None:
        """Values that are sealed for their record already become its commitments: the same again is no news."""
        if not sheet.sealed_fields:
            return
        self.sealed_columns[sheet.table.sheet] = sheet.sealed_columns
        told = {row.record: row for row in rows if row.record is not None and sheet.sealed_fields & {*row.attributes}}
        plain = {
            record: {name: row.attributes[name] for name in sheet.sealed_fields.intersection(row.attributes)}
            for record, row in told.items()
        }
        for record, commitments in (self.circumstances.sealed_already(plain) if plain else {}).items():
            told[record].attributes.update(commitments)


def _plan_row(
    sheet: Sheet, portion: Portion, row: RowRecord, known: MappingType[UUID, ExistingState], circumstances: Circumstances
) -> tuple[PlannedRow, Draft | None, list[Finding]]:
    place = portion.table.place(row.index)
    if row.refused or row.record is None:
        return PlannedRow(place=place, status="refused", record=row.record, local_id=row.local_id), None, []
    before = known.get(row.record)
    attributes = row.attributes
    if before is not None and sheet.mapping.untouched:
        kept = {name: value for name, value in before.content.attributes.items() if name in sheet.mapping.untouched}
        attributes = {**kept, **attributes}
    content = Content(
        kind=sheet.mapping.kind,
        local_id=row.local_id,
        attributes=attributes,
        links=row.links,
        wkb=row.wkb,
    )
    state = _reachable(row.state, before.state if before else None)
    if state is None:
        return PlannedRow(place=place, status="same", record=row.record, local_id=row.local_id), None, []
    draft = Draft(
        record=row.record,
        kind=sheet.mapping.kind,
        local_id=row.local_id,
        attributes=attributes,
        links={role: tuple(sorted(targets)) for role, targets in row.links.items()},
        geometry=row.geometry,
        state=state,
        sensitivity=row.sensitivity,
        based_on=before.head if before else None,
        origin=_origin(place),
    )
    status, differs = _compare(content, state, before)
    if status == "conflicting" and before is not None:
        return _settle_conflict(place, draft, differs, before, circumstances)
    if status == "same" and before is not None and before.imported is not None:
        # The file repeats what it said before a person's correction: the correction stays.
        draft = _kept(draft, before)
    return PlannedRow(place=place, status=status, record=row.record, local_id=row.local_id, differs=differs), draft, []


def _reachable(wanted: str, before: str | None) -> str | None:
    """The state that a row can have after the one its record has; None where nothing is to be said of it at all.

    What was rejected before it ever came here is no record. What has issues is returned where somebody waits for it, and a
    draft where nothing was submitted or an approved state goes on counting."""
    if wanted == "withdrawn" and before is None:
        return None
    if wanted == "returned" and before not in ("submitted", "verified", "returned"):
        return "draft"
    return wanted


def _origin(place: Place) -> str:
    """Sheet and row as a reference names them; a table without sheets has an empty one."""
    return f"{place.sheet or ''}!{place.row}" if place.row is not None else ""


def _compare(content: Content, state: str, before: ExistingState | None) -> tuple[Status, tuple[str, ...]]:
    if before is None:
        return "new", ()
    differs = content.differences(before.content)
    if not differs and before.state == state:
        return "same", ()
    if before.imported is None:
        return "changed", differs
    if not content.differences(before.imported):
        return "same", ()
    return ("conflicting", differs) if differs else ("changed", differs)


def _settle_conflict(
    place: Place, draft: Draft, differs: tuple[str, ...], before: ExistingState, circumstances: Circumstances
) -> tuple[PlannedRow, Draft | None, list[Finding]]:
    row = PlannedRow(place=place, status="conflicting", record=draft.record, local_id=draft.local_id, differs=differs)
    if circumstances.on_conflict == "take":
        return replace(row, status="changed"), draft, []
    if circumstances.on_conflict == "keep":
        return replace(row, status="same"), _kept(draft, before), []
    finding = Finding(
        code="E-PLAN-CONFLICT",
        severity="error",
        place=place,
        sentence=f"{draft.local_id} was changed by a person since the last edition, and this row says otherwise "
        f"({', '.join(differs)}).",
        remedy="Compare both versions on the record's page, then add the file with that decision.",
    )
    return row, None, [finding]


def _kept(draft: Draft, before: ExistingState) -> Draft:
    return replace(
        draft,
        attributes=dict(before.content.attributes),
        local_id=before.content.local_id,
        links={role: tuple(sorted(targets)) for role, targets in before.content.links.items()},
        geometry=geometry_of(before.content.wkb),
        state=before.state,
        sensitivity=before.sensitivity,
    )


def _claimed_twice(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Rows of one file that name a record which an earlier row names too, in another sheet perhaps."""
    records = Alike()
    for sheet in sheets:
        for portion in sheet.identities.portions():
            # Rows that are no record yet are like no other.
            records.add_bytes(record.bytes if record else uuid4().bytes for record in portion.records)
    repeats = dict(records.repeats())
    if not repeats:
        return
    rows = [
        (local_id, replace(sheet.table.place(), row=sheet.identities.numbers[index]))
        for sheet in sheets
        for index, local_id in enumerate(each for portion in sheet.identities.portions() for each in portion.local_ids)
    ]
    for again, earlier in repeats.items():
        yield Finding(
            code="E-ID-TWICE",
            severity="error",
            place=rows[again][1],
            rule=1,
            sentence=f"{rows[again][0]} is the same record as in {rows[earlier][1]}.",
            remedy="Keep one of the two rows.",
        )
