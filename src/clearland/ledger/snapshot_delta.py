"""A table of a snapshot as a large file that stays, the records written since, and the names of those it no longer speaks for.

    <table>.parquet                 the base, shared by hard links with the snapshots before and after
    newer/<table>.parquet           every row of each record that was written since the base
    newer/<table>.records.parquet   those records

A table is its base without these records, and the newer rows. So one more entry costs as much as its record, not as its
kind. When the newer part passes a share of the base, both are merged into a new base. All files are immutable.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearland.ledger.snapshot_columns import HISTORY_ONLY

NEWER = "newer"
LEAST_BASE_ROWS = 2_000  # smaller kinds are sooner written anew
LEAST_MERGED = 5_000
MERGED_SHARE = 0.1


def names(kind: str) -> tuple[str, str]:
    """The tables of a kind: what holds on the snapshot's date, and its history."""
    return kind, f"{kind}_history"


def base_path(folder: Path, table: str) -> Path:
    """The large file of a table; all of it where nothing newer lies beside."""
    return folder / f"{table}.parquet"


def newer_path(folder: Path, table: str) -> Path:
    """The rows of records written since the base."""
    return folder / NEWER / f"{table}.parquet"


def records_path(folder: Path, table: str) -> Path:
    """The records that the base no longer speaks for."""
    return folder / NEWER / f"{table}.records.parquet"


def files(folder: Path, kind: str) -> list[Path]:
    """All files of a kind, relative to the folder."""
    found = [base_path(folder, table) for table in names(kind)]
    if newer_path(folder, kind).exists():
        found += [path(folder, table) for table in names(kind) for path in (newer_path, records_path)]
    return [path.relative_to(folder) for path in found]


def relation(folder: Path, table: str) -> str:
    """The DuckDB query for all rows of a table."""
    base = f"FROM read_parquet({_literal(base_path(folder, table))})"
    newer = newer_path(folder, table)
    if not newer.exists():
        return base
    records = f"read_parquet({_literal(records_path(folder, table))})"
    return f"({base} ANTI JOIN {records} AS written USING (record)) UNION ALL (FROM read_parquet({_literal(newer)}))"


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def put(folder: Path, kind: str, donor: Path, history: pa.Table, records: Sequence[str]) -> int:
    """Write the newer part of a kind: that of the donor, with all history rows of `records` (UUIDs) as they are now.

    The base must already be in the folder. Returns how many records the base no longer speaks for."""
    written = pa.array(records, pa.string())
    if newer_path(donor, kind).exists():
        before = pq.read_table(newer_path(donor, names(kind)[1]))
        history = pa.concat_tables([before.filter(pc.invert(pc.is_in(before["record"], written))), history])
        known = pq.read_table(records_path(donor, kind))["record"].combine_chunks()
        written = pa.concat_arrays([known.filter(pc.invert(pc.is_in(known, written))), written])
    now = history.filter(pc.is_null(history["known_to"])).drop_columns(list(HISTORY_ONLY))
    (folder / NEWER).mkdir(exist_ok=True)
    for table, rows in zip(names(kind), (now, history), strict=True):
        pq.write_table(rows, newer_path(folder, table), compression="zstd")
        pq.write_table(pa.table({"record": written}), records_path(folder, table), compression="zstd")
    return len(written)


def is_heavy(written: int, base_rows: int) -> bool:
    """Whether so many records were written since the base that it is worth a new one."""
    return written > max(LEAST_MERGED, base_rows * MERGED_SHARE)


def history_batches(folder: Path, kind: str, duck: duckdb.DuckDBPyConnection) -> pa.RecordBatchReader:
    """All history rows of a kind, base and newer, a block at a time."""
    return duck.execute(relation(folder, names(kind)[1])).to_arrow_reader(25_000)


def take_base(kind: str, merged: Path, folder: Path) -> None:
    """Put merged files in the place of a base and drop the newer part. Other snapshots keep the old base: links."""
    for table in names(kind):
        base_path(merged, table).replace(base_path(folder, table))
        newer_path(folder, table).unlink()
        records_path(folder, table).unlink()
