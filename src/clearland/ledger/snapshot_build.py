"""Writing a snapshot: one consistent look at the ledger becomes a folder of Parquet files, whole or not at all.

Rows are read in chunks, their bodies are parsed by DuckDB, and every file is written once. The folder is made under a
temporary name and renamed when complete, so a process that is killed leaves nothing that could be taken for a snapshot.
"""

import json
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearland.dictionary.model import Dictionary, Kind
from clearland.ledger import snapshot_columns, snapshot_delta, snapshot_reuse, snapshot_sources
from clearland.ledger.snapshot_reuse import Donor
from clearland.ledger.snapshot_sources import Cut
from clearland.ledger.store import store_of

CHUNK_ROWS = 25_000
RAW_COLUMNS = (
    "entry",
    "digest",
    "revision",
    "local_id",
    "known_from",
    "known_to",
    "place",
    "organisation",
    "valid_from",
    "valid_to",
    "body",
    "geometry",
)
_RAW_SCHEMA = pa.schema((name, {"revision": pa.int32(), "geometry": pa.binary()}.get(name, pa.string())) for name in RAW_COLUMNS)
# A version that contests another never stood: its time is empty, and it is no part of any history.
# Cast to text: Django's SQLite driver would make Python dates and times of these columns, one by one.
_SQLITE_ROWS = """
    SELECT e.id, e.digest, e.revision, v.local_id, CAST(v.known_from AS TEXT), CAST(v.known_to AS TEXT), v.place,
           v.organisation, CAST(v.valid_from AS TEXT), CAST(v.valid_to AS TEXT), CAST(e.body AS TEXT), e.geometry
    FROM ({chosen}) k CROSS JOIN version v ON v.id = k.id CROSS JOIN entry e ON e.sequence = v.entry_id
    WHERE v.state = 'approved' AND v.known_from < %s AND (v.known_to IS NULL OR v.known_to > v.known_from)"""
_POSTGRES_ROWS = """
    SELECT e.id::text, e.digest, e.revision, v.local_id, (v.known_from AT TIME ZONE 'UTC')::text,
           (v.known_to AT TIME ZONE 'UTC')::text, v.place, v.organisation, v.valid_from::text, v.valid_to::text,
           convert_from(e.body, 'UTF8'), ST_AsBinary(e.geometry, 'NDR')
    FROM ({chosen}) k JOIN version v ON v.id = k.id JOIN entry e ON e.sequence = v.entry_id
    WHERE v.state = 'approved' AND v.known_from < %s AND (v.known_to IS NULL OR v.known_to > v.known_from) ORDER BY v.id"""
_BOUNDS = """
    SELECT min(min_x), min(min_y), max(max_x), max(max_y) FROM version
    WHERE kind = %s AND state = 'approved' AND known_from < %s"""


@contextmanager
def one_moment(connection: Any) -> Iterator[None]:
    """All reads inside see the ledger as it was at the first of them, without keeping a writer waiting."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN DEFERRED" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        # Not atomic(): the programme's write transactions are IMMEDIATE, and a long read must not take that lock.
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def engine() -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that uses nothing but its own wheel: no extension is fetched, geometry stays WKB."""
    duck = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    # An option of the Parquet reader, unknown until that part is loaded: not for `config`.
    duck.execute("SET GLOBAL enable_geoparquet_conversion = false")
    return duck


def _strip_gpkg_header(blob: bytes) -> bytes:
    """The WKB of a GeoPackage binary: 8 bytes of header and 0, 4, 6 or 8 doubles of envelope before it."""
    return bytes(blob[8 + 16 * (0, 2, 3, 3, 4)[(blob[3] >> 1) & 7] :])


@dataclass(frozen=True)
class _Chosen:
    """A query for the ids of versions, in their order, with its parameters."""

    sql: str
    params: tuple[str, ...] = ()


def _chosen_kind(kind: str) -> _Chosen:
    # Ids from the index alone, sorted: the rows themselves are then read in the order in which they lie.
    return _Chosen("SELECT id FROM version WHERE kind = %s ORDER BY id", (kind,))


def _chosen_records(fids: Sequence[int]) -> _Chosen:
    return _Chosen(f"SELECT id FROM version WHERE record_id IN ({', '.join(map(str, fids))}) ORDER BY id")


def _raw_chunks(connection: Any, until: datetime, chosen: _Chosen) -> Iterator[pa.Table]:
    sqlite = connection.vendor == "sqlite"
    query = (_SQLITE_ROWS if sqlite else _POSTGRES_ROWS).format(chosen=chosen.sql)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [*chosen.params, store_of(cursor).moment(until)])
        while rows := cursor.fetchmany(CHUNK_ROWS):
            *columns, geometry = zip(*rows, strict=True)
            unwrapped = [blob and (_strip_gpkg_header(blob) if sqlite else bytes(blob)) for blob in geometry]
            yield pa.table([*columns, unwrapped], schema=_RAW_SCHEMA)


class _KindFiles:
    """The two files of a kind, `<kind>.parquet` (holding on D) and `<kind>_history.parquet`, written chunk by chunk."""

    def __init__(self, folder: Path, kind: Kind, schema: pa.Schema) -> None:
        self.kind = kind
        self.rows = 0
        now = pa.schema([field for field in schema if field.name not in snapshot_columns.HISTORY_ONLY])
        self._now = pq.ParquetWriter(folder / f"{kind.name}.parquet", now, compression="zstd")
        self._history = pq.ParquetWriter(folder / f"{kind.name}_history.parquet", schema, compression="zstd")

    def write(self, history: pa.Table) -> None:
        """Appends rows to the history, and those that still hold to the kind's own file."""
        now = history.filter(pc.is_null(history["known_to"])).drop_columns(list(snapshot_columns.HISTORY_ONLY))
        self._history.write_table(history)
        self._now.write_table(now)
        self.rows += now.num_rows

    def close(self, bounds: Sequence[float | None]) -> None:
        """Writes the GeoParquet metadata (1.1; no `crs` means longitude, latitude on WGS 84) and closes the files.

        `bounds` are min x, min y, max x, max y in degrees, null when nothing of the kind has a geometry.
        """
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
        if None not in bounds:
            column["bbox"] = list(bounds)
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        for writer in (self._now, self._history):
            if self.kind.geometry != "none":
                writer.add_key_value_metadata({"geo": json.dumps(geo)})
            writer.close()


def _history(
    connection: Any, kind: Kind, until: datetime, duck: duckdb.DuckDBPyConnection, chosen: _Chosen
) -> Iterator[pa.Table]:
    """The typed history rows of a kind, or of some of its records. What was replaced only after D still holds on D."""
    query = (
        "SELECT * REPLACE (CASE WHEN known_to < ? THEN known_to END AS known_to)"
        f" FROM ({snapshot_columns.select_history(kind, 'raw')})"
    )
    cut = until.astimezone(UTC).replace(tzinfo=None)
    schema = snapshot_columns.history_schema(kind)
    for chunk in _raw_chunks(connection, until, chosen):
        duck.register("raw", chunk)
        yield duck.execute(query, [cut]).to_arrow_table().cast(schema)


@dataclass(frozen=True)
class _Build:
    """What the tables of one new snapshot are made from and into."""

    connection: Any
    folder: Path
    until: datetime
    duck: duckdb.DuckDBPyConnection
    donor: Donor | None

    def table(self, kind: Kind) -> dict[str, Any]:
        """Write or take over the files of a kind; what the manifest keeps of it."""
        known = self.donor.table(kind) if self.donor else None
        if self.donor is None or known is None:
            return self._whole(kind)
        written = self.donor.written.get(kind.name)
        if not written:
            self.donor.give(kind.name, self.folder)
            return dict(known)
        rows = known["rows"]
        if rows < snapshot_delta.LEAST_BASE_ROWS or snapshot_delta.is_heavy(len(written), rows):
            return self._whole(kind)
        self.donor.give(kind.name, self.folder, base_only=True)
        found = _history(self.connection, kind, self.until, self.duck, _chosen_records(list(written)))
        fresh = pa.concat_tables([snapshot_columns.history_schema(kind).empty_table(), *found])
        newer = snapshot_delta.put(self.folder, kind.name, self.donor.folder, fresh, list(written.values()))
        if snapshot_delta.is_heavy(newer, rows):
            return self._merged(kind)
        return {**known, "newer": newer}

    def _whole(self, kind: Kind) -> dict[str, Any]:
        chunks = _history(self.connection, kind, self.until, self.duck, _chosen_kind(kind.name))
        return self._write(kind, self.folder, chunks)

    def _merged(self, kind: Kind) -> dict[str, Any]:
        aside = self.folder / "merged"
        aside.mkdir()
        schema = snapshot_columns.history_schema(kind)
        batches = snapshot_delta.history_batches(self.folder, kind.name, self.duck)
        made = self._write(kind, aside, (pa.Table.from_batches([batch]).cast(schema) for batch in batches))
        snapshot_delta.take_base(kind.name, aside, self.folder)
        aside.rmdir()
        return made

    def _write(self, kind: Kind, folder: Path, chunks: Iterable[pa.Table]) -> dict[str, Any]:
        files = _KindFiles(folder, kind, snapshot_columns.history_schema(kind))
        for chunk in chunks:
            files.write(chunk)
        with self.connection.cursor() as cursor:
            cursor.execute(_BOUNDS, [kind.name, store_of(cursor).moment(self.until)])
            files.close(cursor.fetchone())
        return {"shape": snapshot_reuse.shape_of(kind), "rows": files.rows, "newer": 0}


def build(connection: Any, folder: Path, dictionary: Dictionary, *, head: str, day: str, cut: Cut) -> None:
    """Writes the snapshot of everything before the cut into `folder`, which does not exist yet.

    Call inside `one_moment`. When another process finished the same folder first, its work stands and this is dropped.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    donor = snapshot_reuse.newest_donor(connection, folder, day, repr(cut))
    try:
        _build(connection, folder, dictionary, donor, head=head, cut=cut)
    except FileNotFoundError:
        if donor is None or donor.folder.is_dir():
            raise
        # The donor was pruned while its files were taken over.
        _build(connection, folder, dictionary, None, head=head, cut=cut)


def _build(connection: Any, folder: Path, dictionary: Dictionary, donor: Donor | None, *, head: str, cut: Cut) -> None:
    temporary = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    temporary.mkdir()
    try:
        with engine() as duck:
            work = _Build(connection, temporary, cut.until, duck, donor)
            tables = {name: work.table(kind) for name, kind in sorted(dictionary.kinds.items())}
            claims = snapshot_reuse.claims_state(connection)
            if donor is None or not donor.give_claims(claims, temporary):
                snapshot_sources.write_files(connection, temporary, cut, duck)
        snapshot_reuse.write_manifest(temporary, {
            "head": head, "entries": snapshot_reuse.entries(connection), "cut": repr(cut), "dictionary": dictionary.version,
            "tables": tables, "claims": claims,
        })  # fmt: skip
        try:
            temporary.rename(folder)
        except OSError:
            if not snapshot_reuse.is_whole(folder):
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
