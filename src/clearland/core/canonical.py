"""Canonical bytes and digests: what the ledger hashes.

RFC 8785 JSON (sorted keys, shortest numbers, UTF-8) for bodies, little-endian WKB for geometry, SHA-256 for both.
Decimals and money travel as strings, so that no float rounds them on the way.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import rfc8785

ZERO_HASH = "0" * 64


def canonical_bytes(value: Any) -> bytes:
    """The RFC 8785 bytes of plain data (dict, list, str, int, bool, None, finite float).

    Raises rfc8785.CanonicalizationError for anything else, NaN and integers beyond 2^53 included.
    """
    return rfc8785.dumps(value)


def sha256_hex(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def entry_digest(body: bytes, geometry_wkb: bytes | None) -> str:
    """SHA-256 over the body, its length and the geometry, so that no byte can move from one to the other unseen."""
    return hashlib.sha256(len(body).to_bytes(8, "little") + body + (geometry_wkb or b"")).hexdigest()


def root_over(digests: Iterable[str]) -> "hashlib._Hash":
    """SHA-256 over the bytes of digests in the order given, to which those of more can be added."""
    return hashlib.sha256(bytes.fromhex("".join(digests)))


def root_of(digests: Iterable[str]) -> str:
    """The root of a commit: SHA-256 over digests in the order given."""
    return root_over(digests).hexdigest()
