"""Frozen land balances: what was published, and the very entries it rested on.

An edition keeps one JSON file by its SHA-256: its rows as published and the ids of the entries behind them. Entries are
never altered, so its ground can be cut again at any later time, whatever has become known since.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from clearland.core.errors import ClearlandError
from clearland.ledger.snapshot import Snapshot
from clearland.ledger.sources import read_source

REPORT = "land-balance"


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One frozen balance; `file` is the SHA-256 of what it keeps, `as_known` None means the day it was frozen."""

    name: str
    record: str
    period_from: date
    period_to: date
    as_known: date | None
    head: str
    file: str
    rows: list[dict[str, Any]] = field(repr=False, compare=False)
    hazard_entries: tuple[str, ...] = field(repr=False, compare=False)
    release_entries: tuple[str, ...] = field(repr=False, compare=False)


def editions(snapshot: Snapshot) -> list[Edition]:
    """The frozen balances known on the snapshot's date, the newest frozen last. Raises ClearlandError E-SOURCE-MISSING."""
    rows = snapshot.sql(
        """SELECT record, name, period_from, period_to, as_known, ledger_head, files FROM edition
           WHERE report = ? ORDER BY known_from, name""",
        [REPORT],
    ).to_pylist()
    return [_edition(row) for row in rows]


def newest_before(snapshot: Snapshot, day: date) -> Edition | None:
    """The edition whose period ended last before a day; of several for one period the one frozen last."""
    ended = [edition for edition in editions(snapshot) if edition.period_to < day]
    return max(enumerate(ended), key=lambda pair: (pair[1].period_to, pair[0]))[1] if ended else None


def edition_named(snapshot: Snapshot, name: str) -> Edition:
    """An edition by its name. Raises ClearlandError E-EDITION-NONE."""
    known = editions(snapshot)
    for edition in known:
        if edition.name == name:
            return edition
    names = ", ".join(edition.name for edition in known) or "none yet; make one with: clearland freeze"
    raise ClearlandError("E-EDITION-NONE", f"There is no edition {name}.", remedy=f"Known are: {names}.")


def _edition(row: dict[str, Any]) -> Edition:
    sha256 = json.loads(row["files"])[0]["sha256"]
    kept = _content(sha256)
    return Edition(
        name=row["name"], record=row["record"], period_from=row["period_from"], period_to=row["period_to"],
        as_known=row["as_known"], head=row["ledger_head"], file=sha256, rows=kept["rows"],
        hazard_entries=tuple(kept["entries"]["hazard"]), release_entries=tuple(kept["entries"]["land_release"]),
    )  # fmt: skip


@lru_cache(maxsize=8)
def _content(sha256: str) -> dict[str, Any]:
    """What an edition keeps; its bytes never change, and a balance asks for them again and again."""
    kept: dict[str, Any] = json.loads(read_source(sha256))
    return kept
