"""An operator's books beside the national database, task by task: ours, theirs, agreed and disputed, in m² and in items.

Ours is what the balance credits: ground released under a task, each square metre once, and items recorded as destroyed in its
activities. Theirs is the newest answer the operator gave for the task and the period. Areas agree to 1 m² or one in a
thousand, whichever is more; items exactly. Nothing here changes a record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from clearland.figures.land_tables import prepare_land
from clearland.ledger.snapshot import Snapshot

State = Literal["agreed", "disputed", "only_ours", "only_theirs", "unanswered"]
STATES: tuple[State, ...] = ("disputed", "only_theirs", "only_ours", "unanswered", "agreed")
MEASURES = ("cancelled_m2", "reduced_m2", "cleared_m2", "items")
AREAS = MEASURES[:3]
_LEAST_M2, _SHARE = 1.0, 0.001


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One task. `ours` and `theirs` hold the measures, None where that side has nothing; `differs` names those in dispute."""

    task: str
    state: State
    ours: Mapping[str, float] | None
    theirs: Mapping[str, float] | None
    differs: tuple[str, ...] = ()
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "task": self.task, "state": self.state, "ours": dict(self.ours) if self.ours else None,
            "theirs": dict(self.theirs) if self.theirs else None, "differs": list(self.differs), "remark": self.remark,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """One operator and period. Per measure, `totals` give ours, theirs, agreed and disputed (ours less theirs, by size)."""

    operator: str
    first: date
    last: date
    lines: tuple[TaskLine, ...]

    def count(self, state: State) -> int:
        """How many tasks are in a state."""
        return sum(line.state == state for line in self.lines)

    def totals(self) -> dict[str, dict[str, float]]:
        """Per measure: the sums of both sides, what is agreed, and the sizes of all differences."""
        told: dict[str, dict[str, float]] = {}
        for name in MEASURES:
            pairs = [((line.ours or {}).get(name, 0.0), (line.theirs or {}).get(name, 0.0), line) for line in self.lines]
            answered = [(ours, theirs) for ours, theirs, line in pairs if line.state != "unanswered"]
            told[name] = {
                "ours": sum(ours for ours, _, _ in pairs), "theirs": sum(theirs for _, theirs, _ in pairs),
                "agreed": sum(ours for ours, theirs in answered if _same(name, ours, theirs)),
                "disputed": sum(abs(ours - theirs) for ours, theirs in answered if not _same(name, ours, theirs)),
            }  # fmt: skip
        return told

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "operator": self.operator, "from": str(self.first), "to": str(self.last), "totals": self.totals(),
            "states": {state: self.count(state) for state in STATES}, "lines": [line.as_json() for line in self.lines],
        }  # fmt: skip


def reconcile(snapshot: Snapshot, operator: str, first: date, last: date) -> Reconciliation:
    """Both sides of one operator in a closed period, differing tasks first."""
    ours, theirs, remarks = _ours(snapshot, operator, first, last), *_theirs(snapshot, operator, first, last)
    lines = [
        compare_task(task, ours.get(task), theirs.get(task), remark=remarks.get(task, ""), answered=bool(theirs))
        for task in sorted({*ours, *theirs})
    ]
    lines.sort(key=lambda line: (STATES.index(line.state), line.task))
    return Reconciliation(operator=operator, first=first, last=last, lines=tuple(lines))


def compare_task(
    task: str, ours: Mapping[str, float] | None, theirs: Mapping[str, float] | None, *, remark: str = "", answered: bool = True
) -> TaskLine:
    """How the two sides of one task lie to one another; `answered` says whether the operator answered for the period at all."""
    if theirs is None:
        return TaskLine(task=task, state="only_ours" if answered else "unanswered", ours=ours, theirs=None)
    if ours is None:
        return TaskLine(task=task, state="only_theirs", ours=None, theirs=theirs, remark=remark)
    differs = tuple(name for name in MEASURES if not _same(name, ours.get(name, 0.0), theirs.get(name, 0.0)))
    state: State = "disputed" if differs else "agreed"
    return TaskLine(task=task, state=state, ours=ours, theirs=theirs, differs=differs, remark=remark)


def _same(name: str, ours: float, theirs: float) -> bool:
    if name == "items":
        return ours == theirs
    return abs(ours - theirs) <= max(_LEAST_M2, _SHARE * max(abs(ours), abs(theirs)))


def operators(snapshot: Snapshot) -> list[str]:
    """Short names of the organisations that released land, destroyed items or answered."""
    rows = snapshot.sql(
        "SELECT organisation FROM land_release UNION SELECT organisation FROM ordnance "
        "UNION SELECT organisation FROM reconciliation"
    )
    return sorted({name for name in rows["organisation"].to_pylist() if name})


def _ours(snapshot: Snapshot, operator: str, first: date, last: date) -> dict[str, dict[str, float]]:
    prepare_land(snapshot)
    told: dict[str, dict[str, float]] = {}
    ground = snapshot.sql(
        """SELECT coalesce(r.task, '') AS task, l.line || '_m2' AS measure, sum(l.m2) AS amount
           FROM land_line l JOIN land_release r ON r.entry = l.entry
           WHERE l.device = 'all' AND l.line IN ('cancelled', 'reduced', 'cleared') AND r.organisation = ?
             AND l.first >= ? AND l.last <= ? GROUP BY ALL""",
        [operator, first, last],
    )
    items = snapshot.sql(
        """SELECT coalesce(w.task, '') AS task, 'items' AS measure, CAST(sum(o.quantity) AS DOUBLE) AS amount
           FROM ordnance o LEFT JOIN (
               SELECT record, task FROM clearance UNION ALL SELECT record, task FROM survey
               UNION ALL SELECT record, task FROM spot_task) w ON w.record = o.activity
           WHERE o.fate = 'destroyed' AND o.category NOT IN ('SAA', 'COMP') AND o.organisation = ?
             AND o.destroyed_on_first >= ? AND o.destroyed_on_last <= ? GROUP BY ALL""",
        [operator, first, last],
    )
    for row in [*ground.to_pylist(), *items.to_pylist()]:
        told.setdefault(row["task"], dict.fromkeys(MEASURES, 0.0))[row["measure"]] = row["amount"]
    return told


def _theirs(
    snapshot: Snapshot, operator: str, first: date, last: date
) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    rows = snapshot.sql(
        """SELECT coalesce(task, '') AS task, cancelled_m2, reduced_m2, cleared_m2, items, remark FROM reconciliation
           WHERE organisation = ? AND period_from = ? AND period_to = ? ORDER BY known_from, record""",
        [operator, first, last],
    ).to_pylist()
    amounts = {row["task"]: {name: float(row[name] or 0) for name in MEASURES} for row in rows}
    return amounts, {row["task"]: row["remark"] or "" for row in rows}
