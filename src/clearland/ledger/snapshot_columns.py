"""The typed columns of a snapshot: from the dictionary to DuckDB types and the expressions that read an entry's body.

    text, code, link → VARCHAR     codes, links → VARCHAR[]      integer → BIGINT     decimal → DOUBLE
    boolean → BOOLEAN              date → DATE                   datetime → TIMESTAMP (UTC)
    partial_date → VARCHAR as written, with `<name>_first` and `<name>_last` DATE beside it (core.partial_dates)

Sealed fields have no column. A field that bears the name of one of the ledger's own columns is that column where the
kind declares it as its date, place or organisation, and gets the suffix `_field` otherwise.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from clearland.dictionary.model import Field, Kind

FIELD_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "codes": "VARCHAR[]",
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "partial_date": "VARCHAR",
    "datetime": "TIMESTAMP",
    "link": "VARCHAR",
    "links": "VARCHAR[]",
}
_ARROW: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BLOB": pa.binary(),
}
OWN_COLUMNS = frozenset({"place", "organisation", "valid_from", "valid_to"})
LEDGER_COLUMNS = (
    ("record", "VARCHAR"),
    ("entry", "VARCHAR"),
    ("digest", "VARCHAR"),
    ("local_id", "VARCHAR"),
    ("state", "VARCHAR"),
    ("sensitivity", "VARCHAR"),
    ("known_from", "TIMESTAMP"),
    ("known_to", "TIMESTAMP"),
    ("revision", "INTEGER"),
    ("source", "VARCHAR"),
    ("origin", "VARCHAR"),
    ("place", "VARCHAR"),
    ("organisation", "VARCHAR"),
    ("valid_from", "DATE"),
    ("valid_to", "DATE"),
)
HISTORY_ONLY = ("known_to", "revision")
GEOMETRY = "geometry"
_RESERVED = frozenset(name for name, _ in LEDGER_COLUMNS) | {GEOMETRY, "geom", "fid"}


@dataclass(frozen=True)
class Column:
    """One column: its name, its DuckDB type and the expression over `body` (the parsed entry) that fills it."""

    name: str
    type: str
    expression: str


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def column_name(field: Field) -> str:
    """The column of a field in snapshots and layers."""
    return f"{field.name}_field" if field.name.lower() in _RESERVED else field.name


def open_fields(kind: Kind) -> Iterator[Field]:
    """The fields with a column of their own: all but the sealed and those the ledger keeps in its own columns."""
    own = {name for name in OWN_COLUMNS if getattr(kind, f"{name}_field") == name}
    for field in kind.fields:
        if field.sensitivity != "sealed" and field.name not in own:
            yield field


def field_columns(kind: Kind) -> list[Column]:
    """The columns of a kind's fields in the dictionary's order."""
    columns: list[Column] = []
    for field in open_fields(kind):
        name = column_name(field)
        value = f"body.{'links' if field.is_link else 'attributes'}.{quoted(field.name)}"
        if field.type == "link":
            value += "[1]"
        elif field.type == "datetime":
            value = f"CAST({value} AS TIMESTAMP)"
        columns.append(Column(name, FIELD_TYPES[field.type], value))
        if field.type == "partial_date":
            columns.append(Column(f"{name}_first", "DATE", _first_day(value)))
            columns.append(Column(f"{name}_last", "DATE", _last_day(value)))
    return columns


def _first_day(value: str) -> str:
    return f"CAST({value} || substr('-01-01', length({value}) - 3) AS DATE)"


def _last_day(value: str) -> str:
    return (
        f"CASE length({value}) WHEN 4 THEN CAST({value} || '-12-31' AS DATE)"
        f" WHEN 7 THEN last_day(CAST({value} || '-01' AS DATE)) ELSE CAST({value} AS DATE) END"
    )


def body_shape(kind: Kind) -> str:
    """The structure that DuckDB's `from_json` reads an entry's body into."""
    attributes: dict[str, Any] = {}
    links: dict[str, Any] = {}
    for field in open_fields(kind):
        if field.is_link:
            links[field.name] = ["VARCHAR"]
        elif field.type == "codes":
            attributes[field.name] = ["VARCHAR"]
        else:
            attributes[field.name] = "VARCHAR" if field.type == "datetime" else FIELD_TYPES[field.type]
    # An empty structure is no structure to DuckDB, and a kind may have no links: one absent key stands in.
    shape = {
        "record": "VARCHAR",
        "state": "VARCHAR",
        "sensitivity": "VARCHAR",
        "source": "VARCHAR",
        "origin": "VARCHAR",
        "attributes": attributes or {"-": "VARCHAR"},
        "links": links or {"-": ["VARCHAR"]},
    }
    return json.dumps(shape)


def history_columns(kind: Kind) -> list[tuple[str, str]]:
    """Names and DuckDB types of `<kind>_history` in order."""
    return [*LEDGER_COLUMNS, *((column.name, column.type) for column in field_columns(kind)), (GEOMETRY, "BLOB")]


def history_schema(kind: Kind) -> pa.Schema:
    """The same as an Arrow schema: that of the Parquet files."""
    return pa.schema([(name, _ARROW[type_]) for name, type_ in history_columns(kind)])


def select_history(kind: Kind, relation: str) -> str:
    """The query that turns raw rows (see `snapshot_build.RAW_COLUMNS`) of a kind into its typed history columns."""
    shape = body_shape(kind).replace("'", "''")
    ledger = {
        "record": "body.record",
        "entry": "CAST(CAST(entry AS UUID) AS VARCHAR)",
        "state": "body.state",
        "sensitivity": "body.sensitivity",
        "source": "body.source",
        "origin": "body.origin",
        "place": "nullif(place, '')",
        "organisation": "nullif(organisation, '')",
    }
    chosen = [(name, type_, ledger.get(name, quoted(name))) for name, type_ in LEDGER_COLUMNS]
    chosen += [(column.name, column.type, column.expression) for column in field_columns(kind)]
    listed = ", ".join(f"CAST({expression} AS {type_}) AS {quoted(name)}" for name, type_, expression in chosen)
    # The inner star hands on every raw column and replaces the text of the body by its parsed form.
    return f"SELECT {listed}, {GEOMETRY} FROM (SELECT * REPLACE (from_json(body, '{shape}') AS body) FROM {relation})"
