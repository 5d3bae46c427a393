"""What a new snapshot takes over from an older one: the files of kinds in which nothing was written meanwhile.

Files are immutable, so the new folder holds hard links to them (copies where the file system has none), and either
folder may be deleted. Two snapshots share files only for the same day and the same dictionary.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clearland.core.canonical import sha256_hex

MANIFEST = "manifest.json"
_FOOTER = b"PAR1"
_DONORS = 3
NOTHING = "0-0"
CLAIMS = "claim"  # the state that `claim` and `source` share
_CLAIM_SHAPE = "with the words around"  # says which columns `claim` has: files of another shape are not taken over
_CLAIM_COUNTS = (
    "SELECT count(*) FROM source",
    "SELECT count(*) FROM rendition",
    "SELECT count(*), coalesce(max(id), 0) FROM version WHERE kind = 'judgement'",
)


def claims_state(connection: Any) -> str:
    """Changes when a source came, was read anew or judged, or its claims were read again, which the head need not show."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rendition_id, extractor_version, count(*), max(id) FROM claim GROUP BY 1, 2 ORDER BY 1, 2")
        claims = [tuple(row) for row in cursor.fetchall()]
        counts = []
        for query in _CLAIM_COUNTS:
            cursor.execute(query)
            counts.append(tuple(cursor.fetchone()))
        return sha256_hex(repr((_CLAIM_SHAPE, claims, counts)).encode())


def kind_states(connection: Any) -> dict[str, str]:
    """Per kind, what changes with every version written: versions are only added, and one that ends another is new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, max(id), count(*) FROM version GROUP BY kind")
        return {kind: f"{newest}-{count}" for kind, newest, count in cursor.fetchall()}


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Sizes of all files, written last: a folder cut short by a power loss is not believed."""
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
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


class Donors:
    """The newest snapshots of the same day and dictionary."""

    def __init__(self, folder: Path, day: str, dictionary: str) -> None:
        pattern = f"[0-9a-f]*-{day}-{dictionary[:12]}-*"
        recent = sorted(folder.parent.glob(pattern), key=last_opened, reverse=True)
        found = [(path, whole_manifest(path)) for path in recent[:_DONORS]]
        self._folders = [(path, manifest) for path, manifest in found if manifest]

    def give(self, name: str, state: str, files: list[str], into: Path) -> int | None:
        """Links the files of a table whose state has not changed; the table's number of rows, None without a donor."""
        for path, manifest in self._folders:
            if manifest["states"].get(name) == state:
                for file in files:
                    _link(path / file, into / file)
                return int(manifest["rows"][name])
        return None


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
