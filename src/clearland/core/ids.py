"""Identities that two machines make alike.

An imported row is named by its series and key (UUID version 5), so importing one file on two machines makes one record;
a record captured by hand gets a time-ordered UUID version 7; an entry is named by its digest (version 8).
"""

import os
import time
import uuid

_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
CLEARLAND_NAMESPACE = uuid.UUID("6f3b8c1e-2f0d-5c7a-9c35-0a6f2f4a7d11")


def record_id(series: str, key: str) -> uuid.UUID:
    """The record of one keyed row in a series. Equal arguments give equal identities on every machine."""
    return uuid.uuid5(CLEARLAND_NAMESPACE, f"{series}\x1f{key}")


def entry_id(digest: str) -> uuid.UUID:
    """The identity of an entry: the first 16 bytes of its digest, marked as UUID version 8 (RFC 9562)."""
    value = int(digest[:32], 16)
    value = (value & ~(0xF << 76)) | (0x8 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def entry_hex(digest: str) -> str:
    """`entry_id(digest).hex`, cut from the digest's text: a bulk load names entries by the hundred thousand."""
    return f"{digest[:12]}8{digest[13:16]}{_VARIANT[digest[16]]}{digest[17:32]}"


def captured_id() -> uuid.UUID:
    """A time-ordered identity for a record made by hand (UUID version 7, RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
