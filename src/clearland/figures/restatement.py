"""Why a published balance reads differently now, line by line, down to the entries that made the difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from clearland.core.errors import ClearlandError
from clearland.figures.editions import Edition
from clearland.figures.land import entries_behind, ground, ground_of
from clearland.land.balance import balance
from clearland.land.model import Hazard, Product
from clearland.land.partition import Partition
from clearland.land.restate import Restatement, restate
from clearland.ledger.snapshot import Snapshot

BY = ("place", "type", "class")


@dataclass(frozen=True, kw_only=True)
class Change:
    """An entry that one state of knowledge has and the other has not; `what` is added, changed or withdrawn."""

    record: str
    kind: str
    local_id: str
    what: str
    entry: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The lines that changed, and every change of an entry between the two states."""

    before: str
    after: str
    lines: list[dict[str, Any]]
    changes: list[Change]

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "before": self.before, "after": self.after, "lines": self.lines,
            "changes": [vars(change) for change in self.changes],
        }


def explain(snapshot: Snapshot, before: Edition, after: Edition | None) -> Explanation:
    """What changed in the period of `before` until `after`, or until what the snapshot knows.

    Both balances are asserted first. Raises ClearlandError E-EDITION-PERIOD where the two cover different periods,
    L-BALANCE-GAP where one does not close.
    """
    if after is not None and (before.period_from, before.period_to) != (after.period_from, after.period_to):
        raise ClearlandError(
            "E-EDITION-PERIOD", f"Editions {before.name} and {after.name} cover different periods.",
            remedy="Compare two editions of one period, or one edition with what is known now.",
        )
    cuts = ground_of(snapshot, before), ground_of(snapshot, after) if after else ground(snapshot)
    for cut in cuts:
        _assert_closes(cut, before)
    then = {"hazard": before.hazard_entries, "land_release": before.release_entries}
    now: Mapping[str, Any] = (
        {"hazard": after.hazard_entries, "land_release": after.release_entries} if after else entries_behind(snapshot)
    )
    changes = [one for kind in then for one in _changes(snapshot, kind, set(then[kind]), set(now[kind]))]
    found = restate(*cuts, period_from=before.period_from, period_to=before.period_to, by=BY)
    causes = _Causes(cuts, changes)
    return Explanation(
        before=before.name, after=after.name if after else "now", changes=changes,
        lines=[_line(one, causes) for one in found],
    )  # fmt: skip


def _assert_closes(cut: Partition, edition: Edition) -> None:
    book = cut.register
    result = balance(
        book.hazards, book.products, period_from=edition.period_from, period_to=edition.period_to, by=BY,
        settings=book.settings, cut=cut,
    )  # fmt: skip
    if not result.closes:
        raise ClearlandError(
            "L-BALANCE-GAP", f"A balance of {edition.name} does not close: {result.gap_m2:.2f} m² are missing.",
            remedy="Use no figure of it; run clearland verify and report this.",
        )


def _changes(snapshot: Snapshot, kind: str, then: set[str], now: set[str]) -> list[Change]:
    """Entries of a kind that only one side has, one change per record: its newest entry of the side that has one."""
    wanted = [*(now - then), *(then - now)]
    if not wanted:
        return []
    rows = snapshot.sql(
        f"""SELECT h.record, h.entry, h.local_id FROM {kind}_history h
            SEMI JOIN (SELECT unnest(CAST(? AS VARCHAR[])) AS entry) w ON w.entry = h.entry
            ORDER BY h.record, h.known_from, h.revision""",
        [wanted],
    ).to_pylist()
    came = {row["record"]: row for row in rows if row["entry"] in now}
    went = {row["record"]: row for row in rows if row["entry"] in then}
    before = snapshot.sql(
        f"""SELECT DISTINCT h.record FROM {kind}_history h
            SEMI JOIN (SELECT unnest(CAST(? AS VARCHAR[])) AS entry) w ON w.entry = h.entry""",
        [list(then)],
    )["record"].to_pylist()
    known = set(before)
    made = [
        Change(record=name, kind=kind, local_id=row["local_id"], entry=row["entry"], what="changed" if name in known else "added")
        for name, row in came.items()
    ]  # fmt: skip
    made += [
        Change(record=name, kind=kind, local_id=row["local_id"], entry=row["entry"], what="withdrawn")
        for name, row in went.items() if name not in came
    ]  # fmt: skip
    return sorted(made, key=lambda change: (change.kind, change.local_id, change.record))


class _Causes:
    """Which changes moved a record: its own, else those whose ground touches it."""

    def __init__(self, cuts: tuple[Partition, ...], changes: list[Change]) -> None:
        self.shapes: dict[str, list[Any]] = {}
        self.names: dict[str, str] = {}
        for cut in cuts:
            records: list[Hazard | Product] = [*cut.register.hazards, *cut.register.products]
            for record in records:
                self.names[record.id] = record.local_id
                self.shapes.setdefault(record.id, []).extend(_outlines(record))
        self.own = {change.record: change for change in changes}
        self.changed = [change.record for change in changes]
        self.grounds = shapely.STRtree([shapely.union_all(self.shapes.get(name, [])) for name in self.changed])

    def of(self, record: str) -> list[Change]:
        """The changes behind a record's part in a line."""
        if record in self.own:
            return [self.own[record]]
        ground = shapely.union_all(self.shapes.get(record, []))
        touching = self.grounds.query(ground, predicate="intersects")
        return [self.own[self.changed[place]] for place in sorted(touching.tolist())]


def _outlines(record: Hazard | Product) -> list[Any]:
    if isinstance(record, Product):
        return [record.geometry] if record.geometry is not None else []
    return [version.geometry for version in record.versions if version.geometry is not None]


def _line(change: Restatement, causes: _Causes) -> dict[str, Any]:
    """One line as plain data: who moved it by how much, and through which entries."""
    return {
        "place": change.key.place, "type": change.key.type, "class": change.key.area_class, "line": change.line,
        "before_m2": round(change.before_m2, 3), "after_m2": round(change.after_m2, 3),
        "records": [
            {
                "record": f"record:{record}", "local_id": causes.names[record], "moved_m2": round(area, 3),
                "entries": [f"entry:{one.entry}" for one in causes.of(record)],
            }
            for record, area in sorted(change.records.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
        ],
    }  # fmt: skip
