"""The hash chain over commits.

`hash` = SHA-256 of the RFC 8785 JSON of all other fields of the commit and of the digest of its source; each commit
holds the hash of the one before. Digests of entries do not depend on the chain, so bundles merge in any order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clearland.core.canonical import ZERO_HASH, canonical_bytes, sha256_hex
from clearland.ledger.bodies import moment_text
from clearland.ledger.store import Store

TAKEN_OVER = "/"  # between the programme that handed a commit over and the actor there


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


def only_taken_over(store: Store) -> frozenset[str]:
    """SHA-256 of the sources that this programme knows from bundles alone: no commit of its own names them."""
    store.cursor.execute(
        """SELECT source_id FROM "commit" WHERE source_id IS NOT NULL
           GROUP BY source_id HAVING SUM(CASE WHEN actor LIKE %s THEN 0 ELSE 1 END) = 0""",
        [f"%{TAKEN_OVER}%"],
    )
    return frozenset(row[0] for row in store.cursor.fetchall())


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
