"""The only way to sums: everything the ledger knew on a date, as immutable Parquet files under one SQL connection.

A snapshot belongs to the system actor and is not scoped: figures are computed for all and disclosed by policy. It lies
in `derived/snapshots/<head>-<as known>-<dictionary>-<claims>` of the programme's folder (twelve hexadecimal digits of
each hash, `now` without a date), is made once and opened again while nothing changed.
"""

import re
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connections

from clearland.core.release import release
from clearland.dictionary.model import Dictionary
from clearland.ledger import snapshot_build, snapshot_delta, snapshot_reuse
from clearland.ledger.chain import tail
from clearland.ledger.opening import current_opening
from clearland.ledger.snapshot_columns import quoted
from clearland.ledger.snapshot_sources import Cut
from clearland.ledger.store import ALIAS, store_of
from clearland.ledger.vocabulary import current_dictionary

KEPT_FOLDERS = 12
UNUSED_SECONDS = 3_600
_FOREVER = Cut(datetime(9999, 1, 1, tzinfo=UTC), date.min)
_open: dict[Path, "Snapshot"] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Snapshot:
    """The ledger as known at the end of `as_known` (None: now), after the commit whose hash is `head`.

    Tables: one per kind, `<kind>_history`, `source` and `claim`; columns in `snapshot_columns` and `snapshot_sources`.
    Geometry is WKB in EPSG:4326 (longitude, latitude), areas m², moments UTC. May be used by several threads.
    """

    folder: Path
    head: str
    as_known: date | None
    dictionary: Dictionary
    _connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)
    _viewed: set[str] = field(default_factory=set, repr=False, compare=False)
    _derived: set[str] = field(default_factory=set, repr=False, compare=False)

    def sql(self, query: str, params: Sequence[object] | Mapping[str, object] | None = None) -> pa.Table:
        """The rows of a DuckDB query; parameters are `?` or `$name`. Raises duckdb.Error for a query that is wrong."""
        self._view(set(re.findall(r"\w+", query.lower())))
        with self._connection.cursor() as cursor:
            return cursor.execute(query, params).to_arrow_table()

    def _view(self, words: set[str]) -> None:
        """Makes the views of the tables that a query may mean: to make all of them takes longer than most queries."""
        with _lock, self._connection.cursor() as cursor:
            for name in words - self._viewed:
                if snapshot_delta.base_path(self.folder, name).exists():
                    cursor.execute(f"CREATE VIEW {quoted(name)} AS {snapshot_delta.relation(self.folder, name)}")
                    self._viewed.add(name)

    def table(self, kind: str) -> pa.Table:
        """All rows of a kind that counted. Raises ClearlandError E-DICT-KIND for a kind the dictionary lacks."""
        return self.sql(f"SELECT * FROM {quoted(self.dictionary.kind(kind).name)}")

    def derive(self, name: str, make: Callable[[], pa.Table], *, rests_on: Collection[str] = ()) -> None:
        """Make a table computed from this snapshot known to `sql`; `make` runs only when it is not kept yet.

        Kept beside the snapshot by the version of Clearland that computed it, and pruned with it. The name must not be
        that of a table of the snapshot. `rests_on` are the tables (with their histories) that `make` reads, and all that
        it depends on beside the day of its making: where they are those of another snapshot, what was made of them is taken.
        """
        path = self.folder / "derived" / f"{name}-{release()}.parquet"
        with _lock:
            if name in self._derived and path.is_file():
                return
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            if rests_on:
                snapshot_reuse.take_derived(path, rests_on)
        if not path.is_file():
            temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
            pq.write_table(make(), temporary, compression="zstd")
            temporary.rename(path)
        literal = str(path).replace("'", "''")
        with _lock, self._connection.cursor() as cursor:
            cursor.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT * FROM read_parquet('{literal}')")
            self._derived.add(name)

    def tables(self) -> list[str]:
        """The names that `sql` knows."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))


def snapshots_folder() -> Path:
    """Where the snapshots of the programme in use lie. Derived data: may be deleted at any time."""
    return Path(settings.PROGRAMME_DIR) / "derived" / "snapshots"


def snapshot(*, as_known: date | None = None, dictionary: Dictionary | None = None) -> Snapshot:
    """The ledger as known at the end of a day in the programme's time zone, or now; built if there is none yet.

    Raises ClearlandError (E-PROGRAMME-NONE) when a date is given and no programme was initialised.
    """
    connection = connections[ALIAS]
    with snapshot_build.one_moment(connection):
        words = dictionary or current_dictionary()
        with connection.cursor() as cursor:
            head = tail(store_of(cursor)).hash
        day = as_known.isoformat() if as_known else "now"
        name = f"{head[:12]}-{day}-{words.version[:12]}-{snapshot_reuse.claims_state(connection)[:12]}"
        folder = snapshots_folder() / name
        with _lock:
            known = _open.get(folder)
        if known is not None and folder.is_dir():
            return known
        if not snapshot_reuse.is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
            snapshot_build.build(connection, folder, words, head=head, day=day, cut=_cut(as_known))
            with _lock:
                _open.pop(folder, None)  # one whose files are gone reads files that are not these
    return _opened(folder, head, as_known, words)


def built(name: str, *, head: str, as_known: date | None) -> Snapshot | None:
    """A snapshot that another process of this programme built, by its folder's name.

    None where it is gone or was made with a dictionary that is no longer the programme's."""
    words = current_dictionary()
    folder = snapshots_folder() / name
    with _lock:
        known = _open.get(folder)
    if known is not None and folder.is_dir():
        return known
    if name.split("-")[-2] != words.version[:12] or not snapshot_reuse.is_whole(folder):
        return None
    return _opened(folder, head, as_known, words)


def _cut(as_known: date | None) -> Cut:
    if as_known is None:
        return _FOREVER
    opening = current_opening()
    end = opening.end_of(as_known)
    received_before = opening.opened_on
    if as_known < opening.opened_on:
        received_before = date.fromordinal(as_known.toordinal() + 1)
    return Cut(end, received_before)


def _opened(folder: Path, head: str, as_known: date | None, dictionary: Dictionary) -> Snapshot:
    (folder / snapshot_reuse.MANIFEST).touch()
    made = Snapshot(folder, head, as_known, dictionary, snapshot_build.engine())
    prune()
    with _lock:
        for gone in [path for path in _open if not path.is_dir()]:
            del _open[gone]
        return _open.setdefault(folder, made)


def prune(*, keep: int = KEPT_FOLDERS, unused_seconds: float = UNUSED_SECONDS) -> int:
    """Deletes snapshots beyond the `keep` last opened that nobody opened for a while, and what killed builds left.

    Another process may be reading a folder, so age decides, not only number. Returns how many folders went.
    """
    oldest = time.time() - unused_seconds
    whole: list[tuple[float, Path]] = []
    doomed: list[Path] = []
    for path in snapshots_folder().iterdir():
        opened = snapshot_reuse.last_opened(path)
        if path.name.startswith("."):
            doomed += [path] if opened < oldest else []
        else:
            whole.append((opened, path))
    doomed += [path for opened, path in sorted(whole, reverse=True)[keep:] if opened < oldest]
    for path in doomed:
        shutil.rmtree(path, ignore_errors=True)
    return len(doomed)
