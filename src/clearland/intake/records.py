"""Tables to records: every field read, cleaned, checked, linked and identified. Of what exists only links are asked."""

from collections import Counter
from collections.abc import Collection, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from clearland.checks.records.findings import is_legacy_gap
from clearland.core.errors import Finding
from clearland.dictionary.model import Dictionary, Kind
from clearland.dictionary.values import clean
from clearland.intake.columns import read_field
from clearland.intake.existing import Linked
from clearland.intake.exported import stated_records, stated_words
from clearland.intake.fitting import fit, kept_rows, key_of
from clearland.intake.geometries import Shapes, read_shapes, wkb_of
from clearland.intake.identity import Identities, identify
from clearland.intake.links import resolve_links
from clearland.intake.mapping import Mapping
from clearland.intake.mapping_shape import REVIEWED_STATES, SENSITIVITIES, STATES
from clearland.intake.reading import Reading, Values
from clearland.intake.row_checks import check_rows
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


@dataclass(slots=True)
class RowRecord:
    """One row as a record to be; `index` is its position in the table."""

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


@dataclass(kw_only=True)
class TableRecords:
    """All rows of one table."""

    table: Table
    mapping: Mapping
    rows: list[RowRecord]
    findings: list[Finding] = field(default_factory=list)
    duplicate_rows: int = 0
    legacy_gaps: Counter[tuple[str, str | None]] = field(default_factory=Counter)


def records_of(
    tables: Sequence[Table], mappings: Sequence[Mapping], dictionary: Dictionary, setting: Setting
) -> list[TableRecords]:
    """Every table that a mapping names, read. Raises RefusedInput E-MAP-* where they do not fit."""
    pairs = fit(tables, mappings, dictionary)
    sheets = []
    locals_of_file: dict[tuple[str, str], UUID] = {}
    readings: list[tuple[Reading, Kind, Identities]] = []
    for table, mapping in pairs:
        kept = kept_rows(table, mapping)
        reading = Reading(kept, mapping, dictionary, list(kept.findings))
        key = key_of(kept, mapping, dictionary.kind(mapping.kind))
        identities = identify(reading, setting.series or mapping.series or f"local-id:{mapping.kind}", key)
        if mapping.record is not None:
            identities = stated_records(reading, identities, mapping.record)
        elif mapping.key is None:
            identities = _known_by_local_id(mapping.kind, identities, setting.linked)
        for local_id, record in zip(identities.local_ids, identities.records, strict=True):
            if record is not None:
                locals_of_file.setdefault((mapping.kind, local_id), record)
        readings.append((reading, dictionary.kind(mapping.kind), identities))
    for reading, kind, identities in readings:
        sheets.append(_read_table(reading, kind, identities, locals_of_file, setting))
    return sheets


def _known_by_local_id(kind: str, identities: Identities, linked: Linked) -> Identities:
    """Rows known by their local id alone are the record that bears it already, wherever it was made."""
    known = linked(kind, set(identities.local_ids))
    records = [known.get(local_id, record) for local_id, record in zip(identities.local_ids, identities.records, strict=True)]
    return replace(identities, records=records)


def _read_table(
    reading: Reading,
    kind: Kind,
    identities: Identities,
    locals_of_file: MappingType[tuple[str, str], UUID],
    setting: Setting,
) -> TableRecords:
    mapping = reading.mapping
    shapes = read_shapes(reading, kind, setting.box)
    columns = {name: read_field(reading, kind.field(name), source) for name, source in mapping.fields.items()}
    links = resolve_links(reading, locals_of_file, setting.linked)
    attributes = _clean_rows(reading, kind, columns, links)
    states = stated_words(reading, mapping.state_column, mapping.state, (*STATES, *REVIEWED_STATES))
    classes = stated_words(reading, mapping.sensitivity_column, mapping.sensitivity, SENSITIVITIES)
    check_rows(reading, kind, attributes, shapes.array, setting.today)
    findings, gaps = _forgive_legacy(reading) if mapping.legacy else (reading.findings, Counter[tuple[str, str | None]]())
    bad = {finding.place.row for finding in findings if finding.severity == "error" and finding.place.row is not None}
    rows = _rows(reading.table, identities, attributes, links, shapes=shapes, states=states, classes=classes, bad=bad)
    return TableRecords(
        table=reading.table,
        mapping=mapping,
        rows=rows,
        findings=findings,
        duplicate_rows=identities.duplicate_rows,
        legacy_gaps=gaps,
    )


def _rows(
    table: Table,
    identities: Identities,
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
            identities.records[index],
            identities.local_ids[index],
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
        values, findings = clean(reading.dictionary, kind.name, given, links[index])
        cleaned.append(dict(values))
        for finding in findings:
            name = finding.place.column or ""
            reading.findings.append(replace(finding, place=reading.table.place(index, shown.get(name, name))))
    return cleaned


def _column_shown(mapping: Mapping, name: str) -> str:
    columns = mapping.fields[name].named_columns
    return columns[0] if columns else name


def _forgive_legacy(reading: Reading) -> tuple[list[Finding], Counter[tuple[str, str | None]]]:
    """Gaps as information: the first of each sort with their place, then one line that counts them all."""
    kept: list[Finding] = []
    counts: Counter[tuple[str, str | None]] = Counter()
    for finding in reading.findings:
        if finding.severity != "error" or not (finding.code.startswith(_LEGACY_GAPS) or is_legacy_gap(finding.code)):
            kept.append(finding)
            continue
        sort = (finding.code, finding.place.column)
        counts[sort] += 1
        if counts[sort] <= _GAPS_SHOWN:
            kept.append(replace(finding, severity="info"))
    kept += [
        Finding(
            code="I-LEGACY-GAPS",
            severity="info",
            place=reading.table.place(column=column),
            sentence=f"{number:,} rows have this gap ({code}); the first {_GAPS_SHOWN} are listed.",
            values={"rows": number},
        )
        for (code, column), number in counts.items()
        if number > _GAPS_SHOWN
    ]
    return kept, counts
