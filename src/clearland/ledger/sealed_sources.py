"""Sources that tell who a person is: kept encrypted under the programme's sealing key, opened for a reason only.

The file bears its mark, the fingerprint of the key and a wrapped data key, then blocks, each an envelope that is bound to the
source, its number and whether it is the last: none can be left out, exchanged or moved.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from clearland.core.errors import ClearlandError
from clearland.core.sealing import SealingKey

MARK = b"clearland sealed source 1\n"
_FINGERPRINT_BYTES = 16
_WRAPPED_BYTES = 60  # nonce, 32 bytes, tag
_BLOCK = 1 << 20
_LENGTH_BYTES = 4


def is_sealed(path: Path) -> bool:
    """Whether a kept source is encrypted."""
    with path.open("rb") as stream:
        return stream.read(len(MARK)) == MARK


def write_sealed(key: SealingKey, sha256: str, blocks: Iterator[bytes], target: BinaryIO) -> None:
    """Encrypt the bytes of a source as they come. `sha256` is that of the plain bytes."""
    wrapped = key.new_person(_owner(sha256))
    cipher = key.cipher(wrapped, _owner(sha256))
    target.write(MARK + key.fingerprint.encode("ascii") + wrapped)
    number, held = 0, next(blocks, b"")
    for block in blocks:
        _put(target, cipher.shut(held, _bound(sha256, number, last=False)))
        number, held = number + 1, block
    _put(target, cipher.shut(held, _bound(sha256, number, last=True)))


def open_sealed(key: SealingKey, sha256: str, path: Path) -> Iterator[bytes]:
    """The plain bytes, block by block. Raises ClearlandError (E-SEALED-KEY, E-SEALED-DAMAGED)."""
    with path.open("rb") as stream:
        stream.seek(len(MARK) + _FINGERPRINT_BYTES)
        cipher = key.cipher(stream.read(_WRAPPED_BYTES), _owner(sha256))
        number, envelope = 0, _next(stream)
        while envelope:
            following = _next(stream)
            yield cipher.open(envelope, _bound(sha256, number, last=not following))
            number, envelope = number + 1, following


def fingerprint_of(path: Path) -> str:
    """The fingerprint of the sealing key that opens a sealed source."""
    with path.open("rb") as stream:
        stream.seek(len(MARK))
        return stream.read(_FINGERPRINT_BYTES).decode("ascii", "replace")


def is_whole(key: SealingKey | None, sha256: str, path: Path) -> bool:
    """Whether the plain bytes are those of the name; without the key, whether the file is one of a sealed source at all."""
    if key is None:
        return is_sealed(path)
    hasher = hashlib.sha256()
    try:
        for block in open_sealed(key, sha256, path):
            hasher.update(block)
    except ClearlandError:
        return False
    return hasher.hexdigest() == sha256


def _owner(sha256: str) -> str:
    return f"source:{sha256}"


def _bound(sha256: str, number: int, *, last: bool) -> str:
    return f"{sha256}\x1f{number}\x1f{'last' if last else 'more'}"


def _put(target: BinaryIO, envelope: bytes) -> None:
    target.write(len(envelope).to_bytes(_LENGTH_BYTES, "big") + envelope)


def _next(stream: BinaryIO) -> bytes:
    length = stream.read(_LENGTH_BYTES)
    return stream.read(int.from_bytes(length, "big")) if length else b""


def blocks_of(data: bytes | Path) -> Iterator[bytes]:
    """The bytes of a source in blocks of a MiB."""
    if isinstance(data, bytes):
        yield from (data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK))
        return
    with data.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block
