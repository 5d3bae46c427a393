"""Hazards and products made ready for whole-array work: in canonical order, in the plane, with dates as day numbers.

A hazard's position is its place in the order of identification, a product's its place in the order of credit, so that
*earlier* is *smaller* everywhere below. Days are `date.toordinal`; a partial date counts at its last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from clearland.core.errors import Finding
from clearland.land.area import Floats, Geometries
from clearland.land.contamination import type_of
from clearland.land.credit import STRENGTH, in_credit_order
from clearland.land.days import days_of, days_of_all
from clearland.land.geometry import Role, repair
from clearland.land.model import Hazard, HazardVersion, Product, Settings
from clearland.land.overlay import polygonal, unions
from clearland.land.ownership import CLASS_RANK, in_order_of_identification
from clearland.land.projection import Projection
from clearland.land.release import FAILED_STATES, verdicts
from clearland.land.resurvey import TAKES_NOTHING_OFF

Ints = npt.NDArray[np.int64]
ALWAYS = 1  # the day from which a hazard counts when no source dates it


@dataclass(kw_only=True)
class Versions:
    """One row per hazard version: position of its hazard, first day it may mean, day it counts, class, type, shape."""

    hazard: Ints
    first: Ints
    day: Ints
    area_class: Ints
    type: Ints
    codes: Ints
    depth_cm: Floats
    reason: list[str | None]
    shape: Geometries


@dataclass(kw_only=True)
class Register:
    """Everything the partition needs. `start[h]:start[h + 1]` are the versions of hazard h."""

    hazards: list[Hazard]
    products: list[Product]
    settings: Settings
    projection: Projection
    types: list[str]
    start: Ints
    versions: Versions
    extent: Geometries
    drawn: npt.NDArray[np.bool_]
    ancestors: dict[int, frozenset[int]]
    ended_first: Ints
    ended: Ints
    strength: Ints
    product_shape: Geometries
    as_drawn: npt.NDArray[np.bool_]  # products of whose geometry nothing was found
    product_codes: Ints
    depth_cm: Floats
    approved: npt.NDArray[np.bool_]
    failed_qc: npt.NDArray[np.bool_]
    named: Ints  # product position × number of hazards + position of a hazard it names, in order
    district_shape: Geometries
    findings: list[Finding] = field(default_factory=list)

    def verdicts(self, product: Ints, version: Ints) -> npt.NDArray[np.int8]:
        """Verdict of `release.py` for each pair of product position and version row."""
        hazard = self.versions.hazard[version]
        pair = product * len(self.hazards) + hazard
        place = np.minimum(np.searchsorted(self.named, pair), max(len(self.named) - 1, 0))
        named = self.named[place] == pair if len(self.named) else np.zeros(len(pair), dtype=bool)
        return verdicts(
            approved=self.approved[product], ended_day=self.ended[product],
            identified_day=self.versions.day[self.start[hazard]],
            targeted=named | ((self.product_codes[product] & self.versions.codes[version]) != 0),
            failed_qc=self.failed_qc[product], cleared=self.strength[product] == STRENGTH["cleared"],
            depth_cm=self.depth_cm[product], required_depth_cm=self.versions.depth_cm[version],
        )


def register(
    hazards: Sequence[Hazard], products: Sequence[Product], settings: Settings, known: Register | None = None
) -> Register:
    """Order, project and number the input. The same record given twice counts once; input is not changed.

    What an earlier register `known` holds in the same plane of unchanged products is not projected again.
    """
    ordered = in_order_of_identification(list({hazard.id: hazard for hazard in hazards}.values()))
    credited = in_credit_order(list({product.id: product for product in products}.values()), settings)
    findings: list[Finding] = []
    kept = [_one_a_day(hazard) for hazard in ordered]
    rows = [(position, number, version) for position, versions in enumerate(kept)
            for number, version in enumerate(versions)]
    start = np.cumsum([0, *map(len, kept)])
    shapes = np.array([version.geometry for _, _, version in rows], dtype=object)
    product_shapes = np.array([product.geometry for product in credited], dtype=object)
    hazard_names = [ordered[row[0]].local_id for row in rows]
    _mend(shapes, _not_polygons(shapes), "hazard", hazard_names, findings)
    projection = settings.projection or Projection.around(shapes)
    drawn, as_drawn = _product_shapes(credited, product_shapes, projection, known, findings)
    plane, _ = _in_plane(shapes, projection, "hazard", hazard_names, findings)
    plane = _as_meant(plane, rows, start, ordered, findings)
    codes = sorted(frozenset().union(
        *{version.contamination for _, _, version in rows}, *{product.targets for product in credited}
    ))
    versions = _versions(rows, ordered, plane, codes)
    position = {hazard.id: place for place, hazard in enumerate(ordered)}
    extent = _extents(plane, start)
    ended = days_of_all([product.ended for product in credited])
    return Register(
        hazards=ordered, products=credited, settings=settings, projection=projection,
        types=sorted({type_of(codes) for codes in {version.contamination for _, _, version in rows}}),
        start=start, versions=versions, extent=extent, drawn=~shapely.is_empty(extent),
        ancestors=_ancestors(ordered, position),
        ended_first=ended[:, 0], ended=ended[:, 1],
        strength=_ints(STRENGTH[product.product_type] for product in credited),
        product_shape=drawn, as_drawn=as_drawn,
        product_codes=_bits([product.targets for product in credited], codes),
        depth_cm=_depths([product.depth_cm for product in credited]),
        approved=np.array([product.approved for product in credited], dtype=bool),
        failed_qc=np.array([product.qc_state in FAILED_STATES for product in credited], dtype=bool),
        named=np.sort(_ints(number * len(ordered) + position[name] for number, product in enumerate(credited)
                            for name in product.hazards if name in position)),
        district_shape=projection.to_plane([district.geometry for district in settings.districts]),
        findings=findings,
    )


def _product_shapes(
    products: Sequence[Product], shapes: Geometries, projection: Projection, known: Register | None,
    findings: list[Finding],
) -> tuple[Geometries, npt.NDArray[np.bool_]]:
    """Products in the plane, and of which of them nothing was found: those need not be looked at again."""
    plane = np.full(len(products), None, dtype=object)
    as_drawn = np.zeros(len(products), dtype=bool)
    if known is not None and known.projection == projection:
        before = {product.id: place for place, product in enumerate(known.products) if known.as_drawn[place]}
        pairs = [(place, before[product.id]) for place, product in enumerate(products) if product.id in before]
        same = [pair for pair in pairs if _same_shape(products[pair[0]], known.products[pair[1]])]
        here, there = np.array(same, dtype=np.int64).reshape(-1, 2).T
        plane[here], as_drawn[here] = known.product_shape[there], True
    rest = np.nonzero(~as_drawn)[0]
    names = [products[place].local_id for place in rest.tolist()]
    fresh = shapes[rest]
    odd, broken = _not_polygons(fresh), np.zeros(len(rest), dtype=bool)
    _mend(fresh, odd, "product", names, findings)
    plane[rest], crossing = _in_plane(fresh, projection, "product", names, findings)
    broken[odd] = broken[crossing] = True
    as_drawn[rest] = ~broken
    return _nothing_for_none(plane), as_drawn


def _same_shape(one: Product, other: Product) -> bool:
    return one is other or one.geometry is other.geometry or one.geometry == other.geometry


def _one_a_day(hazard: Hazard) -> list[HazardVersion]:
    """The versions in force at the end of a day: a later one of the same day replaces the earlier."""
    if len(hazard.versions) == 1:
        return list(hazard.versions)
    kept: list[HazardVersion] = []
    last = 0
    for version in hazard.versions:
        day = days_of(version.valid_from if kept else hazard.identified_on)[1]
        if kept and day <= last:
            kept.pop()
        kept.append(version)
        last = max(last, day)
    return kept


def _not_polygons(shapes: Geometries) -> Ints:
    """Rows whose geometry cannot be projected or has no area.

    None (nobody drew it) and an empty polygon (drawn as nothing: a hazard merged into another) say something.
    """
    usable = np.isin(shapely.get_type_id(shapes), (3, 6))
    usable &= (np.abs(np.nan_to_num(shapely.bounds(shapes), nan=np.inf)) <= (180, 90, 180, 90)).all(axis=1)
    return np.nonzero(~usable & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))[0]


def _mend(shapes: Geometries, rows: Ints, role: Role, names: Sequence[str], findings: list[Finding]) -> None:
    """Broken geometry is read again in place (`geometry.py`); what cannot be read has no polygon and is told."""
    for row in rows.tolist():
        shapes[row], found = repair(shapes[row], role)
        findings.extend(replace(one, sentence=f"{role} {names[row]}: {one.sentence}") for one in found)


def _in_plane(
    shapes: Geometries, projection: Projection, role: Role, names: Sequence[str], findings: list[Finding]
) -> tuple[Geometries, Ints]:
    """Valid polygons in the plane, and the positions of those that had to be mended.

    Validity is asked there: a vertex on a straight line in degrees is not on the geodesic, so an outline that only
    touches itself in degrees can cross itself, by less than a millimetre, where it is measured.
    """
    plane = projection.to_plane(shapes)
    broken = np.nonzero(~shapely.is_valid(plane) & ~shapely.is_missing(plane))[0]
    _mend(shapes, broken, role, names, findings)
    plane[broken] = projection.to_plane(shapes[broken])
    crossing = broken[~shapely.is_valid(plane[broken]) & ~shapely.is_missing(plane[broken])]
    plane[crossing] = polygonal(np.asarray(shapely.make_valid(plane[crossing], method="structure"), dtype=object))
    return plane, broken


def _as_meant(
    plane: Geometries, rows: Sequence[tuple[int, int, HazardVersion]], start: Any, hazards: Sequence[Hazard],
    findings: list[Finding],
) -> Geometries:
    """The ground each version stands for: undrawn ones take their neighbour's polygon, some lose nothing."""
    for position, number, version in rows:
        row = start[position] + number
        if number == 0:
            later = [shape for shape in plane[row : start[position + 1]] if shape is not None]
            plane[row] = later[0] if later else shapely.Polygon()
        elif plane[row] is None:
            plane[row] = plane[row - 1]
        elif version.change_reason in TAKES_NOTHING_OFF and not shapely.equals(plane[row], plane[row - 1]):
            plane[row] = shapely.union(plane[row], plane[row - 1])
            if version.change_reason is not None:
                continue
            findings.append(Finding(
                code="L-RESURVEY-NO-REASON", severity="error", rule=30,
                sentence=f"Hazard {hazards[position].local_id} was redrawn without a reason; it keeps the old ground.",
                remedy="State the reason: survey, mapping error, datum, split or merge.",
            ))
    return plane


def _versions(
    rows: Sequence[tuple[int, int, HazardVersion]], hazards: Sequence[Hazard], plane: Geometries, codes: Sequence[str]
) -> Versions:
    type_by_codes = {codes: type_of(codes) for codes in {version.contamination for _, _, version in rows}}
    types = {name: number for number, name in enumerate(sorted(set(type_by_codes.values())))}
    dates = [version.valid_from if number else hazards[position].identified_on for position, number, version in rows]
    days = np.maximum(days_of_all(dates), ALWAYS)
    return Versions(
        hazard=_ints(position for position, _, _ in rows),
        first=days[:, 0], day=days[:, 1],
        area_class=_ints(CLASS_RANK[version.area_type] for _, _, version in rows),
        type=_ints(types[type_by_codes[version.contamination]] for _, _, version in rows),
        codes=_bits([version.contamination for _, _, version in rows], codes),
        depth_cm=_depths([version.required_depth_cm for _, _, version in rows]),
        reason=[version.change_reason for _, _, version in rows], shape=plane,
    )


def _extents(plane: Geometries, start: Any) -> Geometries:
    """All the ground a hazard ever covered."""
    extent = np.array([plane[row] for row in start[:-1]], dtype=object)
    several = np.nonzero(np.diff(start) > 1)[0]
    if len(several):
        collections = [shapely.GeometryCollection(list(plane[start[h] : start[h + 1]])) for h in several]
        extent[several] = unions(np.array(collections, dtype=object))
    return extent


def _ancestors(hazards: Sequence[Hazard], position: dict[str, int]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for place, hazard in enumerate(hazards):
        line: set[int] = set()
        parent = hazard.parent
        while parent in position and position[parent] not in line:
            line.add(position[parent])
            parent = hazards[position[parent]].parent
        if line:
            found[place] = frozenset(line)
    return found


def _bits(sets: Sequence[frozenset[str]], codes: Sequence[str]) -> Ints:
    bit = {code: 1 << place for place, code in enumerate(codes)}
    known = {given: sum(bit[code] for code in given) for given in set(sets)}
    return _ints(known[given] for given in sets)


def _depths(depths: Sequence[float | None]) -> Floats:
    return np.array([np.nan if depth is None else depth for depth in depths], dtype=float)


def _ints(values: Any) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _nothing_for_none(shapes: Geometries) -> Geometries:
    return np.where(shapely.is_missing(shapes), shapely.Polygon(), shapes)
