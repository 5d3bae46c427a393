"""What published sources say of each place: claims by the place codes in their scope, never summed, never split.

A claim about several places together counts for the set and for no member (design section 6, joint returns); it is shown
with each of them, marked as joint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clearland.ledger.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Published:
    """One claim about a place; `joint` names the other places it speaks of in one figure."""

    claim: Mapping[str, Any]
    joint: tuple[str, ...]


def published_by_place(snapshot: Snapshot) -> dict[str, list[Published]]:
    """Place code -> quantities that sources state of it, in the order of source and place in the source."""
    found: dict[str, list[Published]] = {}
    rows: Sequence[Mapping[str, Any]] = snapshot.sql(
        'SELECT * FROM claim WHERE place IS NOT NULL AND value_number IS NOT NULL ORDER BY source, start, "end", ref'
    ).to_pylist()
    for row in rows:
        for code in row["place"]:
            others = tuple(other for other in row["place"] if other != code)
            found.setdefault(code, []).append(Published(claim=row, joint=others))
    return found
