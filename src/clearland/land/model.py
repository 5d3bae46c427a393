"""What goes into the balance: hazards through time, released polygons, returns without polygons, settings.

All geometry is EPSG:4326 in degrees, all areas are m², all depths cm. Identities are opaque: no rule looks at them.
Callers hand in what was known at one date of knowledge; nothing here knows about ledgers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry.base import BaseGeometry

from clearland.core.partial_dates import PartialDate
from clearland.land.projection import Projection

AreaType = Literal["SHA", "CHA"]
ProductType = Literal["cancelled", "reduced", "cleared"]
QcState = Literal["not_inspected", "passed", "failed", "rework", "waived"]
ChangeReason = Literal[
    "nts", "ts", "clearance", "mapping_error", "datum", "split", "merge", "fade_out", "residual", "new_contamination",
    "other",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class HazardVersion:
    """A hazard from one date on. `change_reason` is required for every version but the first (standards b.5.3)."""

    geometry: BaseGeometry | None
    area_type: AreaType
    contamination: frozenset[str]
    valid_from: PartialDate | None = None
    required_depth_cm: float | None = None
    place: str | None = None
    change_reason: ChangeReason | None = None
    area_reported_m2: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hazard:
    """A hazardous area with its versions, oldest first; the first version's `valid_from` is its identification.

    `first_named_on` is the date of the first source that names it: it counts where no identification was given.
    """

    id: str
    local_id: str
    versions: tuple[HazardVersion, ...]
    organisation: str | None = None
    parent: str | None = None
    first_named_on: PartialDate | None = None

    @property
    def identified_on(self) -> PartialDate | None:
        """The day, month or year from which it counts; None when no source gives one."""
        return self.versions[0].valid_from or self.first_named_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """A released polygon: cancelled after non-technical survey, reduced after technical survey, or cleared.

    `hazards` (ids) and `targets` (device codes) say what the work was meant to find. `ended` is the end of the work;
    `approved_on` is kept for the reader and decides nothing. `donors` maps each donor to its share or None.
    """

    id: str
    local_id: str
    product_type: ProductType
    ended: PartialDate | None
    geometry: BaseGeometry | None
    hazards: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    depth_cm: float | None = None
    qc_state: QcState = "not_inspected"
    approved: bool = True
    approved_on: PartialDate | None = None
    organisation: str | None = None
    donors: Mapping[str, float | None] = field(default_factory=dict)
    method: str | None = None
    activity: str | None = None
    place: str | None = None
    area_reported_m2: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedReturn:
    """Area reported without a polygon, for one or several operators and places jointly, over a period.

    `hazard` or `activity` (ids) lets a later polygon of the same hazard or task absorb it.
    """

    id: str
    period_from: PartialDate
    period_to: PartialDate
    operators: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    contamination: frozenset[str] = frozenset()
    area_type: AreaType | None = None
    hazard: str | None = None
    activity: str | None = None
    cancelled_m2: float = 0.0
    reduced_m2: float = 0.0
    cleared_m2: float = 0.0
    released_method_not_said_m2: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class District:
    """A boundary (EPSG:4326) with the time in which its set is marked official; None: not official at all."""

    code: str
    geometry: BaseGeometry
    official_from: PartialDate | None = None
    official_to: PartialDate | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a programme may decide: where its plane is centred, and whether cleared survey lanes count as reduced.

    `districts` split ground by geometry; hand in those that are official on the date (`districts.official_on`).
    """

    projection: Projection | None = None
    survey_lanes: Literal["cleared", "reduced"] = "cleared"
    districts: tuple[District, ...] = ()
