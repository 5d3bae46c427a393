"""What SQLite's planner is told about the tables, so that a query's plan is the same in a small programme and a large one.

Without statistics SQLite takes every equality for choosy: it would rather walk through all records of a kind than fetch
the few that the map index or a write has named. PostgreSQL gathers its own.
"""

from typing import Any

# Index -> rows of the table, then rows that share the first column, the first two and so on, in a large programme.
_STATISTICS = {
    ("version", "version_list"): "1000000 100000 2 1 1 1 1 1 1 1 1 1",
    ("version", "version_known"): "1000000 100000 1000 1 1 1 1 1",
    ("record", "record_kind_local_id"): "1000000 100000 1",
}


def install(cursor: Any) -> None:
    """Write the statistics into `sqlite_stat1`; connections opened from then on use them. Idempotent."""
    cursor.execute("ANALYZE gpkg_contents")  # makes the table of statistics, whose name nobody else may use
    for (table, index), rows in _STATISTICS.items():
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s AND idx = %s", [table, index])
        cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", [table, index, rows])
