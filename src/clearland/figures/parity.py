"""What IMSMA counts beside what is counted here: by kind, status, type, district and year, with the cause of each difference.

IMSMA adds up the sizes that were typed in. Here the ground of hazards and of products is measured, and ground under two of
one kind counts once; where nothing is drawn the typed size stands. So a difference in square metres is no fault by itself,
but each must have a cause, and a person answers each cause before the switch.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from clearland.core.canonical import canonical_bytes, sha256_hex
from clearland.land.area import areas_m2
from clearland.land.projection import Projection

Cause = Literal[
    "not_here", "waits", "draft", "no_kind", "only_here", "changed_here", "word", "read_otherwise", "outline", "overlap",
    "duplicate", "link_nowhere", "link_no_role", "table_not_moved", "withheld",
]  # fmt: skip
DIMENSIONS = ("status", "type", "district", "year")
ONCE = frozenset({"hazard", "land_release"})
LEAST_M2 = 1.0
_TWIN_SHARE = 0.99


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One item or record as one side counts it. `unknown` are dimensions whose word is no code here."""

    key: str
    local_id: str
    kind: str
    facets: Mapping[str, str]
    area_m2: float = 0.0
    geometry: BaseGeometry | None = None
    record: str | None = None
    of_series: bool = True
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An item that IMSMA counts and that is not counted here, with the cause."""

    item: Counted
    cause: Cause


@dataclass(frozen=True, kw_only=True)
class Line:
    """A record, an item, a link or a table behind a difference; amounts are here less IMSMA."""

    name: str
    record: str | None = None
    said: str = ""
    count: int = 0
    area_m2: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Everything of one kind that differs for one cause. The mark changes with anything that it says."""

    kind: str
    cause: Cause
    lines: Sequence[Line]
    mark: str

    @property
    def count(self) -> int:
        """Records here less items there."""
        return sum(line.count for line in self.lines)

    @property
    def area_m2(self) -> float:
        """Square metres here less those there."""
        return sum(line.area_m2 for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One value of one dimension; `dimension` "all" is the whole kind."""

    kind: str
    dimension: str
    value: str
    imsma: int
    here: int
    imsma_m2: float
    here_m2: float

    @property
    def differs(self) -> bool:
        """Whether the two sides do not agree."""
        return self.imsma != self.here or abs(self.here_m2 - self.imsma_m2) >= LEAST_M2


@dataclass(frozen=True, kw_only=True)
class Parity:
    """The whole comparison."""

    rows: Sequence[Row]
    differences: Sequence[Difference]


@dataclass
class _Causes:
    """Lines by kind and cause."""

    found: dict[tuple[str, Cause], list[Line]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, cause: Cause, line: Line) -> None:
        self.found[kind, cause].append(line)

    def differences(self, series: str) -> list[Difference]:
        made = []
        for (kind, cause), lines in sorted(self.found.items()):
            ordered = sorted(lines, key=lambda line: (line.name, line.said))
            said = [[line.name, line.said, str(line.count), str(round(line.area_m2))] for line in ordered]
            mark = sha256_hex(canonical_bytes(["parity", series, kind, cause, said]))
            made.append(Difference(kind=kind, cause=cause, lines=ordered, mark=mark))
        return made


def compare(
    series: str,
    imsma: Sequence[Counted],
    here: Sequence[Counted],
    missing: Sequence[Missing],
    others: Iterable[tuple[str, Cause, Line]],
) -> Parity:
    """Compare both sides. `missing` are items without a counted record, `others` what is no item: links, tables, cells."""
    causes = _Causes()
    measured = _measured(here)
    by_key = {each.key: each for each in here}
    theirs = [*imsma, *(each.item for each in missing)]
    for item in imsma:
        record = by_key[item.key]
        _compare_areas(causes, item, record, *measured[item.key])
        _compare_facets(causes, item, record)
    for each in missing:
        item = each.item
        causes.add(item.kind, each.cause, Line(name=item.local_id, record=item.record, count=-1, area_m2=-item.area_m2))
    known = {item.key for item in theirs}
    for record in here:
        if record.key not in known:
            own_m2, twice_m2, _ = measured[record.key]
            line = Line(name=record.local_id, record=record.record, count=1, area_m2=own_m2 - twice_m2)
            causes.add(record.kind, "only_here", line)
    for kind, cause, line in others:
        causes.add(kind, cause, line)
    net = {key: own_m2 - twice_m2 for key, (own_m2, twice_m2, _) in measured.items()}
    return Parity(rows=_rows(theirs, here, net), differences=causes.differences(series))


def _measured(here: Sequence[Counted]) -> dict[str, tuple[float, float, str]]:
    """key -> its own m², the m² of it that an earlier record of its kind holds already, and which one holds most."""
    drawn = areas_m2([each.geometry for each in here])
    own = {each.key: float(size) or each.area_m2 for each, size in zip(here, drawn, strict=True)}
    made = {key: (size, 0.0, "") for key, size in own.items()}
    for kind in sorted(ONCE):
        of_kind = sorted((each for each in here if each.kind == kind and own[each.key] and each.geometry is not None),
                         key=lambda each: (each.facets.get("year", ""), each.local_id))  # fmt: skip
        outlines = [each for each in of_kind if each.geometry is not None and each.geometry.area > 0]
        plane = Projection.around([each.geometry for each in outlines]).to_plane([each.geometry for each in outlines])
        tree = shapely.STRtree(plane)
        for position, each in enumerate(outlines):
            earlier = [int(other) for other in tree.query(plane[position], predicate="intersects") if other < position]
            shared = [shapely.intersection(plane[position], plane[other]) for other in earlier]
            twice = float(shapely.area(shapely.union_all(shared))) if shared else 0.0
            if twice >= LEAST_M2:
                most = max(zip(shared, earlier, strict=True), key=lambda pair: float(shapely.area(pair[0])))[1]
                made[each.key] = (own[each.key], twice, outlines[most].local_id)
    return made


def _compare_areas(causes: _Causes, item: Counted, record: Counted, own_m2: float, twice_m2: float, holder: str) -> None:
    if abs(own_m2 - item.area_m2) >= LEAST_M2:
        said = f"{item.area_m2:,.0f} m² → {own_m2:,.0f} m²"
        line = Line(name=record.local_id, record=record.record, said=said, area_m2=own_m2 - item.area_m2)
        causes.add(item.kind, "outline", line)
    if twice_m2 >= LEAST_M2:
        cause: Cause = "duplicate" if twice_m2 >= _TWIN_SHARE * own_m2 else "overlap"
        causes.add(item.kind, cause, Line(name=record.local_id, record=record.record, said=holder, area_m2=-twice_m2))


def _compare_facets(causes: _Causes, item: Counted, record: Counted) -> None:
    for dimension in DIMENSIONS:
        there, ours = item.facets.get(dimension, ""), record.facets.get(dimension, "")
        if there == ours:
            continue
        cause: Cause = "word" if dimension in item.unknown else "read_otherwise" if record.of_series else "changed_here"
        causes.add(item.kind, cause, Line(name=record.local_id, record=record.record, said=f"{dimension}: {there} → {ours}"))


def _rows(theirs: Sequence[Counted], here: Sequence[Counted], net: Mapping[str, float]) -> list[Row]:
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0, 0, 0.0, 0.0])
    for side, counted in ((0, theirs), (1, here)):
        for each in counted:
            area = net[each.key] if side else each.area_m2
            for dimension, value in (("all", ""), *((name, each.facets.get(name, "")) for name in DIMENSIONS)):
                line = sums[each.kind, dimension, value]
                line[side] += 1
                line[2 + side] += area
    order = {name: number for number, name in enumerate(("all", *DIMENSIONS))}
    return [
        Row(kind=kind, dimension=dimension, value=value, imsma=int(line[0]), here=int(line[1]), imsma_m2=line[2], here_m2=line[3])
        for (kind, dimension, value), line in sorted(sums.items(), key=lambda pair: (pair[0][0], order[pair[0][1]], pair[0][2]))
    ]
