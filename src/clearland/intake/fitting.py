"""Does the mapping fit the table? Which sheet it means, which columns it names, which fields the kind has."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.dictionary.model import Dictionary, Kind
from clearland.intake.folding import cell_text
from clearland.intake.mapping import Key, Mapping, template_columns
from clearland.intake.mapping_shape import nearest
from clearland.intake.tables import Table


def fit(tables: Sequence[Table], mappings: Sequence[Mapping], dictionary: Dictionary) -> list[tuple[Table, Mapping]]:
    """Each mapping with its table. Raises RefusedInput E-MAP-SHEET, E-MAP-COLUMN or E-MAP-FIELD with every finding."""
    pairs = []
    findings: list[Finding] = []
    for mapping in mappings:
        table = _table_of(tables, mapping)
        findings += _missing_columns(table, mapping)
        findings += _unknown_fields(table, mapping, dictionary.kind(mapping.kind))
        findings += _open_uses(table, mapping, dictionary.kind(mapping.kind))
        pairs.append((table, mapping))
    if findings:
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        raise RefusedInput(
            findings[0].code,
            f"{findings[0].sentence}{more}",
            place=findings[0].place,
            remedy=findings[0].remedy,
            findings=findings,
        )
    return pairs


def _table_of(tables: Sequence[Table], mapping: Mapping) -> Table:
    if mapping.sheet is not None:
        for table in tables:
            if table.sheet == mapping.sheet:
                return table
    elif len(tables) == 1:
        return tables[0]
    names = ", ".join(table.sheet or "(no name)" for table in tables)
    sentence = (
        f"There is no sheet or layer called {mapping.sheet!r}."
        if mapping.sheet is not None
        else f"The file has {len(tables)} sheets or layers and the mapping names none."
    )
    raise RefusedInput(
        "E-MAP-SHEET",
        sentence,
        place=Place(file=tables[0].file if tables else None, sheet=mapping.sheet),
        remedy=f"Name one under `sheet`: {names}.",
    )


def _missing_columns(table: Table, mapping: Mapping) -> list[Finding]:
    findings = []
    for column, where in mapping.named_columns().items():
        if column in table.cells:
            continue
        close = nearest(column, list(table.columns))
        hint = f"Did you mean {close!r}? " if close else ""
        findings.append(
            Finding(
                code="E-MAP-COLUMN",
                severity="error",
                place=table.place(column=column),
                sentence=f"The mapping names a column {column!r} (under {where}) that the table does not have.",
                remedy=f"{hint}Its columns are: {', '.join(table.columns)}.",
            )
        )
    return findings


def _unknown_fields(table: Table, mapping: Mapping, kind: Kind) -> list[Finding]:
    findings = []
    for name in (*mapping.fields, *mapping.links):
        field = kind.by_name.get(name)
        is_link_word = name in mapping.links
        if field is not None and field.is_link == is_link_word:
            continue
        if field is not None:
            sentence = f"{name} is {'a link' if field.is_link else 'no link'} of {kind.name}."
            remedy = f"Put it under `{'links' if field.is_link else 'fields'}`."
        else:
            names = [each.name for each in (kind.link_fields if is_link_word else kind.attribute_fields)]
            close = nearest(name, names)
            sentence = f"The kind {kind.name} has no field {name!r}."
            remedy = f"Did you mean {close!r}?" if close else f"Its fields are: {', '.join(names)}."
        findings.append(
            Finding(code="E-MAP-FIELD", severity="error", place=table.place(column=name), sentence=sentence, remedy=remedy)
        )
    return findings


def _open_uses(table: Table, mapping: Mapping, kind: Kind) -> list[Finding]:
    """Columns that tell who a person is and are used for something that is not sealed: a key, an id, another field."""
    sealed = mapping.sealed_columns(kind)
    if not sealed:
        return []
    fields = {name: source for name, source in mapping.fields.items() if name in kind.by_name}
    open_only = replace(
        mapping, fields={name: source for name, source in fields.items() if kind.field(name).sensitivity != "sealed"}
    )
    return [
        Finding(
            code="E-MAP-SEALED",
            severity="error",
            place=table.place(column=column),
            sentence=f"The column {column!r} tells who a person is, and {where} would say it openly.",
            remedy="Read it into sealed fields only; know the rows by a number that names nobody.",
        )
        for column, where in {**open_only.named_columns(), mapping.local_id or "": "local_id"}.items()
        if column in sealed
    ]


def key_of(table: Table, mapping: Mapping, kind: Kind) -> Key:
    """The key columns: as the mapping says, else those of the local id. Raises RefusedInput E-MAP-KEY."""
    if mapping.key is not None:
        return mapping.key
    columns = template_columns(mapping.local_id) or ((mapping.local_id,) if mapping.local_id else ())
    if not columns or any(column not in table.cells for column in columns):
        raise RefusedInput(
            "E-MAP-KEY",
            f"Nothing says which columns make a row of {kind.label('en')} the same row next time.",
            place=table.place(),
            remedy="Name them under `key`, or the column of local ids under `local_id`.",
        )
    return Key(columns=columns, fold=("spaces",))


def kept_rows(table: Table, mapping: Mapping) -> Table:
    """The table without the rows the mapping skips (totals, notes)."""
    if not mapping.skip_rows and not mapping.skip_where:
        return table
    unwanted = set(mapping.skip_rows)
    keep = [
        index
        for index, number in enumerate(table.numbers)
        if number not in unwanted
        and not any(cell_text(table.cells[column][index]) in texts for column, texts in mapping.skip_where.items())
    ]
    geometries = None if table.geometries is None else table.geometries[np.array(keep, dtype=int)]
    return replace(
        table,
        numbers=[table.numbers[index] for index in keep],
        geometries=geometries,
        cells={column: [cells[index] for index in keep] for column, cells in table.cells.items()},
    )
