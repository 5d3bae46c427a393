"""Reading a restored IMSMA NG database: in one read-only, repeatable transaction, and never a write.

Only tables that items are made of are read. Names of tables and columns are matched without regard to case, since some
junction tables of IMSMA carry capitals. What tells who a person is is read apart and never enters the rows that are kept.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from clearland.core.errors import ClearlandError, Place, RefusedInput
from clearland.intake.imsma.dump import Row, Rows
from clearland.intake.imsma.model import SORTS
from clearland.intake.imsma.rules import Rules

_SHARED = (
    "imsmaenum", "fieldreport", "geospatialinfo", "geopoint", "location", "gazetteer", "organisation", "customdefinedfield",
    "cdfvalue", "link", "links",
)  # fmt: skip
NEEDED = ("hazard", "imsmaenum", "geospatialinfo", "geopoint")
_SELECTED = frozenset({"SINGLE_SELECT", "MULTI_SELECT", "NUMBER", "DECIMAL", "INTEGER", "DATE"})
Identities = Mapping[str, Mapping[str, str]]
"""guid of a victim's row (record or version) -> column -> value."""


def moved_tables() -> tuple[str, ...]:
    """Every table that a move reads."""
    of_items: list[str] = []
    for sort in SORTS:
        for holder in (sort, f"{sort}infoversion"):
            of_items += [holder, *(f"{holder}_has_{part}" for part in ("geospatialinfo", "cdfvalue", "imsmaenum"))]
        of_items += [f"{sort}_has_{other}" for other in SORTS]
    return (*of_items, *_SHARED)


def read_database(
    url: str, rules: Rules, schema: str = "", step: Callable[[int], None] = lambda done: None
) -> tuple[Rows, Identities]:
    """All rows that are moved, and apart from them what tells who a victim is. `step` is called once per table.

    Raises ClearlandError E-MOVE-CONNECT where the server refuses, RefusedInput E-MOVE-SCHEMA where this is no IMSMA NG.
    """
    try:
        with psycopg.connect(url, options="-c default_transaction_read_only=on", connect_timeout=15) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with connection.cursor() as cursor:
                return _read(cursor, rules, schema, step)
    except psycopg.Error as error:
        said = str(error).strip().splitlines()
        raise ClearlandError(
            "E-MOVE-CONNECT", f"The database does not answer as it should: {said[0] if said else type(error).__name__}.",
            remedy="Check address, database, user and password; a role that may only SELECT is enough, and best.",
        ) from error


def _read(cursor: psycopg.Cursor[Any], rules: Rules, schema: str, step: Callable[[int], None]) -> tuple[Rows, Identities]:
    chosen, there = _schema(cursor, schema)
    tables: dict[str, list[Row]] = {}
    identities: dict[str, dict[str, str]] = {}
    withheld: list[str] = []
    for name in moved_tables():
        if name in there:
            tables[name] = _rows(cursor, chosen, there[name])
            if name in ("victim", "victiminfoversion"):
                withheld += take_identities(name, f"{name}_guid", tables[name], rules, identities)
        step(1)
    withheld += _take_own_texts(tables, identities)
    known = {each.casefold() for each in moved_tables()}
    others = {name: _count(cursor, chosen, real) for name, real in sorted(there.items()) if name not in known}
    # How much lies in tables that are not moved is part of what was there, so it is kept with the rows.
    tables["clearland_not_moved"] = [{"table": name, "rows": str(number)} for name, number in others.items() if number]
    return Rows(origin="imsma-ng", tables=tables, withheld=tuple(withheld)), identities


def _schema(cursor: psycopg.Cursor[Any], wanted: str) -> tuple[str, dict[str, str]]:
    """The schema that holds IMSMA and its tables: folded name -> name."""
    cursor.execute("SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'")
    by_schema: dict[str, dict[str, str]] = {}
    for schema, table in cursor.fetchall():
        by_schema.setdefault(schema, {})[table.casefold()] = table
    names = [wanted] if wanted else sorted(by_schema, key=lambda name: (name != "public", name))
    for name in names:
        if all(table in by_schema.get(name, {}) for table in NEEDED):
            return name, by_schema[name]
    lacking = [table for table in NEEDED if table not in by_schema.get(wanted or "public", {})]
    raise RefusedInput(
        "E-MOVE-SCHEMA", f"This is no IMSMA NG database: it has no table {', '.join(lacking)}.",
        place=Place(file=wanted or "public", sheet=lacking[0] if lacking else None),
        remedy="Name the restored database in the address, and its schema with --schema.",
    )


def _rows(cursor: psycopg.Cursor[Any], schema: str, table: str) -> list[Row]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s AND data_type <> 'bytea'",
        [schema, table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    listed = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    cursor.execute(sql.SQL("SELECT {} FROM {}").format(listed, sql.Identifier(schema, table)))
    folded = [column.casefold() for column in columns]
    return [{name: cell for name, cell in zip(folded, row, strict=True) if cell not in (None, "")} for row in cursor]


def _count(cursor: psycopg.Cursor[Any], schema: str, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
    found = cursor.fetchone()
    return int(found[0]) if found else 0


def take_identities(
    table: str, key: str, rows: Sequence[Row], rules: Rules, into: dict[str, dict[str, str]]
) -> list[str]:
    """Take out of a victim's rows what tells, or may tell, who the person is; returns the names of the columns."""
    taken: set[str] = set()
    for row in rows:
        guid = row.get(key) or ""
        for column in [*row]:
            place = rules.of_person(column)
            if place != "kept" and (cell := row.pop(column)):
                taken.add(column)
                if place == "identity":
                    into.setdefault(guid, {})[column] = cell
    return [f"{table}.{column}" for column in sorted(taken)]


def _take_own_texts(tables: Mapping[str, Sequence[Row]], into: dict[str, dict[str, str]]) -> list[str]:
    """Custom fields of victims that hold free text are taken out, too, as `cdf_ID` of the victim's row."""
    texts = {
        row.get("cdf_id") for row in tables.get("customdefinedfield", ())
        if (row.get("cdf_datatype") or "").upper() not in _SELECTED
    }  # fmt: skip
    values = {row.get("cdfvalue_guid"): row for row in tables.get("cdfvalue", ()) if row.get("cdf_id") in texts}
    taken: set[str] = set()
    for holder in ("victim", "victiminfoversion"):
        for row in tables.get(f"{holder}_has_cdfvalue", ()):
            value = values.get(row.get("cdfvalue_guid"), {})
            if text := value.pop("stringvalue", None):
                into.setdefault(row.get(f"{holder}_guid") or "", {})[f"cdf_{value['cdf_id']}"] = text
                taken.add(f"cdfvalue.stringvalue of {value['cdf_id']}")
    return sorted(taken)
