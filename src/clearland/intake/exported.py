"""Files that this system exported, coming back: their columns are known by name, and rows know which record they are.

Nothing is guessed here. A file cut for an audience lacks fields; records that exist keep those as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from clearland.core.errors import RefusedInput
from clearland.dictionary import envelope
from clearland.dictionary.model import Dictionary, Kind
from clearland.intake.folding import cell_text
from clearland.intake.mapping import ANY_KIND, FieldSource, GeometrySource, LinkSource, Mapping
from clearland.intake.reading import Reading
from clearland.intake.tables import Cell, Hints, Table

_GUARDED = re.compile(r"^'+\s*[=+\-@\t\r]")


def exported_tables(tables: Sequence[Table]) -> list[Table]:
    """The tables among these that this system wrote, with the apostrophes gone that kept a spreadsheet from running text."""
    found = [
        table for table in map(_renamed, tables) if {envelope.RECORD, envelope.AUDIENCE, envelope.LOCAL_ID} <= set(table.columns)
    ]
    return [_unguarded(table) if table.format == "CSV" else table for table in found]


def _renamed(table: Table) -> Table:
    if table.format != "KML":
        return table
    names = {name: name.removeprefix(envelope.KML_FIELD) for name in table.columns}
    own = {new: table.cells[name] for name, new in names.items() if new != name}
    return replace(table, columns=(*own, *(name for name in table.columns if name not in own)), cells={**table.cells, **own})


def _unguarded(table: Table) -> Table:
    def plain(cell: Cell) -> Cell:
        return cell[1:] if isinstance(cell, str) and _GUARDED.match(cell) else cell

    return replace(table, cells={name: [plain(cell) for cell in cells] for name, cells in table.cells.items()})


def mapping_of_export(table: Table, kind_name: str | None, dictionary: Dictionary) -> Mapping:
    """The mapping of a table that this system wrote. Raises RefusedInput E-MAP-NONE where nothing says of which kind it is."""
    named = kind_name or (table.sheet if table.sheet in dictionary.kinds else None)
    if named is None:
        raise RefusedInput(
            "E-MAP-NONE",
            "Nothing says of which kind these exported rows are.",
            place=table.place(),
            remedy="Name it with --kind.",
        )
    kind = dictionary.kind(named)
    there = set(table.columns)
    return Mapping(
        kind=kind.name,
        sheet=table.sheet,
        hints=Hints(),
        local_id=envelope.LOCAL_ID,
        record=envelope.RECORD,
        fields={each.name: FieldSource(columns=(each.name,)) for each in kind.attribute_fields if each.name in there},
        links={each.name: LinkSource(column=each.name, kind=each.target_kind or ANY_KIND) for each in kind.link_fields
               if each.name in there},
        geometry=_geometry(kind, there),
        state_column=envelope.STATE if envelope.STATE in there else None,
        sensitivity_column=envelope.CLASS if envelope.CLASS in there else None,
        untouched=frozenset(each.name for each in kind.attribute_fields if each.name not in there),
    )  # fmt: skip


def _geometry(kind: Kind, there: set[str]) -> GeometrySource:
    if kind.geometry == "none":
        return GeometrySource(ignore=True)
    return GeometrySource(wkt=envelope.WKT if envelope.WKT in there else None, missing_allowed=True)


def stated_records(reading: Reading, column: str, otherwise: Sequence[UUID | None]) -> list[UUID | None]:
    """The records that a column states by id; a row without one is known as the rest of it says."""
    records: list[UUID | None] = []
    for index, (cell, known) in enumerate(zip(reading.cells(column), otherwise, strict=True)):
        try:
            records.append(UUID(cell_text(cell)) if cell is not None else known)
        except ValueError:
            reading.wrong(
                "E-ID-RECORD", index, column, f"{cell_text(cell)[:40]!r} is no record's id.", "Leave the cell as exported."
            )
            records.append(known)
    return records


def stated_words(reading: Reading, column: str | None, constant: str | None, known: Sequence[str]) -> list[str | None]:
    """Workflow state or class per row: what the column says, the mapping's own word where it says nothing."""
    if column is None:
        return [constant] * len(reading.table)
    words: list[str | None] = []
    for index, cell in enumerate(reading.cells(column)):
        word = cell_text(cell).casefold()
        if word and word not in known:
            reading.wrong("E-VALUE-CODE", index, column, f"{word!r} is none of {', '.join(known)}.", "Write one of them.")
        words.append(word if word in known else constant)
    return words
