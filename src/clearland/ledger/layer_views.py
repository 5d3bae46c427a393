"""The SQL view of each kind: typed columns of its dictionary fields over the records that stand.

A layer shows approved states, and hazards, accidents and finds that are submitted or verified while nothing of them was
approved: danger shows before it is proved, and the column `state` marks it unverified (design section 4).

GDAL types a view's column by what SQLite says of it, and leaves a column out with a mere warning where it knows no
type: `CAST(… AS TEXT)`, `INTEGER` and `REAL` are known; a cast to DATE, DATETIME or BOOLEAN is not one. A scalar
subquery has the declared type of the column in its last arm, and the value of its first row; so these three come as
`(SELECT value UNION ALL SELECT day FROM layer_type)`, where the table `layer_type` is empty for ever.
"""

from clearland.core.errors import ClearlandError
from clearland.dictionary.model import Field, Kind
from clearland.ledger.gpkg import GEOMETRY_COLUMN
from clearland.ledger.workflow import UNVERIFIED

TYPE_TABLE = "CREATE TABLE IF NOT EXISTS layer_type (day DATE, moment DATETIME, flag BOOLEAN)"
TABLE_NAMES = frozenset({
    "source", "rendition", "commit", "entry", "record", "version", "link", "passage", "note", "claim", "layer_type",
    "sealed_person", "judgement", "edition",
})  # fmt: skip
LEDGER_COLUMNS = ("fid", GEOMETRY_COLUMN, "record", "local_id", "state", "sensitivity", "known_at")
_SHOWN_ENTRY = "coalesce(r.approved_entry_id, r.head_entry_id)"


def column_name(field: Field) -> str:
    """The layer's column of a field: its name, unless the layer has such a column of its own."""
    return f"{field.name}_field" if field.name.lower() in LEDGER_COLUMNS else field.name


def field_columns(kind: Kind) -> dict[str, Field]:
    """Columns of a kind's fields in the dictionary's order; sealed fields have none."""
    return {column_name(field): field for field in kind.fields if field.sensitivity != "sealed"}


def view_sql(kind: Kind, vendor: str) -> str:
    """The SELECT of a kind's view. Raises ClearlandError E-LAYER-NAME for a kind that is named like a table."""
    if kind.name.lower() in TABLE_NAMES:
        raise ClearlandError(
            "E-LAYER-NAME", f"A kind cannot be called {kind.name!r}: the ledger has a table of that name.",
            remedy="Choose another name for the kind in the overlay.",
        )  # fmt: skip
    dialect = _sqlite_value if vendor == "sqlite" else _postgres_value
    columns = [("fid", "r.fid")]
    if kind.geometry != "none":
        columns.append((GEOMETRY_COLUMN, "r.geometry"))
    columns += _SQLITE_LEDGER if vendor == "sqlite" else _POSTGRES_LEDGER
    columns += [(name, dialect(field)) for name, field in field_columns(kind).items()]
    listed = ",\n  ".join(f'{expression} AS "{name}"' for name, expression in columns)
    shown = {"approved"} | (UNVERIFIED if kind.shown_unverified else frozenset())
    states = ", ".join(f"'{state}'" for state in sorted(shown))
    of_kind = f"r.kind = '{kind.name}'"
    if vendor == "sqlite":
        # Without statistics SQLite takes a kind for ten rows and asks the R-tree for each of them; told that it is a
        # tenth of the records it asks the R-tree first (measured on 100,000 features: 7 ms, else 180 ms), and still
        # takes the index for a layer read whole.
        of_kind = f"likelihood({of_kind}, 0.1)"
    return f"SELECT {listed}\nFROM record r WHERE {of_kind} AND r.state IN ({states})"


_UUID_PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
_UUID_TEXT = " || '-' || ".join(f"substr(r.id, {start}, {length})" for start, length in _UUID_PARTS)
_SQLITE_KNOWN = (
    "(SELECT strftime('%Y-%m-%dT%H:%M:%fZ', e.known_at) FROM entry e"
    f" WHERE e.sequence = {_SHOWN_ENTRY} UNION ALL SELECT moment FROM layer_type)"
)
_SQLITE_LEDGER = [
    ("record", f"CAST({_UUID_TEXT} AS TEXT)"),
    ("local_id", "CAST(r.local_id AS TEXT)"),
    ("state", "CAST(r.state AS TEXT)"),
    ("sensitivity", "CAST(r.sensitivity AS TEXT)"),
    ("known_at", _SQLITE_KNOWN),
]
_POSTGRES_LEDGER = [
    ("record", "r.id::text"),
    ("local_id", "r.local_id"),
    ("state", "r.state"),
    ("sensitivity", "r.sensitivity"),
    ("known_at", f"(SELECT e.known_at FROM entry e WHERE e.sequence = {_SHOWN_ENTRY})"),
]


# What the shown entry links to in a role, as local ids, and codes: one text with commas, readable in a GIS.
_LINKED = (
    "(SELECT {joined} FROM (SELECT t.local_id FROM link l JOIN record t ON t.fid = l.target_id"
    f" WHERE l.entry_id = {_SHOWN_ENTRY} AND l.role = '{{name}}' ORDER BY t.local_id, t.id) linked)"
)
_SQLITE_LINKED = "CAST(" + _LINKED.replace("{joined}", "group_concat(local_id, ',')") + " AS TEXT)"
_POSTGRES_LINKED = _LINKED.replace("{joined}", "string_agg(local_id, ',')")
_SQLITE_VALUES = {
    "text": "CAST({value} AS TEXT)",
    "code": "CAST({value} AS TEXT)",
    "partial_date": "CAST({value} AS TEXT)",
    "codes": "CAST((SELECT group_concat(value, ',') FROM json_each(r.attributes, '$.\"{name}\"')) AS TEXT)",
    "integer": "CAST({value} AS INTEGER)",
    "decimal": "CAST({value} AS REAL)",
    "boolean": "(SELECT {value} UNION ALL SELECT flag FROM layer_type)",
    "date": "(SELECT {value} UNION ALL SELECT day FROM layer_type)",
    "datetime": "(SELECT {value} UNION ALL SELECT moment FROM layer_type)",
    "link": _SQLITE_LINKED,
    "links": _SQLITE_LINKED,
}
_POSTGRES_VALUES = {
    "text": "{value}",
    "code": "{value}",
    "partial_date": "{value}",
    "codes": (
        "(SELECT string_agg(c.code, ',' ORDER BY c.place) FROM"
        " jsonb_array_elements_text(r.attributes -> '{name}') WITH ORDINALITY AS c(code, place))"
    ),
    "integer": "({value})::bigint",
    "decimal": "({value})::double precision",
    "boolean": "({value})::boolean",
    "date": "({value})::date",
    "datetime": "({value})::timestamptz",
    "link": _POSTGRES_LINKED,
    "links": _POSTGRES_LINKED,
}


def _sqlite_value(field: Field) -> str:
    return _SQLITE_VALUES[field.type].format(value=f"r.attributes ->> '$.\"{field.name}\"'", name=field.name)


def _postgres_value(field: Field) -> str:
    return _POSTGRES_VALUES[field.type].format(value=f"r.attributes ->> '{field.name}'", name=field.name)
