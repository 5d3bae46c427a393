"""A minefield record as plain data: what the paper says, in the paper's own units, and what was found on the ground."""

from dataclasses import dataclass, field

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Finding

MINES = frozenset({"AP", "AP_IMPRO", "AV", "AV_IMPRO"})


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A fixed point: its numbers as written, and where the object was identified (EPSG:4326), if it was.

    Without numbers its `text` is read, which each system may read otherwise: `38S MJ 12345 01234`.
    """

    label: str
    north: float | None = None
    east: float | None = None
    text: str = ""
    identified: Point | None = None


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A measured line in the units of its record; an empty `origin` is the end of the leg before."""

    sequence: int
    part: str
    azimuth: float
    distance: float
    origin: str = ""
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of mines in the units of its record; `spacing` and `mines` may each be unknown."""

    number: int
    origin: str
    azimuth: float
    length: float
    spacing: float | None = None
    mines: int | None = None
    category: str | None = None


@dataclass(frozen=True, kw_only=True)
class Count:
    """Mines of one type that the record claims, and those that papers say were lifted or went off."""

    category: str
    claimed: int
    model: str = ""
    removed: int = 0
    detonated: int = 0


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One minefield record. `metres_per_unit` is the length of its unit of distance; declinations in degrees, east
    positive; `systems` are codes of `coordinate_reading`; `accepted` is the outline that a person chose (EPSG:4326)."""

    record: str
    local_id: str
    number: str
    custody: str = "held"
    angle_unit: str = "degree"
    north: str = "not_said"
    declinations: tuple[float, ...] = ()
    metres_per_unit: float = 1.0
    systems: tuple[str, ...] = ("WGS84_GEO",)
    zone: int | None = None
    southern: bool = False
    mines_claimed: int | None = None
    references: tuple[Reference, ...] = ()
    legs: tuple[Leg, ...] = ()
    rows: tuple[Row, ...] = ()
    counts: tuple[Count, ...] = ()
    accepted: BaseGeometry | None = None

    @property
    def counted(self) -> tuple[Count, ...]:
        """Claims by type: as the record counts them, else what its rows hold."""
        if self.counts:
            return self.counts
        in_rows: dict[str, int] = {}
        for row in self.rows:
            if row.category and row.mines is not None:
                in_rows[row.category] = in_rows.get(row.category, 0) + row.mines
        return tuple(Count(category=category, claimed=claimed) for category, claimed in in_rows.items())

    @property
    def claimed(self) -> int | None:
        """Mines claimed in all: by type where types are counted, else the record's own total, else its rows'."""
        if self.counts:
            return sum(each.claimed for each in self.counts)
        if self.mines_claimed is not None:
            return self.mines_claimed
        in_rows = [row.mines for row in self.rows if row.mines is not None]
        return sum(in_rows) if in_rows else None


@dataclass(frozen=True, kw_only=True)
class Find:
    """Items found at one point (EPSG:4326)."""

    record: str
    point: Point
    category: str
    quantity: int = 1
    model: str = ""
    destroyed: bool = False


@dataclass(frozen=True, kw_only=True)
class Blast:
    """An accident at a point (EPSG:4326), with the category of what went off."""

    record: str
    point: Point
    category: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read a record: a coordinate system, a north, and a declination where the north is magnetic."""

    system: str
    north: str
    declination_degrees: float | None = None

    @property
    def name(self) -> str:
        """A name that can be kept, such as `SK42_GK magnetic +5.5`."""
        turn = "" if self.declination_degrees is None else f" {self.declination_degrees:+g}"
        return f"{self.system} {self.north}{turn}"


@dataclass(frozen=True, kw_only=True)
class Closing:
    """By how much a traverse misses a point that it reaches twice: metres, and as a share of the way measured."""

    label: str
    error_m: float
    way_m: float

    @property
    def within_rule(self) -> bool:
        """Whether it is at most 1 % of the way or 2 m (rule 22)."""
        return self.error_m <= max(0.01 * self.way_m, 2.0)


@dataclass(frozen=True, kw_only=True)
class RebuiltRow:
    """A row on the ground (EPSG:4326), and the places of its mines where number or spacing is known."""

    number: int
    line: LineString
    mines: tuple[Point, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """A record under one reading, in EPSG:4326.

    `outline_from` is `perimeter`, `rows` (their hull, where no perimeter is measured), `accepted` or empty. `points`
    holds every labelled point. `operation` and `accuracy_m` tell of the shift of datum.
    """

    reading: Reading
    outline: BaseGeometry | None
    outline_from: str
    points: dict[str, Point] = field(default_factory=dict)
    rows: tuple[RebuiltRow, ...] = ()
    closings: tuple[Closing, ...] = ()
    problems: tuple[Finding, ...] = ()
    operation: str = ""
    accuracy_m: float | None = None
    in_area_of_use: bool = True
    convergence_degrees: float = 0.0

    @property
    def mines(self) -> tuple[Point, ...]:
        """The places of all mines that rows describe."""
        return tuple(point for row in self.rows for point in row.mines)

    def centre(self) -> Point | None:
        """A point to work around: of the outline, else of the labelled points."""
        if self.outline is not None:
            return self.outline.centroid
        return shapely.MultiPoint(list(self.points.values())).centroid if self.points else None
