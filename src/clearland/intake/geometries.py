"""The geometry of every row of a table: from the layer or from columns, in EPSG:4326, repaired or refused.

Bulk first: only geometries that a vectorised test finds suspicious go one by one to `land.geometry.repair`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import Finding
from clearland.dictionary.model import Kind
from clearland.intake.crs import to_wgs84
from clearland.intake.grid_references import from_grid_references
from clearland.intake.mapping import GeometrySource
from clearland.intake.number_columns import column_marks
from clearland.intake.numbers import floats
from clearland.intake.reading import Reading
from clearland.land.geometry import CODES, DOUBLE_VERTEX_DEGREES, Bounds, Role, repair, waits_for_a_person

_POLYGONS = (3, 6)  # shapely type numbers of Polygon and MultiPolygon
_OF_ONE_OUTLINE = frozenset({
    "G-NO-AREA", "G-ZERO-AREA", "G-UNREPAIRABLE", "G-NOT-FINITE", "G-RANGE", "G-ZERO-ZERO", "G-SWAPPED", "E-GEOM-UNREADABLE",
    "E-GEOM-TYPE",
})  # fmt: skip
_COLLECTION = 7
_FAR_DEGREES = 5.0  # half the width of a country, about
_TYPES = {"point": (0, 4), "line": (1, 2, 5), "polygon": _POLYGONS}
# A product takes the smaller of two readings of a broken outline, everything else the larger (design section 6).
_PRODUCTS = frozenset({"land_release", "clearance"})


@dataclass
class Shapes:
    """One geometry per row (None where there is none), and the rows whose repair waits for a person."""

    array: NDArray[np.object_]
    waiting: set[int] = field(default_factory=set)


def read_shapes(reading: Reading, kind: Kind, box: Bounds | None) -> Shapes:
    """The geometries of the table for records of `kind`. `box`: west, south, east, north of the programme's country."""
    count = len(reading.table)
    if kind.geometry == "none" or reading.mapping.geometry.ignore:
        return Shapes(np.full(count, None, dtype=object))
    source = reading.mapping.geometry
    array = _as_given(reading, source)
    shapes = Shapes(array)
    if source.swapped == "where_outside":
        _exchange_where_it_fits(reading, array, box)
    _check_coordinates(reading, shapes, box)
    _check_types(reading, shapes, kind)
    _mend_polygons(reading, shapes, "product" if kind.name in _PRODUCTS else "hazard")
    if source.unusable_left_out:
        reading.findings[:] = [_as_warning(finding) for finding in reading.findings]
    return shapes


def _as_given(reading: Reading, source: GeometrySource) -> NDArray[np.object_]:
    """The geometries in EPSG:4326, before anything is asked of them."""
    if source.mgrs:
        return from_grid_references(reading, source.mgrs)
    array = _from_columns(reading, source) if source.longitude or source.wkt else _from_layer(reading, source)
    if source.swapped == "all":
        array = shapely.transform(array, lambda xy: xy[:, ::-1])
    if (source.longitude or source.wkt or reading.table.crs is None) and reading.mapping.crs:
        array, said = to_wgs84(array, reading.mapping.crs, reading.table.place())
        reading.findings += said
    return array


def _as_warning(finding: Finding) -> Finding:
    """An outline of which nothing can be made is left out, not its file; the row goes in without one."""
    if finding.severity != "error" or finding.code not in _OF_ONE_OUTLINE:
        return finding
    return replace(finding, severity="warning", remedy=f"It goes in without an outline. {finding.remedy}".strip())


def _from_layer(reading: Reading, source: GeometrySource) -> NDArray[np.object_]:
    table = reading.table
    if table.geometries is None:
        return np.full(len(table), None, dtype=object)
    if table.crs is None and reading.mapping.crs is None:
        reading.findings.append(
            Finding(
                code="E-CRS-MISSING",
                severity="error",
                place=table.place(),
                rule=81,
                sentence="The layer does not say its coordinate reference system.",
                remedy="Add its .prj file, or name the system in the mapping (`crs: EPSG:32638`).",
            )
        )
    array = table.geometries.copy()
    if not source.missing_allowed:
        unreadable = {finding.place.row for finding in table.findings if finding.code == "E-GEOM-UNREADABLE"}
        for index in _where(shapely.is_missing(array) | shapely.is_empty(array)):
            if table.numbers[index] not in unreadable:
                code = "G-NULL" if array[index] is None else "G-EMPTY"
                _found(reading, code, index, "Draw it, or say `geometry: {missing: allow}` in the mapping.")
    array[shapely.is_empty(array)] = None
    return array


def _from_columns(reading: Reading, source: GeometrySource) -> NDArray[np.object_]:
    if source.wkt:
        return _from_wkt(reading, source.wkt)
    axes = []
    for column in (source.longitude or "", source.latitude or ""):
        marks = column_marks(reading, column, degrees=True)
        cells = reading.cells(column)
        values = floats(cells, marks) if marks else [None] * len(cells)
        for index, (cell, value) in enumerate(zip(cells, values, strict=True)):
            if cell is not None and value is None and marks:
                reading.wrong(
                    "E-GEOM-COORDINATE",
                    index,
                    column,
                    f"{str(cell)[:40]!r} is no coordinate.",
                    "Write decimal degrees, or metres with `crs` in the mapping.",
                )
        axes.append(np.array([np.nan if value is None else value for value in values], dtype=float))
    x, y = axes
    for index in _where(np.isnan(x) != np.isnan(y)):
        reading.wrong(
            "E-GEOM-COORDINATE",
            int(index),
            source.latitude or "",
            "One coordinate of the two is missing.",
            "Give both or none.",
        )
    array = np.full(len(x), None, dtype=object)
    there = np.isfinite(x) & np.isfinite(y)
    array[there] = shapely.points(x[there], y[there])
    return array


def _from_wkt(reading: Reading, column: str) -> NDArray[np.object_]:
    cells = reading.cells(column)
    texts = np.array([cell if isinstance(cell, str) else None for cell in cells], dtype=object)
    try:
        return np.asarray(shapely.force_2d(shapely.from_wkt(texts)), dtype=object)
    except (ShapelyError, ValueError, TypeError):
        array = np.full(len(texts), None, dtype=object)
    for index, text in enumerate(texts):
        try:
            array[index] = shapely.force_2d(_closed_wkt(reading, index, text))
        except (ShapelyError, ValueError, TypeError):
            reading.wrong(
                "E-GEOM-UNREADABLE",
                index,
                column,
                "The WKT cannot be read.",
                "Write it as POINT (46.9 39.8) or POLYGON ((…)).",
            )
    return array


def _exchange_where_it_fits(reading: Reading, array: NDArray[np.object_], box: Bounds | None) -> None:
    """Rows that lie outside the country, and inside once their axes are exchanged, are exchanged.

    Where the programme states no country, it is the box of the rows that lie together with most others.
    """
    limits = box or reading.decide("where most lie", lambda: _where_most_lie(_bounds_of_all(reading)))
    west, south, east, north = shapely.bounds(array).T
    inside = (west >= limits[0]) & (south >= limits[1]) & (east <= limits[2]) & (north <= limits[3])
    fits = (south >= limits[0]) & (west >= limits[1]) & (north <= limits[2]) & (east <= limits[3])
    for index in _where(~inside & fits):
        array[index] = shapely.transform(array[index], lambda xy: xy[:, ::-1])
        _found(reading, "G-EXCHANGED", index)


def _bounds_of_all(reading: Reading) -> NDArray[np.float64]:
    """The bounds of every row of the whole table as it was given."""
    alone = (Reading(part, reading.mapping, reading.dictionary, whole=reading.whole) for part in reading.parts())
    return np.concatenate([shapely.bounds(_as_given(part, part.mapping.geometry)) for part in alone])


def _where_most_lie(bounds: NDArray[np.float64]) -> Bounds:
    """Bounds of the rows within a few degrees of the middle one."""
    west, south, east, north = bounds.T
    x, y = (west + east) / 2, (south + north) / 2
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return (-180.0, -90.0, 180.0, 90.0)
    near = known & (np.abs(x - np.median(x[known])) <= _FAR_DEGREES) & (np.abs(y - np.median(y[known])) <= _FAR_DEGREES)
    if not near.any():
        return (-180.0, -90.0, 180.0, 90.0)
    return float(west[near].min()), float(south[near].min()), float(east[near].max()), float(north[near].max())


def _closed_wkt(reading: Reading, index: int, text: str | None) -> BaseGeometry | None:
    try:
        return shapely.from_wkt(text)
    except ShapelyError:
        closed = shapely.from_wkt(text, on_invalid="fix")  # None for words that are no WKT at all
        if closed is None:
            raise
    _found(reading, "G-UNCLOSED", index)
    return closed


def _check_coordinates(reading: Reading, shapes: Shapes, box: Bounds | None) -> None:
    """Rules 8 and 9, on the bounds of all geometries at once. Refused ones are taken out."""
    bounds = shapely.bounds(shapes.array)
    west, south, east, north = bounds.T
    there = ~shapely.is_missing(shapes.array)
    finite = np.isfinite(bounds).all(axis=1)
    in_range = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    fits_swapped = (south >= -180) & (north <= 180) & (west >= -90) & (east <= 90)
    zero = (west == 0) & (east == 0) & (south == 0) & (north == 0)
    refused = there & (~finite | ~in_range | zero)
    for index in _where(refused):
        code = "G-NOT-FINITE" if not finite[index] else "G-ZERO-ZERO" if zero[index] else "G-RANGE"
        if code == "G-RANGE" and fits_swapped[index]:
            code = "G-SWAPPED"
        _found(reading, code, index, _SWAP_REMEDY if code == "G-SWAPPED" else "")
    shapes.array[refused] = None
    if box is None:
        return
    inside = (west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3])
    swapped_inside = (south >= box[0]) & (west >= box[1]) & (north <= box[2]) & (east <= box[3])
    outside = there & ~refused & ~inside
    for index in _where(outside & swapped_inside):
        reading.findings.append(
            Finding(
                code="G-SWAPPED",
                severity="error",
                place=reading.table.place(index),
                rule=9,
                remedy=_SWAP_REMEDY,
                sentence="The place lies outside the country, and inside it once latitude and longitude are exchanged.",
            )
        )
    for index in _where(outside & ~swapped_inside):
        reading.findings.append(
            Finding(
                code="W-GEOM-OUTSIDE",
                severity="warning",
                place=reading.table.place(index),
                rule=8,
                sentence="The place lies outside the programme's country.",
                remedy="Check the coordinates and the reference system.",
                values={"longitude": float(west[index]), "latitude": float(south[index])},
            )
        )


_SWAP_REMEDY = (
    "Exchange the two columns, or say `geometry: {swapped: true}` in the mapping, `where_outside` where only some rows are."
)


def _check_types(reading: Reading, shapes: Shapes, kind: Kind) -> None:
    if kind.geometry == "any":
        return
    allowed = _TYPES[kind.geometry]
    types = shapely.get_type_id(shapes.array)
    mixed = types == _COLLECTION if kind.geometry == "polygon" else np.zeros(len(types), dtype=bool)
    for index in _where((types >= 0) & ~np.isin(types, allowed) & ~mixed):
        reading.findings.append(
            Finding(
                code="E-GEOM-TYPE",
                severity="error",
                place=reading.table.place(index),
                rule=13,
                sentence=f"A {shapes.array[index].geom_type} was given; {kind.label('en')} takes a {kind.geometry}.",
                remedy="Map the layer to another kind, or draw the geometry as that type.",
            )
        )
        shapes.array[index] = None


def _mend_polygons(reading: Reading, shapes: Shapes, role: Role) -> None:
    array = shapes.array
    polygons = np.isin(shapely.get_type_id(array), (*_POLYGONS, _COLLECTION))
    if not polygons.any():
        return
    candidates = array.copy()
    candidates[~polygons] = None
    fewer = shapely.get_num_coordinates(shapely.remove_repeated_points(candidates, DOUBLE_VERTEX_DEGREES))
    suspicious = polygons & (~shapely.is_valid(candidates) | (fewer < shapely.get_num_coordinates(candidates)))
    suspicious |= polygons & (~(shapely.area(candidates) > 0) | (shapely.get_type_id(array) == _COLLECTION))
    for index in _where(suspicious):
        mended, findings = repair(array[index], role)
        place = reading.table.place(index)
        reading.findings += [replace(finding, place=place) for finding in findings]
        array[index] = mended
        if waits_for_a_person(findings):
            shapes.waiting.add(index)


def _where(mask: NDArray[np.bool_]) -> list[int]:
    return [int(index) for index in np.flatnonzero(mask)]


def _found(reading: Reading, code: str, index: int, remedy: str = "") -> None:
    severity, rule, sentence, said = CODES[code]
    reading.findings.append(
        Finding(
            code=code,
            severity=severity,
            sentence=sentence,
            remedy=remedy or said,
            rule=rule,
            place=reading.table.place(index),
        )
    )


def geometry_of(wkb: bytes | None) -> BaseGeometry | None:
    """The inverse of `wkb_of` for one geometry."""
    return None if wkb is None else shapely.from_wkb(wkb)


def wkb_of(array: NDArray[np.object_]) -> Sequence[bytes | None]:
    """Two-dimensional little-endian WKB per geometry, as the ledger hashes it."""
    return list(shapely.to_wkb(array, byte_order=1, output_dimension=2))
