"""How well work met contamination: questions for planning, never verdicts (standards b.7).

Cleared ground without finds stays cleared ground. Areas are m² credited once, finds are items of the categories looked
for, periods go by the end of work. Each part names the records behind it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import numpy as np

from clearland.checks.finds import Ground
from clearland.checks.land import net_m2
from clearland.checks.ordnance import days_to_first_find
from clearland.core.partial_dates import PartialDate
from clearland.figures.findings import known
from clearland.figures.land import land_balance
from clearland.figures.lifecycle import standings
from clearland.land.lifecycle import NEVER_BACK
from clearland.ledger.snapshot import Snapshot

SHOWN = 10
TEN_DAYS = 10.0
M2_PER_KM2 = 1_000_000.0
# Scale for questions only, from published figures: see docs/reference/land.md.
SPARSE_PER_KM2, BELT_PER_KM2 = 20.0, 5_000.0
LEAST_BY_SURVEY = 43.0


@dataclass(frozen=True, kw_only=True)
class Named:
    """A record behind a figure, with its value there."""

    record: str
    local_id: str
    value: float | int | None

    def as_json(self) -> dict[str, Any]:
        """Plain data; the record as a reference that `trace` follows."""
        return {"record": f"record:{self.record}", "local_id": self.local_id, "value": self.value}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure of efficiency; `value` None is *not known*. `question` stands where it lies outside what is usual."""

    code: str
    value: float | int | None
    unit: str
    question: str = ""
    records: tuple[Named, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain data with stable keys."""
        return {
            "code": self.code, "value": None if self.value is None else round(self.value, 3), "unit": self.unit,
            "question": self.question or None, "records": [one.as_json() for one in self.records],
        }


def efficiency(snapshot: Snapshot, *, period_from: date, period_to: date) -> list[Measure]:
    """The measures of a closed period, as known on the snapshot's date."""
    ground = Ground(known(snapshot))
    return [
        *_cleared(ground, period_from, period_to),
        *_balance_ratios(snapshot, period_from, period_to),
        *_evidence(snapshot, period_to),
    ]


def _cleared(ground: Ground, start: date, end: date) -> list[Measure]:
    """Cleared ground and tasks with and without finds, days to the first find, finds per km²."""
    book = ground.book
    ended = (book.ended <= end.toordinal()) & (book.ended_first >= start.toordinal())
    cleared = [place for place in np.nonzero(ended)[0].tolist() if book.products[place].product_type == "cleared"]
    net = net_m2(ground)
    found = {place: sum(find.quantity for find in ground.target_finds(place)) for place in cleared}
    empty = [place for place in cleared if not found[place]]
    total, without = (float(net[places].sum()) for places in (cleared, empty))
    first = [(place, days) for place in cleared if (days := days_to_first_find(ground, place)) is not None]
    items = len({find.record for place in cleared for find in ground.target_finds(place)})
    density = _items(ground, cleared) / (total / M2_PER_KM2) if total else None
    return [
        Measure(code="cleared", value=total if cleared else None, unit="m2"),
        Measure(code="cleared_without_finds", value=without if cleared else None, unit="m2",
                records=_largest(ground, [place for place in empty if net[place] > 0], net)),
        *_tasks(ground, cleared, found),
        Measure(code="days_to_first_find", value=median(days for _, days in first) if first else None, unit="days",
                records=_largest(ground, [place for place, _ in first], dict(first))),
        Measure(code="finds_per_km2", value=density, unit="items/km2", question=_density_question(density) if items else ""),
    ]  # fmt: skip


def _items(ground: Ground, places: Iterable[int]) -> int:
    """Items found, each once even where two polygons share it."""
    return sum({find.record: find.quantity for place in places for find in ground.target_finds(place)}.values())


def _density_question(density: float | None) -> str:
    if density is None:
        return ""
    if density < SPARSE_PER_KM2:
        return "Fewer than 20 items per km²: was mined ground searched, or land that survey could have released?"
    if density > BELT_PER_KM2:
        return "More than 5,000 items per km², as in laid belts: do items and area cover the same work?"
    return ""


def _tasks(ground: Ground, cleared: list[int], found: dict[int, int]) -> list[Measure]:
    """Clearance tasks, those that found nothing, and those that found nothing in more than ten days of work."""
    of_task: dict[str, int] = defaultdict(int)
    for place in cleared:
        activity = ground.book.products[place].activity
        if activity in ground.works:
            of_task[activity] += found[place]
    tasks = {record: ground.works[record] for record in of_task}
    empty = {record: work for record, work in tasks.items() if not of_task[record]}
    long = {record: work for record, work in empty.items() if work.days is not None and work.days > TEN_DAYS}
    share = len(empty) / len(tasks) if tasks else None
    return [
        Measure(code="tasks", value=len(tasks) if cleared else None, unit="tasks"),
        Measure(code="tasks_without_finds", value=len(empty) if tasks else None, unit="tasks",
                question="More tasks found nothing than something: where did the evidence come from?"
                if share is not None and share > 0.5 else ""),
        Measure(code="tasks_ten_days_without_finds", value=len(long) if tasks else None, unit="tasks",
                question="What is done when ten days of clearance find nothing?" if long else "",
                records=_named((work.days, work.record, work.local_id) for work in long.values())),
    ]  # fmt: skip


def _balance_ratios(snapshot: Snapshot, start: date, end: date) -> list[Measure]:
    """Open confirmed to open suspected ground at the end, and the share of release that survey brought."""
    by_class = land_balance(snapshot, period_from=start, period_to=end, by=("type", "class")).as_json()
    rows = {row["class"]: row for row in by_class if row["type"] == "all"}
    confirmed, suspected = (rows.get(name, {}).get("closing_m2") or 0.0 for name in ("CHA", "SHA"))
    lines = {line: sum(row[f"{line}_m2"] for row in rows.values()) for line in ("cancelled", "reduced", "cleared")}
    released = sum(lines.values())
    by_survey = 100 * (released - lines["cleared"]) / released if released else None
    return [
        Measure(code="cha_to_sha", value=confirmed / suspected if suspected else None, unit="ratio"),
        Measure(
            code="released_by_survey", value=by_survey, unit="%",
            question="Less than programmes publish (43 to 97 %): is ground searched that survey could release?"
            if by_survey is not None and by_survey < LEAST_BY_SURVEY else "",
        ),
    ]  # fmt: skip


def _evidence(snapshot: Snapshot, day: date) -> list[Measure]:
    """Age of the newest direct and indirect evidence of each open hazard on a day, and hazards that have none."""
    open_now = {record: one.hazard.local_id for record, one in standings(snapshot).items() if one.status not in NEVER_BACK}
    newest = _newest_evidence(snapshot, day)
    made = []
    for kind in ("direct", "indirect"):
        ages = {record: (day - newest[record, kind]).days for record in open_now if (record, kind) in newest}
        without = [(None, record, name) for record, name in open_now.items() if (record, kind) not in newest]
        oldest = _named((age, record, open_now[record]) for record, age in ages.items())
        made += [
            Measure(code=f"newest_{kind}_evidence_age", value=median(ages.values()) if ages else None, unit="days",
                    records=oldest),
            Measure(code=f"hazards_without_{kind}_evidence", value=len(without) if open_now else None, unit="hazards",
                    records=_named(without)),
        ]  # fmt: skip
    return made


def _newest_evidence(snapshot: Snapshot, day: date) -> dict[tuple[str, str], date]:
    """Per hazard and kind the last day on which evidence of it was seen, of what was seen by a day."""
    newest: dict[tuple[str, str], date] = {}
    rows = snapshot.sql("SELECT hazard, evidence_kind, observed_on FROM evidence WHERE hazard IS NOT NULL").to_pylist()
    for row in rows:
        seen = PartialDate.parse(row["observed_on"]).last if row["observed_on"] else None
        if seen is not None and seen <= day:
            key = row["hazard"], row["evidence_kind"]
            newest[key] = max(newest.get(key, seen), seen)
    return newest


def _largest(ground: Ground, places: list[int], value: Any) -> tuple[Named, ...]:
    """The products at these places with the largest values; `value` gives each by its place."""
    return _named((float(value[place]), ground.book.products[place].id, ground.book.products[place].local_id) for place in places)


def _named(found: Iterable[tuple[float | int | None, str, str]]) -> tuple[Named, ...]:
    """The records with the largest values, then by local id."""
    ordered = sorted(found, key=lambda one: (-(one[0] or 0), one[2], one[1]))
    return tuple(Named(record=record, local_id=local_id, value=value) for value, record, local_id in ordered[:SHOWN])


