"""A file with its mapping or its kind: tables read with what the mapping says about the file itself."""

from collections.abc import Sequence
from pathlib import Path

from clearland.dictionary.model import Dictionary
from clearland.intake.exported import exported_tables, mapping_of_export
from clearland.intake.limits import DEFAULT_LIMITS, Limits
from clearland.intake.mapping import Mapping
from clearland.intake.readers.dispatch import read_tables
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
        return tables, automatic_mappings(tables, kind, dictionary)
    by_hints: dict[Hints, None] = dict.fromkeys(_without_sheets(mapping) for mapping in mappings)
    if len(by_hints) == 1:
        return read_tables(path, next(iter(by_hints)), limits), tuple(mappings)
    # Sheets of one workbook may have their column names in different rows.
    tables = []
    for mapping in mappings:
        tables += [table for table in read_tables(path, mapping.hints, limits) if table.sheet == mapping.sheet]
    return tables, tuple(mappings)


def _without_sheets(mapping: Mapping) -> Hints:
    hints = mapping.hints
    return Hints(encoding=hints.encoding, delimiter=hints.delimiter, header_row=hints.header_row)
