"""What the rules look at beside the partition of land, and what they say.

Plain rows, as known on one date: no ledger, no database. Points are EPSG:4326, depths cm, areas m². Rule numbers are
those of the rule list in the standards note (e).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry.base import BaseGeometry

from clearland.checks.limits import Limits
from clearland.core.errors import Finding, Severity
from clearland.core.partial_dates import PartialDate
from clearland.land.partition import Partition

NO_FIND = frozenset({"SAA", "COMP"})  # small arms ammunition and components are never a find (standards b.6, b.7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Find:
    """Ordnance found: one row of a category with its quantity, and the records it names."""

    record: str
    local_id: str
    category: str
    quantity: int
    found_on: PartialDate | None = None
    point: BaseGeometry | None = None
    depth_found_cm: float | None = None
    fate: str | None = None
    model: str | None = None
    organisation: str | None = None
    hazard: str | None = None
    product: str | None = None
    activity: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is a find at all."""
        return self.category not in NO_FIND and self.quantity > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A survey or a clearance; `activity_type` is a code of survey_activity or clearance_activity."""

    record: str
    local_id: str
    kind: Literal["survey", "clearance"]
    activity_type: str
    status: str | None = None
    started: PartialDate | None = None
    ended: PartialDate | None = None
    days_worked: float | None = None
    items_found: int | None = None
    specified_depth_cm: float | None = None
    achieved_depth_cm: float | None = None
    hazards: frozenset[str] = frozenset()

    @property
    def days(self) -> float | None:
        """Days of work: as stated, else the calendar days from start to end where both are days; None when not known."""
        if self.days_worked is not None:
            return self.days_worked
        if self.started and self.ended and self.started.day and self.ended.day:
            return float((self.ended.last - self.started.first).days + 1)
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Accident:
    """An accident with ordnance of one category."""

    record: str
    local_id: str
    category: str
    happened_on: PartialDate | None = None
    point: BaseGeometry | None = None


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A finding with the record it is about: its identity, kind and local id; `others` are records it also shows."""

    finding: Finding
    record: str
    kind: str
    local_id: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything the rules read."""

    cut: Partition
    finds: Sequence[Find] = ()
    works: Sequence[Work] = ()
    accidents: Sequence[Accident] = ()
    limits: Limits = field(default_factory=Limits)


def noted(
    about: Find | Work | Accident | tuple[str, str, str], code: str, severity: Severity, rule: int, sentence: str, remedy: str,
    *, others: tuple[str, ...] = (), **values: str | float | None,
) -> Noted:
    """A finding about a record; areas among the values are rounded to 0.1 m²."""
    if isinstance(about, tuple):
        kind, record, local_id = about
    else:
        kind = about.kind if isinstance(about, Work) else "ordnance" if isinstance(about, Find) else "accident"
        record, local_id = about.record, about.local_id
    shown = {name: round(value, 1) if isinstance(value, float) else value for name, value in values.items()}
    finding = Finding(code=code, severity=severity, rule=rule, sentence=sentence, remedy=remedy, values=shown)
    return Noted(finding=finding, record=record, kind=kind, local_id=local_id, others=others)
