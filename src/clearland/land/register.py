"""Hazards and products made ready for whole-array work: in canonical order, in the plane, with dates as day numbers.

A hazard's position is its place in the order of identification, a product's its place in the order of credit, so that
*earlier* is *smaller* everywhere below. Days are `date.toordinal`; a partial date counts at its last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from clearland.core.errors import Finding
from clearland.land.area import Floats, Geometries
from clearland.land.columns import NOBODY, Ints, Texts, Words
from clearland.land.contamination import type_of
from clearland.land.credit import STRENGTH, in_credit_order
from clearland.land.geometry import Role, repair
from clearland.land.given import Hazards, Products
from clearland.land.model import ChangeReason, Hazard, Product, Settings
from clearland.land.outlines import Corners, Outlines, Plane, bounds_of, plain_in_plane, shapes_of
from clearland.land.overlay import polygonal, unions
from clearland.land.ownership import CLASS_RANK, in_order_of_identification
from clearland.land.projection import Projection
from clearland.land.release import FAILED_STATES, verdicts
from clearland.land.resurvey import TAKES_NOTHING_OFF

Flags = npt.NDArray[np.bool_]
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

    hazards: Hazards
    products: Products
    settings: Settings
    projection: Projection
    types: list[str]
    start: Ints
    versions: Versions
    extent: Geometries
    drawn: Flags
    ancestors: dict[int, frozenset[int]]
    ended_first: Ints
    ended: Ints
    strength: Ints
    product_shape: Geometries
    corners: Corners  # of products
    as_drawn: Flags  # products of whose geometry nothing was found
    product_codes: Ints
    depth_cm: Floats
    approved: Flags
    failed_qc: Flags
    named: Ints  # product position × number of hazards + position of a hazard it names, in order
    position: dict[str, int]  # of each hazard by its id
    district_shape: Geometries
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def product_m2(self) -> Floats:
        """The size of each product in the plane."""
        size: Floats = shapely.area(self.product_shape)
        return size

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
    hazards: Sequence[Hazard], products: Sequence[Product], settings: Settings, known: Register | None = None, *,
    threads: int = 1,
) -> Register:
    """Order, project and number the input. The same record given twice counts once; input is not changed.

    What an earlier register `known` holds in the same plane of unchanged products is not projected again.
    """
    ordered = in_order_of_identification(Hazards.of(hazards))
    credited = in_credit_order(Products.of(products), settings)
    findings: list[Finding] = []
    kept, start = _one_a_day(ordered)
    outlines = ordered.geometry.take(kept) if isinstance(ordered.geometry, Outlines) else ordered.geometry[kept]
    hazard_names = ordered.local_id[np.repeat(np.arange(len(ordered)), np.diff(start))]
    projection = settings.projection or Projection.amid(bounds_of(outlines))
    drawn, corners, as_drawn = _product_shapes(credited, projection, known, findings, threads)
    meant, _ = _in_plane(outlines, projection, "hazard", hazard_names, findings, threads)
    plane = _as_meant(meant.shape, start, ordered.change_reason.take(kept), hazard_names, findings)
    bits = {name: bit for bit, name in enumerate(sorted(_codes(ordered, credited)))}
    extent = _extents(plane, start)
    position = {name: place for place, name in enumerate(ordered.id.tolist())}
    naming, named = credited.hazards.pairs(position)
    contamination = ordered.contamination.take(kept)
    versions = _versions(ordered, kept, start, contamination, plane, bits)
    return Register(
        hazards=ordered, products=credited, settings=settings, projection=projection,
        types=_types(contamination), start=start, versions=versions, extent=extent, drawn=~shapely.is_empty(extent),
        ancestors=_ancestors(ordered.parent.tolist(), position),
        ended_first=credited.ended_first, ended=credited.ended, strength=credited.product_type.numbered(STRENGTH),
        product_shape=drawn, corners=corners, as_drawn=as_drawn, product_codes=credited.targets.bits(bits),
        depth_cm=credited.depth_cm,
        approved=credited.approved, failed_qc=credited.qc_state.numbered(dict.fromkeys(FAILED_STATES, 1), 0) == 1,
        named=np.sort(naming * len(ordered) + named), position=position,
        district_shape=projection.to_plane([district.geometry for district in settings.districts]),
        findings=findings,
    )


def _codes(hazards: Hazards, products: Products) -> frozenset[str]:
    return frozenset(products.targets.names).union(*hazards.contamination.names)


def _types(contamination: Words[frozenset[str]]) -> list[str]:
    """The contamination types of these versions."""
    return sorted({type_of(contamination.names[code]) for code in np.unique(contamination.code).tolist()})


def _product_shapes(
    products: Products, projection: Projection, known: Register | None, findings: list[Finding], threads: int
) -> tuple[Geometries, Corners, Flags]:
    """Products in the plane, and of which of them nothing was found: those need not be looked at again."""
    plane = np.full(len(products), None, dtype=object)
    as_drawn = np.zeros(len(products), dtype=bool)
    start, count = np.zeros((2, len(products)), dtype=np.int64)
    if known is not None and known.projection == projection:
        here, there = _same_shapes(products, known.products, known.as_drawn)
        plane[here], as_drawn[here] = known.product_shape[there], True
    rest = np.nonzero(~as_drawn)[0]
    fresh = products if len(rest) == len(products) else products.take(rest)
    made, as_drawn[rest] = _in_plane(fresh.geometry, projection, "product", fresh.local_id, findings, threads)
    plane[rest], start[rest], count[rest] = made.shape, made.corners.start, made.corners.count
    return _nothing_for_none(plane), Corners(made.corners.xy, start, count), as_drawn


def _same_shapes(products: Products, known: Products, as_drawn: Flags) -> tuple[Ints, Ints]:
    """Rows of products and of known ones drawn alike: of one state, or where no state is stated of one record and shape."""
    by_state = products.stamp is not None and known.stamp is not None
    names, before = (products.stamp, known.stamp) if by_state else (products.id, known.id)
    assert names is not None  # asked above
    assert before is not None
    places = dict(zip(before[as_drawn].tolist(), np.nonzero(as_drawn)[0].tolist(), strict=True))
    there = np.array([places.get(name, NOBODY) for name in names.tolist()], dtype=np.int64)
    here = np.nonzero(there != NOBODY)[0]
    if not by_state:
        pairs = [(products.geometry[row], known.geometry[there[row]]) for row in here.tolist()]
        here = here[np.array([one is other or one == other for one, other in pairs], dtype=bool)]
    return here, there[here]


def _one_a_day(hazards: Hazards) -> tuple[Ints, Ints]:
    """The versions in force at the end of a day: a later one of the same day replaces the earlier. Rows, and starts."""
    _, identified = hazards.identified
    kept = np.ones(len(hazards.valid), dtype=bool)
    for hazard in np.nonzero(np.diff(hazards.start) > 1)[0].tolist():
        standing: list[int] = []
        last = 0
        for row in range(hazards.start[hazard], hazards.start[hazard + 1]):
            day = int(hazards.valid[row] if standing else identified[hazard])
            if standing and day <= last:
                kept[standing.pop()] = False
            standing.append(row)
            last = max(last, day)
    return np.nonzero(kept)[0], np.concatenate([[0], np.cumsum(kept)])[hazards.start]


def _not_polygons(shapes: Geometries) -> Ints:
    """Rows whose geometry cannot be projected or has no area.

    None (nobody drew it) and an empty polygon (drawn as nothing: a hazard merged into another) say something.
    """
    usable = np.isin(shapely.get_type_id(shapes), (3, 6))
    usable &= (np.abs(np.nan_to_num(shapely.bounds(shapes), nan=np.inf)) <= (180, 90, 180, 90)).all(axis=1)
    return np.nonzero(~usable & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))[0]


def _mend(shapes: Geometries, rows: Ints, role: Role, names: Texts, findings: list[Finding]) -> None:
    """Broken geometry is read again in place (`geometry.py`); what cannot be read has no polygon and is told."""
    for row in rows.tolist():
        shapes[row], found = repair(shapes[row], role)
        findings.extend(replace(one, sentence=f"{role} {names[row]}: {one.sentence}") for one in found)


def _in_plane(
    geometry: Geometries | Outlines, projection: Projection, role: Role, names: Texts, findings: list[Finding],
    threads: int,
) -> tuple[Plane, Flags]:
    """Valid polygons in the plane, and of which nothing was found. Plain outlines all at once, the rest as below.

    Validity is asked there: a vertex on a straight line in degrees is not on the geodesic, so an outline that only
    touches itself in degrees can cross itself, by less than a millimetre, where it is measured.
    """
    made = plain_in_plane(geometry, projection, threads)
    plane = made.shape
    as_drawn = np.ones(len(plane), dtype=bool)
    rest = np.nonzero(shapely.is_missing(plane))[0]
    shapes, names = shapes_of(geometry, rest), names[rest]
    odd = _not_polygons(shapes)
    _mend(shapes, odd, role, names, findings)
    drawn = projection.to_plane(shapes)
    broken = np.nonzero(~shapely.is_valid(drawn) & ~shapely.is_missing(drawn))[0]
    _mend(shapes, broken, role, names, findings)
    drawn[broken] = projection.to_plane(shapes[broken])
    crossing = broken[~shapely.is_valid(drawn[broken]) & ~shapely.is_missing(drawn[broken])]
    drawn[crossing] = polygonal(np.asarray(shapely.make_valid(drawn[crossing], method="structure"), dtype=object))
    plane[rest] = drawn
    as_drawn[rest[odd]] = as_drawn[rest[broken]] = False
    return made, as_drawn


def _as_meant(
    plane: Geometries, start: Ints, reasons: Words[ChangeReason], names: Texts, findings: list[Finding]
) -> Geometries:
    """The ground each version stands for: undrawn ones take their neighbour's polygon, some lose nothing."""
    for first in start[:-1][shapely.is_missing(plane[start[:-1]])].tolist():
        later = [shape for shape in plane[first : start[np.searchsorted(start, first, "right")]] if shape is not None]
        plane[first] = later[0] if later else shapely.Polygon()
    redrawn = np.ones(len(plane), dtype=bool)
    redrawn[start[:-1]] = False
    for row in np.nonzero(redrawn)[0].tolist():
        reason = reasons[row]
        if plane[row] is None:
            plane[row] = plane[row - 1]
        elif reason in TAKES_NOTHING_OFF and not shapely.equals(plane[row], plane[row - 1]):
            plane[row] = shapely.union(plane[row], plane[row - 1])
            if reason is not None:
                continue
            findings.append(Finding(
                code="L-RESURVEY-NO-REASON", severity="error", rule=30,
                sentence=f"Hazard {names[row]} was redrawn without a reason; it keeps the old ground.",
                remedy="State the reason: survey, mapping error, datum, split or merge.",
            ))
    return plane


def _versions(
    hazards: Hazards, kept: Ints, start: Ints, contamination: Words[frozenset[str]], plane: Geometries,
    bits: dict[str, int],
) -> Versions:
    number = {name: place for place, name in enumerate(_types(contamination))}
    types = np.array([number.get(type_of(codes), NOBODY) for codes in contamination.names], dtype=np.int64)
    codes = np.array([sum(1 << bits[code] for code in names) for names in contamination.names], dtype=np.int64)
    first, day = hazards.valid_first[kept], hazards.valid[kept]
    first[start[:-1]], day[start[:-1]] = hazards.identified
    return Versions(
        hazard=np.repeat(np.arange(len(hazards)), np.diff(start)),
        first=np.maximum(first, ALWAYS), day=np.maximum(day, ALWAYS),
        area_class=hazards.area_type.take(kept).numbered(CLASS_RANK),
        type=types[contamination.code], codes=codes[contamination.code], depth_cm=hazards.required_depth_cm[kept],
        reason=[hazards.change_reason[row] for row in kept.tolist()], shape=plane,
    )


def _extents(plane: Geometries, start: Any) -> Geometries:
    """All the ground a hazard ever covered."""
    extent = np.array([plane[row] for row in start[:-1]], dtype=object)
    several = np.nonzero(np.diff(start) > 1)[0]
    if len(several):
        collections = [shapely.GeometryCollection(list(plane[start[h] : start[h + 1]])) for h in several]
        extent[several] = unions(np.array(collections, dtype=object))
    return extent


def _ancestors(parents: Sequence[str | None], position: dict[str, int]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for place, nearest in enumerate(parents):
        line: set[int] = set()
        parent = nearest
        while parent in position and position[parent] not in line:
            line.add(position[parent])
            parent = parents[position[parent]]
        if line:
            found[place] = frozenset(line)
    return found


def _nothing_for_none(shapes: Geometries) -> Geometries:
    return np.where(shapely.is_missing(shapes), shapely.Polygon(), shapes)
