"""What keeps the book append-only, and what a database must offer before it is used.

Triggers refuse UPDATE and DELETE on the truth tables and the insertion of a key that exists: `INSERT OR REPLACE` fires
no delete trigger on SQLite and rewrote an entry when tried. PostgreSQL refuses TRUNCATE too, and the serving role gets
INSERT and SELECT only. Sealed values alone may be deleted, which redacts them. This stops accidents, not the owner of the
file: proof is `verify` against a head kept elsewhere.

Migrations that rebuild a table drop its triggers without a word; `install` runs after each migration and is idempotent.
"""

import sqlite3
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from clearland.core.errors import BrokenLedger, ClearlandError

KEYS: dict[str, tuple[str, ...]] = {
    "source": ("sha256",),
    "rendition": ("sha256",),
    "commit": ("sequence", "hash"),
    "entry": ("sequence", "id"),
    "sealed_person": ("id", "commitment"),
}
_DELETABLE = frozenset({"sealed_person"})  # deleting a row is its redaction; what stands there is never altered
PROJECTIONS = ("record", "version", "link", "passage", "note", "claim", "search_words", "search_progress")
_SQLITE_EVENTS = ("update", "delete", "insert")
_POSTGRES_EVENTS = ("update", "delete", "truncate")
_OLDEST_SQLITE = (3, 38, 0)


def _trigger(table: str, event: str) -> str:
    return f"{table}_no_{event}"


def _refused(table: str, events: tuple[str, ...]) -> list[str]:
    """The events that a table's triggers refuse."""
    return [event for event in events if event != "delete" or table not in _DELETABLE]


def _sqlite_statements(table: str, keys: tuple[str, ...]) -> list[str]:
    message = f"{table} is append-only"
    same_key = " OR ".join(f'"{key}" = NEW."{key}"' for key in keys)
    conditions = {"insert": f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same_key})', "update": "", "delete": ""}
    return [
        f"""CREATE TRIGGER "{_trigger(table, event)}" BEFORE {event.upper()} ON "{table}" {conditions[event]}
            BEGIN SELECT RAISE(ABORT, '{message}'); END"""
        for event in _refused(table, _SQLITE_EVENTS)
    ]


def _postgres_statements(table: str) -> list[str]:
    return [
        f"""CREATE TRIGGER "{_trigger(table, event)}" BEFORE {event.upper()} ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION clearland_append_only()"""
        for event in _refused(table, _POSTGRES_EVENTS)
    ]


_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION clearland_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger anew, in one transaction of the caller."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table, keys in KEYS.items():
            for event in {*_SQLITE_EVENTS, *_POSTGRES_EVENTS}:
                name = _trigger(table, event)
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
            statements = _sqlite_statements(table, keys) if connection.vendor == "sqlite" else _postgres_statements(table)
            for statement in statements:
                cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of guards that are absent, disabled or changed; empty when all are as `install` makes them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                """SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid =
                t.tgfoid
                   WHERE t.tgenabled IN ('O', 'A') AND p.proname = 'clearland_append_only'
                     AND p.prosrc LIKE '%%RAISE EXCEPTION%%' AND pg_table_is_visible(c.oid)"""
            )
            found = {row[0] for row in cursor.fetchall()}
            due = [_trigger(table, event) for table in KEYS for event in _refused(table, _POSTGRES_EVENTS)]
            return [name for name in due if name not in found]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        texts = {name: _squeezed(sql) for name, sql in cursor.fetchall()}
    absent = []
    for table, keys in KEYS.items():
        for event, statement in zip(_refused(table, _SQLITE_EVENTS), _sqlite_statements(table, keys), strict=True):
            name = _trigger(table, event)
            if texts.get(name) != _squeezed(statement):
                absent.append(name)
    return absent


def _squeezed(sql: str) -> str:
    return " ".join(sql.split())


def check(connection: BaseDatabaseWrapper) -> None:
    """Raise BrokenLedger (E-GUARD-MISSING) naming the guards that are not there."""
    if absent := missing(connection):
        raise BrokenLedger(
            "E-GUARD-MISSING",
            f"The ledger is not protected against change: {', '.join(absent)} missing.",
            remedy="Find out who removed them and what was changed: `clearland verify`; then `clearland verify --repair`.",
        )


def check_abilities(connection: BaseDatabaseWrapper) -> None:
    """Raise ClearlandError (E-DATABASE-NEEDS) when SQLite lacks what the ledger needs, or PostgreSQL lacks PostGIS."""
    lacks = _postgres_lacks(connection) if connection.vendor == "postgresql" else _sqlite_lacks(connection)
    if lacks:
        raise ClearlandError(
            "E-DATABASE-NEEDS",
            f"The database cannot be used: it lacks {', '.join(lacks)}.",
            remedy="Use a Python with SQLite 3.38 or newer (R-tree, FTS5, JSON), or PostgreSQL 15 with PostGIS 3.3.",
        )


def _sqlite_lacks(connection: BaseDatabaseWrapper) -> list[str]:
    lacks = []
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        lacks.append(f"SQLite 3.38 (this is {sqlite3.sqlite_version})")
    probes = {
        "R-tree": "CREATE VIRTUAL TABLE temp.probe_rtree USING rtree(id, a, b)",
        "FTS5": "CREATE VIRTUAL TABLE temp.probe_fts USING fts5(a)",
        "JSON": "SELECT json_extract('{}', '$.a')",
    }
    with connection.cursor() as cursor:
        for ability, probe in probes.items():
            if not _answers(cursor, probe):
                lacks.append(ability)
        for table in ("probe_rtree", "probe_fts"):
            cursor.execute(f"DROP TABLE IF EXISTS temp.{table}")
    return lacks


def _answers(cursor: Any, probe: str) -> bool:
    try:
        cursor.execute(probe)
    except OperationalError:
        return False
    return True


def _postgres_lacks(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        lacks = [] if int(cursor.fetchone()[0]) >= 150_000 else ["PostgreSQL 15"]
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
        row = cursor.fetchone()
    version = tuple(int(part) for part in row[0].split(".")[:2]) if row else (0, 0)
    return lacks if version >= (3, 3) else [*lacks, "PostGIS 3.3 (CREATE EXTENSION postgis, by a superuser)"]


def restrict_role(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give the serving role of PostgreSQL INSERT and SELECT on truth, and what projections need. Run as the owner."""
    quote = connection.ops.quote_name
    name = quote(role)
    with connection.cursor() as cursor:
        for table in KEYS:
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {name}")
            rights = "SELECT, INSERT, DELETE" if table in _DELETABLE else "SELECT, INSERT"
            cursor.execute(f"GRANT {rights} ON {quote(table)} TO {name}")
        for table in PROJECTIONS:
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quote(table)} TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
