"""The rows of a balance and their JSON shape (design section 9), which is kept stable."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from clearland.land.area import Floats

# Column order of every array of flows below, and the sign with which each enters the identity.
FLOWS = (
    "newly_identified", "extended", "reopened", "reclassified_in", "reclassified_out",
    "cancelled", "reduced", "cleared", "corrected_in", "corrected_out",
)
SIGNS = np.array([1, 1, 1, 1, -1, -1, -1, -1, 1, -1], dtype=float)

EVERY = "all"
NOT_SAID = "not said"
OUTSIDE_ANY_DISTRICT = "outside any district"
JOINT = "joint, not split"


class RowKey(NamedTuple):
    """What a row is about; EVERY where it was not asked for. `party` is an operator or a donor."""

    place: str
    type: str
    area_class: str
    party: str = EVERY

    @property
    def order(self) -> tuple[str, bool, str, str, str]:
        """Rows are printed by place, type (the row *all* last), class and party."""
        return self.place, self.type == EVERY, self.type, self.area_class, self.party


def nothing() -> Floats:
    """No flow on any line."""
    return np.zeros(len(FLOWS))


@dataclass(kw_only=True)
class Reported:
    """Area reported without a polygon: the same lines, never mixed with area proved by geometry."""

    opening_m2: float = 0.0
    closing_m2: float = 0.0
    flows: Floats = field(default_factory=nothing)
    released_method_not_said_m2: float = 0.0

    def as_json(self) -> dict[str, float]:
        """Plain data with stable keys."""
        return {
            "opening_m2": _number(self.opening_m2), **_flows(self.flows), "closing_m2": _number(self.closing_m2),
            "released_method_not_said_m2": _number(self.released_method_not_said_m2),
        }


@dataclass(kw_only=True)
class Row:
    """One row. `opening_m2`, `closing_m2` and `gap_m2` are None by operator and donor, who have flows only.

    `period_not_said` holds what is dated to a month or year that this period cuts, and took effect within it.
    """

    key: RowKey
    opening_m2: float | None = 0.0
    closing_m2: float | None = 0.0
    flows: Floats = field(default_factory=nothing)
    adjustments: Floats = field(default_factory=nothing)
    period_not_said: Floats = field(default_factory=nothing)
    stated_closing_m2: float | None = None
    failed_qc_m2: float = 0.0
    too_shallow_m2: float = 0.0
    other_type_m2: float = 0.0
    overlap_between_types_m2: float = 0.0
    outside_hazard_m2: float = 0.0
    reported_only: Reported = field(default_factory=Reported)
    party_kind: str | None = None

    @property
    def gap_m2(self) -> float | None:
        """Closing less opening and all movements; 0 but for rounding."""
        if self.opening_m2 is None or self.closing_m2 is None:
            return None
        moved = float(SIGNS @ (self.flows + self.adjustments + self.period_not_said))
        return self.closing_m2 - (self.opening_m2 + moved)

    @property
    def released_m2(self) -> float:
        """Cancelled, reduced and cleared together."""
        return float(sum(self[line] for line in ("cancelled", "reduced", "cleared")))

    def __getitem__(self, line: str) -> float:
        """The flow on one line of FLOWS, in m². Raises ValueError for another word."""
        return float(self.flows[FLOWS.index(line)])

    def as_json(self) -> dict[str, Any]:
        """Plain data with the keys of `balance --json`, rounded to 0.001 m²."""
        who = {self.party_kind: self.key.party} if self.party_kind else {}
        return {
            "place": self.key.place, "type": self.key.type, "class": self.key.area_class, **who,
            "opening_m2": _number(self.opening_m2), **_flows(self.flows), "adjustments": _flows(self.adjustments),
            "period_not_said": _flows(self.period_not_said),
            "closing_m2": _number(self.closing_m2), "gap_m2": _number(self.gap_m2),
            "stated_closing_m2": _number(self.stated_closing_m2), "failed_qc_m2": _number(self.failed_qc_m2),
            "too_shallow_m2": _number(self.too_shallow_m2), "other_type_m2": _number(self.other_type_m2),
            "overlap_between_types_m2": _number(self.overlap_between_types_m2),
            "outside_hazard_m2": _number(self.outside_hazard_m2), "reported_only": self.reported_only.as_json(),
        }


def _flows(flows: Floats) -> dict[str, Any]:
    return {f"{line}_m2": _number(value) for line, value in zip(FLOWS, flows.tolist(), strict=True)}


def _number(value: float | None) -> Any:
    return None if value is None else round(value, 3) + 0.0  # + 0.0: never print minus zero
