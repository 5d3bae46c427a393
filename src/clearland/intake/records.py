"""Tables to records: every field read, cleaned, checked, linked and identified. Of what exists only links are asked.

A table is gone through twice, portion by portion: first to tell which row is which record, then to read each of them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from clearland.checks.limits import Limits
from clearland.checks.records.findings import is_legacy_gap
from clearland.checks.records.model import Setting as RuleSetting
from clearland.core.errors import Finding
from clearland.dictionary.model import Dictionary, Kind
from clearland.dictionary.values import clean
from clearland.intake.columns import read_field
from clearland.intake.existing import Linked
from clearland.intake.exported import stated_records, stated_words
from clearland.intake.fitting import fit, kept_rows, key_of
from clearland.intake.geometries import Shapes, read_shapes, wkb_of
from clearland.intake.identity import Identified, Identities, identify
from clearland.intake.links import LocalIds, resolve_links
from clearland.intake.mapping import Mapping
from clearland.intake.mapping_shape import REVIEWED_STATES, SENSITIVITIES, STATES
from clearland.intake.reading import Reading, Values, Whole
from clearland.intake.row_checks import SameShapes, check_rows
from clearland.intake.tables import Table
from clearland.land.geometry import Bounds

# In a legacy source all but identity, geometry, units and arithmetic is a gap that is counted and blocks nothing.
_GAPS_SHOWN = 20
_LEGACY_GAPS = ("E-VALUE-", "E-DATE-FUTURE", "E-DATE-REVERSED", "E-LINK-")


class Setting(Protocol):
    """The part of the plan's circumstances that reading needs."""

    @property
    def today(self) -> date: ...
    @property
    def series(self) -> str | None: ...
    @property
    def box(self) -> Bounds | None: ...
    @property
    def linked(self) -> Linked: ...
    @property
    def limits(self) -> Limits: ...


@dataclass(slots=True)
class RowRecord:
    """One row as a record to be; `index` is its position in its portion."""

    index: int
    record: UUID | None
    local_id: str
    attributes: dict[str, object]
    links: dict[str, frozenset[UUID]]
    geometry: BaseGeometry | None
    wkb: bytes | None
    state: str
    sensitivity: str | None = None
    refused: bool = False


@dataclass(frozen=True)
class Portion:
    """Some rows of one table, read, and what was found wrong with them."""

    table: Table
    rows: Sequence[RowRecord]
    findings: Sequence[Finding]


@dataclass(kw_only=True)
class Sheet:
    """One table whose rows are identified, to be read. `findings` concern it as a whole, or came up before its rows were read."""

    table: Table
    mapping: Mapping
    kind: Kind
    dictionary: Dictionary
    setting: Setting
    whole: Whole
    identities: Identities
    findings: list[Finding]
    locals_of_file: LocalIds
    legacy_gaps: Counter[tuple[str, str | None]] = field(default_factory=Counter)

    def portions(self) -> Iterator[Portion]:
        """Every row, once. What concerns all of them follows with the last portion."""
        same = SameShapes(self.kind)
        wrong = _rows_with_errors(self.findings)
        for table, identified in zip(self.whole.parts(), self.identities.portions(), strict=True):
            yield self._read(Reading(table, self.mapping, self.dictionary, whole=self.whole), identified, same, wrong)
        last = [*same.findings(self.table), *self._gaps_counted()]
        if last:
            yield Portion(self.table.part(0, 0), (), last)

    def _read(self, reading: Reading, identified: Identified, same: SameShapes, wrong: set[int]) -> Portion:
        mapping, kind = self.mapping, self.kind
        shapes = read_shapes(reading, kind, self.setting.box)
        columns = {name: read_field(reading, kind.field(name), source) for name, source in mapping.fields.items()}
        links = resolve_links(reading, self.locals_of_file, self.setting.linked)
        attributes = _clean_rows(reading, kind, columns, links)
        states = stated_words(reading, mapping.state_column, mapping.state, (*STATES, *REVIEWED_STATES))
        classes = stated_words(reading, mapping.sensitivity_column, mapping.sensitivity, SENSITIVITIES)
        rules = RuleSetting(today=self.setting.today, limits=self.setting.limits)
        check_rows(reading, kind, [self._open(said) for said in attributes], shapes.array, rules)
        same.add(reading.table, shapes.array)
        findings = [self._not_told(finding) for finding in reading.findings] if self.sealed_columns else reading.findings
        findings = self._forgiven(findings) if mapping.legacy else findings
        bad = wrong | _rows_with_errors(findings)
        rows = _rows(reading.table, identified, attributes, links, shapes=shapes, states=states, classes=classes, bad=bad)
        return Portion(reading.table, rows, findings)

    @cached_property
    def sealed_columns(self) -> frozenset[str]:
        """Columns that tell who a person is."""
        return self.mapping.sealed_columns(self.kind)

    @cached_property
    def sealed_fields(self) -> frozenset[str]:
        """Sealed fields that the mapping reads."""
        return frozenset(name for name in self.mapping.fields if self.kind.field(name).sensitivity == "sealed")

    def _open(self, attributes: dict[str, object]) -> dict[str, object]:
        """What rules may read and repeat."""
        if not self.sealed_fields:
            return attributes
        return {name: value for name, value in attributes.items() if name not in self.sealed_fields}

    def _not_told(self, finding: Finding) -> Finding:
        """A finding in a sealed column does not quote what stands there."""
        if finding.place.column not in self.sealed_columns:
            return finding
        return replace(finding, sentence="What stands here does not fit a sealed field; it is not repeated.", values={})

    def _forgiven(self, findings: Sequence[Finding]) -> list[Finding]:
        """Gaps of a legacy source as information: the first of each sort with their place; all are counted."""
        kept: list[Finding] = []
        for finding in findings:
            if finding.severity != "error" or not (finding.code.startswith(_LEGACY_GAPS) or is_legacy_gap(finding.code)):
                kept.append(finding)
                continue
            sort = (finding.code, finding.place.column)
            self.legacy_gaps[sort] += 1
            if self.legacy_gaps[sort] <= _GAPS_SHOWN:
                kept.append(replace(finding, severity="info"))
        return kept

    def _gaps_counted(self) -> Iterator[Finding]:
        """One line for each sort of gap of which not all are listed."""
        for (code, column), number in self.legacy_gaps.items():
            if number > _GAPS_SHOWN:
                yield Finding(
                    code="I-LEGACY-GAPS",
                    severity="info",
                    place=self.table.place(column=column),
                    sentence=f"{number:,} rows have this gap ({code}); the first {_GAPS_SHOWN} are listed.",
                    values={"rows": number},
                )


def sheets_of(
    tables: Sequence[Table], mappings: Sequence[Mapping], dictionary: Dictionary, setting: Setting
) -> list[Sheet]:
    """Every table that a mapping names, its rows identified. Raises RefusedInput E-MAP-* where they do not fit."""
    locals_of_file = LocalIds()
    linking = any(mapping.links for mapping in mappings)
    sheets = []
    for table, mapping in fit(tables, mappings, dictionary):
        sheet = _identified(table, mapping, dictionary, setting, locals_of_file)
        if linking:
            for portion in sheet.identities.portions():
                locals_of_file.add(mapping.kind, portion.local_ids, portion.records)
        sheets.append(sheet)
    return sheets


def _identified(
    table: Table, mapping: Mapping, dictionary: Dictionary, setting: Setting, locals_of_file: LocalIds
) -> Sheet:
    kind = dictionary.kind(mapping.kind)
    key = key_of(table, mapping, kind)
    whole = Whole(lambda: (kept_rows(part, mapping) for part in table.parts()))

    def readings() -> Iterator[Reading]:
        return (Reading(part, mapping, dictionary, whole=whole) for part in whole.parts())

    def known(reading: Reading, local_ids: Sequence[str], records: Sequence[UUID | None]) -> Sequence[UUID | None]:
        if mapping.record is not None:
            return stated_records(reading, mapping.record, records)
        if mapping.key is not None:
            return records
        # Rows known by their local id alone are the record that bears it already, wherever it was made.
        there = setting.linked(mapping.kind, set(local_ids))
        return [there.get(local_id, record) for local_id, record in zip(local_ids, records, strict=True)]

    identities = identify(readings, setting.series or mapping.series or f"local-id:{mapping.kind}", key, known)
    findings = [*table.findings, *identities.findings]
    return Sheet(
        table=table, mapping=mapping, kind=kind, dictionary=dictionary, setting=setting, whole=whole, identities=identities,
        findings=findings, locals_of_file=locals_of_file,
    )  # fmt: skip


def _rows_with_errors(findings: Sequence[Finding]) -> set[int]:
    return {finding.place.row for finding in findings if finding.severity == "error" and finding.place.row is not None}


def _rows(
    table: Table,
    identified: Identified,
    attributes: Sequence[dict[str, object]],
    links: Sequence[dict[str, frozenset[UUID]]],
    *,
    shapes: Shapes,
    states: Sequence[str | None],
    classes: Sequence[str | None],
    bad: Collection[int],
) -> list[RowRecord]:
    wkb = wkb_of(shapes.array)
    array: NDArray[np.object_] = shapes.array
    return [
        RowRecord(
            index,
            identified.records[index],
            identified.local_ids[index],
            attributes[index],
            links[index],
            array[index],
            wkb[index],
            "submitted" if index in shapes.waiting else states[index] or "approved",
            classes[index],
            number in bad,
        )
        for index, number in enumerate(table.numbers)
    ]


def _clean_rows(
    reading: Reading, kind: Kind, columns: MappingType[str, Values], links: Sequence[dict[str, frozenset[UUID]]]
) -> list[dict[str, object]]:
    """Canonical attributes per row. Findings of the dictionary get their place, named by the sheet's own column."""
    names = tuple(columns)
    shown = {name: _column_shown(reading.mapping, name) for name in names}
    cleaned: list[dict[str, object]] = []
    rows = zip(*columns.values(), strict=True) if columns else iter([()] * len(reading.table))
    for index, row in enumerate(rows):
        given = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        values, findings = clean(reading.dictionary, kind.name, given, links[index], sealing=True)
        cleaned.append(dict(values))
        for finding in findings:
            name = finding.place.column or ""
            reading.findings.append(replace(finding, place=reading.table.place(index, shown.get(name, name))))
    return cleaned


def _column_shown(mapping: Mapping, name: str) -> str:
    columns = mapping.fields[name].named_columns
    return columns[0] if columns else name
