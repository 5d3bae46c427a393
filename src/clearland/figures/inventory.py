"""What a snapshot holds at all, asked once: of tables without rows no query has to be made."""

import threading
from pathlib import Path

from clearland.dictionary.indicators import Indicator
from clearland.figures.duplicates import any_told_again
from clearland.figures.land_tables import LAND_TABLES
from clearland.ledger.snapshot import Snapshot

_BY_GROUND = frozenset({"land_line", "land_stock"})  # m² that the partition counts once, whoever drew them how often
_MOST_SNAPSHOTS = 16
_rows: dict[Path, dict[str, int]] = {}
_again: dict[Path, bool] = {}
_lock = threading.Lock()


def any_rows(snapshot: Snapshot, definition: Indicator) -> bool:
    """Whether any record is there that an indicator might count."""
    counts = _counted(snapshot)
    if any(table in definition.sources for table in LAND_TABLES):
        return bool(counts.get("hazard") or counts.get("land_release"))
    # The first source is the one whose rows contribute; further ones are joined to it or added to it.
    return any(counts.get(name) for name in definition.sources)


def may_tell_again(snapshot: Snapshot, definition: Indicator) -> bool:
    """Whether contributions are records of which some may be told twice."""
    if definition.status_rule == "claimed" or _BY_GROUND.intersection(definition.sources):
        return False
    with _lock:
        known = _again.get(snapshot.folder)
    if known is None:
        known = any_told_again(snapshot)
        with _lock:
            _make_room(_again)
            _again[snapshot.folder] = known
    return known


def _counted(snapshot: Snapshot) -> dict[str, int]:
    """Rows of each table that indicators of the dictionary read, in one query."""
    with _lock:
        found = _rows.get(snapshot.folder)
    if found is not None:
        return found
    names = {"hazard", "land_release"}.union(*(each.sources for each in snapshot.dictionary.indicators.values()))
    there = sorted(names.intersection(snapshot.tables()))
    parts = [f"SELECT '{name}' AS name, count(*) AS n FROM \"{name}\"" for name in there]
    told = {row["name"]: row["n"] for row in snapshot.sql(" UNION ALL ".join(parts)).to_pylist()} if parts else {}
    with _lock:
        _make_room(_rows)
        return _rows.setdefault(snapshot.folder, told)


def _make_room(kept: dict[Path, dict[str, int]] | dict[Path, bool]) -> None:
    while len(kept) >= _MOST_SNAPSHOTS:
        kept.pop(next(iter(kept)))
