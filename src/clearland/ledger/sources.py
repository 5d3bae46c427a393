"""Sources on disk and in the book: each byte for byte under its SHA-256, its description under a digest.

The bytes are written to a temporary name, flushed to disk and renamed before the transaction that names them commits. A
process killed in between leaves at worst a file that no row names, which is harmless: the same file added again finds
it."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from clearland.core.canonical import canonical_bytes, sha256_hex
from clearland.core.errors import ClearlandError
from clearland.ledger.bodies import moment_text
from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.sealed_sources import blocks_of, is_sealed, is_whole, write_sealed
from clearland.ledger.sealing_keys import key_here, needed_key
from clearland.ledger.store import Store

_BLOCK = 1 << 20
SOURCE_COLUMNS = (
    "sha256", "filename", "media_type", "size_bytes", "title", "publisher", "author", "transmitter", "circulator",
    "symbol", "published", "circulated", "received", "language", "series", "full_edition", "sensitivity", "may_pass_on",
    "recorded_at", "digest",
)  # fmt: skip


def sources_folder() -> Path:
    """The folder of the source bytes of the programme in use."""
    return Path(settings.PROGRAMME_DIR) / "sources"


def source_path(sha256: str) -> Path:
    """Where the bytes of a source lie."""
    return sources_folder() / sha256[:2] / sha256


def read_source(sha256: str) -> bytes:
    """The bytes of a source. Raises ClearlandError (E-SOURCE-MISSING) when they are not there, (E-SOURCE-SEALED) when they tell
    who a person is: those are opened for a reason only (`work.identities`)."""
    path = source_path(sha256)
    try:
        if is_sealed(path):
            raise ClearlandError(
                "E-SOURCE-SEALED", f"The source {sha256} is sealed: it tells who a person is.",
                remedy="An administrator opens it for a reason: clearland sealed-source",
            )  # fmt: skip
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ClearlandError(
            "E-SOURCE-MISSING",
            f"The bytes of source {sha256} are not in the programme's folder.",
            remedy="Restore the folder `sources` from a backup.",
        ) from error


def is_withheld(described: Mapping[str, Any]) -> bool:
    """Whether a source that is described elsewhere travels without its bytes: a sealed one, which only its own key opens."""
    return bool(described["sensitivity"] == "sealed")


def file_sha256(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file, read in blocks."""
    hasher = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            hasher.update(block)
            size += len(block)
    return hasher.hexdigest(), size


def keep_bytes(source: NewSource) -> tuple[str, int]:
    """Put the bytes of a source into the folder, durably, and return SHA-256 and size. Existing bytes are left alone.

    A file is hashed while it is copied, so that the name fits the copy even if the original changes meanwhile. One of class
    sealed is encrypted as it is written. Raises RefusedInput (E-SEALED-KEY) where the key for that is not at hand.
    """
    if source.sensitivity == "sealed":
        return _keep_sealed(source)
    return _kept(lambda stream: _copy(source, stream))


def _kept(write: Callable[[BinaryIO], tuple[str, int]]) -> tuple[str, int]:
    """What `write` writes, under the SHA-256 that it returns with the size."""
    folder = sources_folder()
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="tmp-", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            sha256, size = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        target = source_path(sha256)
        if target.exists() and stands(sha256):
            return sha256, size
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(target.parent)
    return sha256, size


def stands(sha256: str) -> bool:
    """Whether the bytes that are kept of a source are its own; of a sealed one as far as this machine holds the key."""
    path = source_path(sha256)
    return is_whole(key_here(), sha256, path) if is_sealed(path) else file_sha256(path)[0] == sha256


def _keep_sealed(source: NewSource) -> tuple[str, int]:
    key = needed_key()
    plain = file_sha256(source.data) if isinstance(source.data, Path) else (sha256_hex(source.data), len(source.data))

    def write(stream: BinaryIO) -> tuple[str, int]:
        write_sealed(key, plain[0], blocks_of(source.data), stream)
        return plain

    return _kept(write)


def _copy(source: NewSource, stream: BinaryIO) -> tuple[str, int]:
    """Write the bytes of a source; returns SHA-256 and size."""
    if not isinstance(source.data, Path):
        stream.write(source.data)
        return sha256_hex(source.data), len(source.data)
    hasher = hashlib.sha256()
    size = 0
    with source.data.open("rb") as original:
        while block := original.read(_BLOCK):
            hasher.update(block)
            size += stream.write(block)
    return hasher.hexdigest(), size


def _flush_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_unfinished(*, older_than_s: float) -> int:
    """Delete temporary files that a killed process left behind; returns how many. Young ones may still be written
    to."""
    oldest = time.time() - older_than_s
    leftovers = [each for each in sources_folder().glob("tmp-*") if each.stat().st_mtime < oldest]
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return len(leftovers)


def source_values(source: NewSource, sha256: str, size: int, recorded_at: Any) -> dict[str, Any]:
    """All columns of a source row but its digest, as Python values."""
    values = {each.name: getattr(source, each.name) for each in fields(source) if each.name != "data"}
    return {**values, "sha256": sha256, "size_bytes": size, "recorded_at": recorded_at}


def source_digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the RFC 8785 JSON of a source's description."""
    plain = {**values, "received": values["received"].isoformat(), "recorded_at": moment_text(values["recorded_at"])}
    return sha256_hex(canonical_bytes(plain))


def insert_source(store: Store, values: Mapping[str, Any]) -> str:
    """Insert a source row and return its digest."""
    digest = source_digest(values)
    row = {
        **values,
        "received": store.day(values["received"]),
        "recorded_at": store.moment(values["recorded_at"]),
        "digest": digest,
    }
    store.insert("source", SOURCE_COLUMNS, [[row[column] for column in SOURCE_COLUMNS]])
    return digest


def rendition_digest(source: str, extractor: str, extractor_version: str, text: str) -> str:
    """The identity of a rendition: SHA-256 over its source, extractor, version and the SHA-256 of its text."""
    return sha256_hex(canonical_bytes([source, extractor, extractor_version, sha256_hex(text.encode())]))


def insert_renditions(store: Store, commit: int, source: str, renditions: Sequence[tuple[str, NewRendition]]) -> None:
    """Insert rendition rows given with their digests."""
    columns = ("sha256", "source_id", "commit_id", "extractor", "extractor_version", "text")
    rows = [(digest, source, commit, each.extractor, each.extractor_version, each.text) for digest, each in renditions]
    store.insert("rendition", columns, rows)


def known_renditions(store: Store, source: str) -> set[str]:
    """Digests of the renditions of a source."""
    store.cursor.execute('SELECT sha256 FROM "rendition" WHERE source_id = %s', [source])
    return {row[0] for row in store.cursor.fetchall()}
