"""What differs between SQLite and PostgreSQL when rows are written: values, bulk insertion, the one lock.

Bulk rows go by `executemany` on SQLite and COPY on PostgreSQL; Django's `bulk_create` is several times slower.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import shapely
from django.db import OperationalError, connections
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Conflict
from clearland.ledger.fields import from_gpkg, gpkg_from_wkb

ALIAS = "programme"
_WRITE_LOCK = 0x436C6561  # one advisory lock per database for all writers of the ledger
PATIENCE = "20s"  # how long a writer waits for another on PostgreSQL; on SQLite the connection's timeout says it
_CHUNK = 20_000
_MANY = 20_000
_FEWEST_TOLD = 2_000
_SHARE_TOLD = 20
# What queries join, filter and sort by.
_PLANNED_BY = {
    "entry": ("sequence", "id", "commit_id"),
    "record": ("fid", "id", "kind", "local_id", "state", "head_entry_id", "approved_entry_id"),
    "version": (
        "id", "record_id", "entry_id", "kind", "local_id", "known_from", "known_to", "state", "sensitivity", "valid_from",
        "place", "organisation",
    ),
}  # fmt: skip
_BULK_CACHE_KIB = 262_144


@contextmanager
def busy_told() -> Iterator[None]:
    """Turn the database's word that another writer does not finish into Conflict E-LEDGER-BUSY."""
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable) and "database is locked" not in str(error):
            raise
        raise Conflict(
            "E-LEDGER-BUSY",
            "Another write, an import perhaps, is still running; nothing of yours was written.",
            remedy="Wait until it has ended, then send yours again.",
        ) from error


class Store(ABC):
    """An open cursor on the programme's database with the dialect's way of writing."""

    vendor: str

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    @abstractmethod
    def lock(self) -> None:
        """Wait until no other writer is at work; the lock ends with the transaction. Raises Conflict E-LEDGER-BUSY."""

    @contextmanager
    def roomy(self, rows: int) -> Iterator[None]:
        """Within it, the database keeps what a write of so many rows touches again and again in memory."""
        yield

    @abstractmethod
    def plan_anew(self, written: int, held: int) -> None:
        """Tell the planner of queries what a large write has changed: `written` entries of the `held` ones are new."""

    @abstractmethod
    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows whose values were made by this store."""

    @staticmethod
    def uuid(value: UUID) -> str:
        """A UUID column's value: both databases read its digits without hyphens."""
        return value.hex

    @abstractmethod
    def moment(self, value: datetime) -> Any:
        """A timestamp column's value."""

    @abstractmethod
    def blob(self, value: bytes) -> Any:
        """A column of bytes."""

    @abstractmethod
    def geometry(self, wkb: bytes | None, bounds: Sequence[float] | None) -> Any:
        """A geometry column's value from little-endian two-dimensional WKB and its bounds."""

    @abstractmethod
    def read_geometry(self, value: Any) -> BaseGeometry | None:
        """A geometry as the driver returned it."""

    @abstractmethod
    def among(self, column: str) -> str:
        """SQL that holds where `column` is one of the values of one parameter made by `listed`."""

    @abstractmethod
    def listed(self, values: Iterable[UUID] | Iterable[str]) -> Any:
        """The one parameter for `among`; a UUID as text has no hyphens."""

    @staticmethod
    def day(value: date | None) -> Any:
        """A date column's value."""
        return value.isoformat() if value else None

    def read_uuid(self, value: Any) -> UUID:
        """A UUID as the driver returned it."""
        return value if isinstance(value, UUID) else UUID(value)

    def read_moment(self, value: Any) -> datetime:
        """A timestamp as the driver returned it, in UTC."""
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def update(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        if rows:
            self.cursor.executemany(sql, rows)

    def fetch(self, sql: str, ids: Sequence[UUID] | Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Rows of a query with one `among` parameter, asked in chunks."""
        for first in range(0, len(ids), _CHUNK):
            self.cursor.execute(sql, [self.listed(ids[first : first + _CHUNK])])
            yield from self.cursor.fetchall()


class SqliteStore(Store):
    """SQLite: the transaction is IMMEDIATE, so the write lock is already held."""

    vendor = "sqlite"

    def lock(self) -> None:
        """BEGIN IMMEDIATE took it."""

    @contextmanager
    def roomy(self, rows: int) -> Iterator[None]:
        """Names and digests come at random: pages of their indexes that do not fit the cache are written and read for each."""
        if rows < _MANY:
            yield
            return
        self.cursor.execute("PRAGMA cache_size")
        usual = self.cursor.fetchone()[0]
        self.cursor.execute(f"PRAGMA cache_size = -{_BULK_CACHE_KIB}")
        try:
            yield
        finally:
            self.cursor.execute(f"PRAGMA cache_size = {usual}")

    def plan_anew(self, written: int, held: int) -> None:
        """It was told once for all sizes (`plans`)."""

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join(["%s"] * len(columns))
        self.cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)

    def moment(self, value: datetime) -> Any:
        # Django's own text form: naive UTC, which sorts as time does.
        return str(value.astimezone(UTC).replace(tzinfo=None))

    def blob(self, value: bytes) -> Any:
        # sqlite3 looks for adapters of each `bytes`, which costs more than the copy; never of a `bytearray`.
        return bytearray(value)

    def geometry(self, wkb: bytes | None, bounds: Sequence[float] | None) -> Any:
        return None if wkb is None else bytearray(gpkg_from_wkb(wkb, bounds))

    def read_geometry(self, value: Any) -> BaseGeometry | None:
        return None if value is None else from_gpkg(bytes(value))

    def among(self, column: str) -> str:
        return f"{column} IN (SELECT value FROM json_each(%s))"

    def listed(self, values: Iterable[UUID] | Iterable[str]) -> Any:
        return json.dumps([value if isinstance(value, str) else value.hex for value in values])


class PostgresStore(Store):
    """PostgreSQL with PostGIS."""

    vendor = "postgresql"

    def lock(self) -> None:
        self.cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        with busy_told():
            self.cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITE_LOCK])
        self.cursor.execute("SET LOCAL lock_timeout = DEFAULT")

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        with self.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)

    def plan_anew(self, written: int, held: int) -> None:
        # The server gathers statistics by itself, but minutes later; until then it sorts 100,000 rows for each page of a list.
        # A role that does not own the tables gets a notice instead, and waits for that.
        if written < _FEWEST_TOLD or written * _SHARE_TOLD < held:
            return
        for table, columns in _PLANNED_BY.items():
            names = ", ".join(f'"{column}"' for column in columns)
            self.cursor.execute(f'ANALYZE "{table}" ({names})')

    def moment(self, value: datetime) -> Any:
        return value.isoformat()

    def blob(self, value: bytes) -> Any:
        return value

    def geometry(self, wkb: bytes | None, bounds: Sequence[float] | None) -> Any:
        if wkb is None:
            return None
        # EWKB: the SRID flag in the type's highest byte, then 4326, then the coordinates as they are.
        return (wkb[:4] + bytes([wkb[4] | 0x20]) + b"\xe6\x10\x00\x00" + wkb[5:]).hex()

    def read_geometry(self, value: Any) -> BaseGeometry | None:
        return None if value is None else shapely.from_wkb(value)

    def among(self, column: str) -> str:
        return f"{column} = ANY(%s::uuid[])"

    def listed(self, values: Iterable[UUID] | Iterable[str]) -> Any:
        return [value if isinstance(value, str) else value.hex for value in values]


def store_of(cursor: Any) -> Store:
    """The store of the programme's database around an open cursor."""
    return PostgresStore(cursor) if connections[ALIAS].vendor == "postgresql" else SqliteStore(cursor)
