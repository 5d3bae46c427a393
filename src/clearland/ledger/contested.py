"""Entries that contest each other: written without knowledge of one another, found out when bundles were merged.

A contested entry is held: it is kept, shown to the person who decides, and never stands by itself, however new it is. What
stood before the two parted stands on. Which pairs contest each other is told by records of the kind `merge_conflict`, whose
first state follows from the pair alone: merging in any order makes the same ones.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from clearland.core.ids import record_id
from clearland.ledger.drafts import Draft
from clearland.ledger.windows import Line

CONFLICT_KIND = "merge_conflict"
_SERIES = "clearland:merge-conflict"


def contested_entries(cursor: Any) -> frozenset[UUID]:
    """The entries of all pairs, decided or not: what was decided since is an entry of its own."""
    cursor.execute("SELECT attributes FROM record WHERE kind = %s", [CONFLICT_KIND])
    found = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    return frozenset(UUID(each[name]) for each in found for name in ("first", "second"))


def conflict_draft(contested: UUID, one: Line, other: Line, sensitivity: str) -> tuple[Draft, datetime]:
    """The record of a pair as it first stands, and when it is known: from the later of the two on."""
    first, second = sorted((str(one.id), str(other.id)))
    draft = Draft(
        record=record_id(_SERIES, f"{first}/{second}"),
        kind=CONFLICT_KIND,
        local_id=f"{first}/{second}",
        attributes={"contested": str(contested), "first": first, "second": second},
        state="submitted",
        sensitivity=sensitivity,
    )
    return draft, max(one.known_at, other.known_at)
