"""Documents that could not be read: kept byte for byte with the reason, listed, tried again, never lost.

A refused document leaves the ledger as it was; it lies under its own name in the programme's folder `quarantine`, by its
SHA-256, with a note of what was wrong. Adding the same bytes with success, or discarding them by name, takes them out.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError, RefusedInput
from clearland.ledger.sources import file_sha256, sources_folder

MOST_BYTES = 1 << 30  # a larger file stays where it is, and only its name and reason are kept
FOLDER = "quarantine"


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """A document that was refused. `path` is where its bytes lie; the original place where it was too large to copy."""

    sha256: str
    file: str
    code: str
    sentence: str
    remedy: str
    refused_at: str
    size_bytes: int
    path: str


def folder() -> Path:
    """The programme's quarantine."""
    return sources_folder().parent / FOLDER


def keep(path: Path, error: ClearlandError, *, clock: Clock = system_clock) -> Quarantined | None:
    """Put a refused document aside with its reason. None for what is no file that can be read at all."""
    if not path.is_file():
        return None
    try:
        sha256, size = file_sha256(path)
    except OSError:
        return None
    target = folder()
    target.mkdir(exist_ok=True)
    held = target / sha256 / path.name
    if size <= MOST_BYTES and not held.exists():
        held.parent.mkdir(exist_ok=True)
        part = target / f"{sha256}.part"
        shutil.copyfile(path, part)
        part.replace(held)
    moment: datetime = clock()
    made = Quarantined(
        sha256=sha256, file=path.name, code=error.code, sentence=error.sentence, remedy=error.remedy,
        refused_at=moment.isoformat(timespec="seconds"), size_bytes=size, path=str(held if held.exists() else path.resolve()),
    )  # fmt: skip
    (target / f"{sha256}.json").write_text(json.dumps(asdict(made), ensure_ascii=False, indent=1), encoding="utf-8")
    return made


def listed() -> list[Quarantined]:
    """What lies in quarantine, newest first."""
    notes = folder().glob("*.json") if folder().is_dir() else ()
    found = [Quarantined(**json.loads(note.read_text(encoding="utf-8"))) for note in notes]
    return sorted(found, key=lambda one: (one.refused_at, one.sha256), reverse=True)


def one(sha256: str) -> Quarantined:
    """One of them, by its SHA-256 or the beginning of it. Raises RefusedInput (E-QUARANTINE-NONE)."""
    found = [each for each in listed() if sha256 and each.sha256.startswith(sha256)]
    if len(found) != 1:
        raise RefusedInput(
            "E-QUARANTINE-NONE", f"{len(found)} documents in quarantine begin with {sha256!r}.",
            remedy="Name one by enough of its SHA-256.",
        )  # fmt: skip
    return found[0]


def release(sha256s: Sequence[str]) -> int:
    """Take documents out that were added meanwhile, or that a person discards; how many there were."""
    gone = 0
    for sha256 in sha256s:
        note = folder() / f"{sha256}.json"
        if note.is_file():
            shutil.rmtree(folder() / sha256, ignore_errors=True)
            note.unlink()
            gone += 1
    return gone
