"""A file with its mapping or its kind: tables read with what the mapping says about the file itself."""

from collections.abc import Sequence
from pathlib import Path

from clearland.core.errors import RefusedInput
from clearland.dictionary.model import Dictionary, Kind
from clearland.intake.exported import exported_tables, mapping_of_export
from clearland.intake.limits import DEFAULT_LIMITS, Limits
from clearland.intake.mapping import Mapping
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.submissions import FORM_PREFIX, is_submissions, mapping_of_parts, mapping_of_submissions
from clearland.intake.suggest import automatic_mappings
from clearland.intake.tables import Hints, Table


def open_file(
    path: Path,
    mappings: Sequence[Mapping] | None,
    dictionary: Dictionary,
    *,
    kind: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[list[Table], tuple[Mapping, ...]]:
    """The tables and their mappings; without mappings, automatic ones for `kind`. Raises RefusedInput."""
    if mappings is None:
        tables = read_tables(path, Hints(), limits)
        if exports := exported_tables(tables):
            return exports, tuple(mapping_of_export(table, kind, dictionary) for table in exports)
        if is_submissions(tables[0]):
            asked = _kind_of_form(tables[0], kind, dictionary)
            parts = (mapping_of_parts(table, asked, dictionary) for table in tables[1:])
            return tables, (mapping_of_submissions(tables[0], asked), *parts)
        return tables, automatic_mappings(tables, kind, dictionary)
    by_hints: dict[Hints, None] = dict.fromkeys(_without_sheets(mapping) for mapping in mappings)
    if len(by_hints) == 1:
        return read_tables(path, next(iter(by_hints)), limits), tuple(mappings)
    # Sheets of one workbook may have their column names in different rows.
    tables = []
    for mapping in mappings:
        tables += [table for table in read_tables(path, mapping.hints, limits) if table.sheet == mapping.sheet]
    return tables, tuple(mappings)


def _kind_of_form(table: Table, kind: str | None, dictionary: Dictionary) -> Kind:
    """The kind that submissions are of: as said, else as the form's id says. Raises RefusedInput E-MAP-NONE."""
    named = kind or (table.sheet or "").removeprefix(FORM_PREFIX)
    if not kind and named not in dictionary.kinds:
        raise RefusedInput(
            "E-MAP-NONE", "Nothing says of which kind these submissions are.", place=table.place(), remedy="Name it with --kind."
        )
    return dictionary.kind(named)


def _without_sheets(mapping: Mapping) -> Hints:
    hints = mapping.hints
    return Hints(encoding=hints.encoding, delimiter=hints.delimiter, header_row=hints.header_row)
