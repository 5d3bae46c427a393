"""What rules over several records read: rows by kind, read when asked for; and how they say what they found.

A row has `record`, `local_id`, its attributes and links by their names (a single link is an identity or None, several
are a list) and `geometry`, a shape in EPSG:4326 or None. Dates are ISO text as precise as they are said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from clearland.checks.catalogue import Value, finding_of
from clearland.checks.limits import LIMITS, Limits
from clearland.checks.model import Noted
from clearland.land.area import Geometries
from clearland.land.projection import Projection

Row = Mapping[str, Any]
Rule = Callable[["Book"], Iterator[Noted]]


class Book:
    """All rows of a programme as known on one date; each kind is read once."""

    def __init__(self, read: Callable[[str], Sequence[Row]], *, today: date, limits: Limits = LIMITS) -> None:
        self._read, self.today, self.limits = read, today, limits
        self._rows: dict[str, Sequence[Row]] = {}
        self._by_record: dict[str, dict[str, Row]] = {}
        self._shapes: dict[str, Geometries] = {}
        self._plane: Projection | None = None

    def rows(self, *kinds: str) -> Sequence[Row]:
        """The rows of one kind or several."""
        for kind in kinds:
            if kind not in self._rows:
                self._rows[kind] = self._read(kind)
        return self._rows[kinds[0]] if len(kinds) == 1 else [row for kind in kinds for row in self._rows[kind]]

    def by_record(self, kind: str) -> Mapping[str, Row]:
        """The rows of a kind by their identity."""
        if kind not in self._by_record:
            self._by_record[kind] = {row["record"]: row for row in self.rows(kind)}
        return self._by_record[kind]

    def linked(self, kind: str, role: str) -> Mapping[str, list[Row]]:
        """The rows of a kind by the record that a role of theirs leads to."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(kind):
            for target in targets(row, role):
                found[target].append(row)
        return found

    def in_plane(self, kind: str) -> Geometries:
        """The shapes of a kind in metres, one per row; an empty one where there is none."""
        if kind not in self._shapes:
            given = np.array([row.get("geometry") or shapely.Point() for row in self.rows(kind)], dtype=object)
            self._shapes[kind] = self._projection().to_plane(given) if len(given) else given
        return self._shapes[kind]

    def _projection(self) -> Projection:
        if self._plane is None:
            kinds = ("hazard", "land_release", "accident", "ordnance", "place", "clearance", "survey")
            self._plane = Projection.around([row.get("geometry") for row in self.rows(*kinds)])
        return self._plane


def targets(row: Row, role: str) -> Sequence[str]:
    """The records that a role of a row leads to."""
    value = row.get(role)
    return () if value is None else [value] if isinstance(value, str) else value


def target(row: Row, role: str) -> str:
    """The first record that a role of a row leads to; empty where there is none."""
    return next(iter(targets(row, role)), "")


def noted(kind: str, row: Row, code: str, others: Iterable[Row] = (), rule: int | None = None, **values: Value) -> Noted:
    """What a rule found about a row, with the other records that it shows."""
    return Noted(
        finding=finding_of(code, values, rule), record=row["record"], kind=kind, local_id=row["local_id"],
        others=tuple(dict.fromkeys(other["record"] for other in others)),
    )  # fmt: skip
