"""What a new snapshot takes over from an older one: every table in which nothing was written meanwhile, and the base of one
in which little was.

Files are immutable, so the new folder holds hard links to them (copies where the file system has none), and either
folder may be deleted. A snapshot is a donor for one of the same day whose ledger contains it: its head is a commit of
the chain, so its content is that of all entries up to its last.
"""

import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clearland.core.canonical import sha256_hex
from clearland.dictionary.model import Kind
from clearland.ledger import snapshot_columns, snapshot_delta
from clearland.ledger.store import store_of

MANIFEST = "manifest.json"
CLAIM_FILES = ("claim.parquet", "source.parquet")
_FOOTER = b"PAR1"
_MOST_NEWER = 100_000  # entries: with more than these since, an older snapshot saves nothing
_CLAIM_COUNTS = (
    "SELECT count(*) FROM source",
    "SELECT count(*) FROM rendition",
    "SELECT count(*), coalesce(max(id), 0) FROM claim",
)


def claims_state(connection: Any) -> str:
    """Changes when a source came or its claims were read again, which the head need not show. A reading deletes and
    inserts claims under new numbers: the count and the highest never come back together."""
    counts = []
    with connection.cursor() as cursor:
        for query in _CLAIM_COUNTS:
            cursor.execute(query)
            counts.append(tuple(cursor.fetchone()))
    return sha256_hex(repr(counts).encode())


def shape_of(kind: Kind) -> str:
    """Changes with everything of a kind that its files depend on."""
    return sha256_hex(f"{kind.geometry} {snapshot_columns.select_history(kind, 'raw')}".encode())


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Sizes of all files, written last: a folder cut short by a power loss is not believed."""
    sizes = {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*.parquet"))}
    text = json.dumps({**content, "files": sizes}, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def is_whole(folder: Path) -> bool:
    """Whether a snapshot folder holds every file of its manifest in full length, down to its Parquet footer."""
    return whole_manifest(folder) is not None


def whole_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder that holds all of its files, else None."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = all(_ends_well(folder / name, size) for name, size in manifest["files"].items())
    except (OSError, ValueError, KeyError):
        return None
    return manifest if whole else None


def _ends_well(path: Path, size: int) -> bool:
    with path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END) != size or size < len(_FOOTER):
            return False
        stream.seek(-len(_FOOTER), os.SEEK_END)
        return stream.read() == _FOOTER


def last_opened(folder: Path) -> float:
    """Seconds since the epoch; without a manifest, when the folder was made; 0 when it has just gone."""
    for path in (folder / MANIFEST, folder):
        try:
            return path.stat().st_mtime
        except FileNotFoundError:
            continue
    return 0.0


@dataclass(frozen=True)
class Donor:
    """A whole snapshot that the ledger contains. `written`: kind -> (fid, UUID as text) of each record written since."""

    folder: Path
    manifest: Mapping[str, Any]
    written: Mapping[str, Mapping[int, str]]

    def table(self, kind: Kind) -> Mapping[str, int] | None:
        """Rows of a kind's base and records that are newer, None where its columns were others."""
        known: Mapping[str, Any] = self.manifest["tables"].get(kind.name, {})
        return known if known.get("shape") == shape_of(kind) else None

    def give(self, kind: str, into: Path, *, base_only: bool = False) -> None:
        """Link the files of a kind into another snapshot's folder."""
        for file in snapshot_delta.files(self.folder, kind):
            if not base_only or file.parent == Path():
                _link(self.folder / file, into / file)

    def give_claims(self, state: str, into: Path) -> bool:
        """Link `claim` and `source` where neither readings nor judgements changed; whether they were given."""
        if self.manifest["claims"] != state or "judgement" in self.written:
            return False
        for file in CLAIM_FILES:
            _link(self.folder / file, into / file)
        return True


def take_derived(path: Path, rests_on: Collection[str]) -> None:
    """Link the file of a derived table from a snapshot of the same day and dictionary, made today of the very same files."""
    folder = path.parent.parent
    alike = folder.name.split("-", 1)[1].rsplit("-", 1)[0]  # day and dictionary, without head and state of claims
    for other in sorted(folder.parent.glob(f"[0-9a-f]*-{alike}-*"), key=last_opened, reverse=True):
        made = other / "derived" / path.name
        try:
            today = datetime.fromtimestamp(made.stat().st_mtime, UTC).date() == datetime.now(UTC).date()
            if other != folder and today and _same_files(folder, other, rests_on):
                _link(made, path)
                return
        except FileNotFoundError:  # not made there, or gone meanwhile
            continue


def _same_files(folder: Path, other: Path, tables: Collection[str]) -> bool:
    """Whether the tables of two snapshots are links to the same files."""
    for table in tables:
        mine, theirs = snapshot_delta.files(folder, table), snapshot_delta.files(other, table)
        if mine != theirs or not all((folder / file).samefile(other / file) for file in mine if (folder / file).exists()):
            return False
    return True


def newest_donor(connection: Any, folder: Path, day: str, cut: str) -> Donor | None:
    """The snapshot of the same day and cut with the most entries among those last opened."""
    best: tuple[int, Path, Mapping[str, Any]] | None = None
    last = entries(connection)
    for path in sorted(folder.parent.glob(f"[0-9a-f]*-{day}-*"), key=last_opened, reverse=True)[:3]:
        manifest = whole_manifest(path)
        if manifest is None or manifest.get("cut") != cut or not _contains(connection, manifest["head"]):
            continue
        if last - manifest["entries"] > _MOST_NEWER:
            continue
        if best is None or manifest["entries"] > best[0]:
            best = (manifest["entries"], path, manifest)
    return Donor(best[1], best[2], _written_since(connection, best[0])) if best else None


def _contains(connection: Any, head: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute('SELECT 1 FROM "commit" WHERE hash = %s', [head])
        return cursor.fetchone() is not None


def entries(connection: Any) -> int:
    """The sequence of the last entry."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT coalesce(max(sequence), 0) FROM "entry"')
        return int(cursor.fetchone()[0])


def _written_since(connection: Any, sequence: int) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    with connection.cursor() as cursor:
        store = store_of(cursor)
        cursor.execute(
            'SELECT r.kind, r.fid, r.id FROM "entry" e JOIN "record" r ON r.id = e.record_id WHERE e.sequence > %s', [sequence]
        )
        for kind, fid, record in cursor.fetchall():
            found.setdefault(kind, {})[fid] = str(store.read_uuid(record))
    return found


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
