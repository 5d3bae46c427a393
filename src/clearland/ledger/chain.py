"""The hash chain over commits.

`hash` = SHA-256 of the RFC 8785 JSON of all other fields of the commit and of the digest of its source; each commit
holds the hash of the one before. Digests of entries do not depend on the chain, so bundles merge in any order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clearland.core.canonical import ZERO_HASH, canonical_bytes, sha256_hex
from clearland.ledger.bodies import moment_text
from clearland.ledger.store import Store


@dataclass(frozen=True)
class Tail:
    """The end of the chain, to which the next commit is appended."""

    sequence: int
    hash: str
    recorded_at: datetime | None


def tail(store: Store) -> Tail:
    """The last commit, or the empty tail."""
    store.cursor.execute('SELECT sequence, hash, recorded_at FROM "commit" ORDER BY sequence DESC LIMIT 1')
    row = store.cursor.fetchone()
    return Tail(row[0], row[1], store.read_moment(row[2])) if row else Tail(0, ZERO_HASH, None)


def commit_hash(
    *,
    sequence: int,
    source: str | None,
    source_digest: str | None,
    actor: str,
    reason: str,
    recorded_at: datetime,
    entry_count: int,
    rendition_count: int,
    root: str,
    previous_hash: str,
) -> str:
    """The hash of one commit."""
    fields: dict[str, Any] = {
        "sequence": sequence,
        "source": source,
        "source_digest": source_digest,
        "actor": actor,
        "reason": reason,
        "recorded_at": moment_text(recorded_at),
        "entry_count": entry_count,
        "rendition_count": rendition_count,
        "root": root,
        "previous_hash": previous_hash,
    }
    return sha256_hex(canonical_bytes(fields))
