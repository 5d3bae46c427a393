"""Why a figure changed: two balances of one period compared line by line, down to the records that did it."""

from dataclasses import dataclass
from datetime import date

from clearland.land.flows import Dimensions, line_of_row
from clearland.land.partition import Partition
from clearland.land.rows import RowKey

SMALLEST_CHANGE_M2 = 0.5


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """One line of one row that reads differently, and by how much each record (product or hazard id) moved it."""

    key: RowKey
    line: str
    before_m2: float
    after_m2: float
    records: dict[str, float]


def restate(
    before: Partition, after: Partition, *, period_from: date, period_to: date,
    by: tuple[str, ...] = ("place", "type", "class"),
) -> list[Restatement]:
    """Lines of the period that changed between two states of knowledge, the largest change first.

    A transfer within one row moves nothing. Records are named by id: the product where one released the ground, else
    the hazard that gained or lost it.
    """
    dimensions = Dimensions(frozenset(by))
    days = period_from.toordinal(), period_to.toordinal()
    old, new = (line_of_row(cut, dimensions, *days) for cut in (before, after))
    changes = []
    for key, line in old.keys() | new.keys():
        then, now = old.get((key, line), {}), new.get((key, line), {})
        moved = {record: now.get(record, 0.0) - then.get(record, 0.0) for record in then.keys() | now.keys()}
        moved = {record: area for record, area in sorted(moved.items()) if abs(area) >= SMALLEST_CHANGE_M2}
        if moved:
            changes.append(Restatement(
                key=key, line=line, before_m2=sum(then.values()), after_m2=sum(now.values()), records=moved
            ))
    return sorted(changes, key=lambda change: (-abs(change.after_m2 - change.before_m2), change.key.order, change.line))
