"""GeoJSON (RFC 7946, also one feature per line) and plain JSON lists of objects."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.intake.crs import WGS84, to_wgs84
from clearland.intake.limits import Limits
from clearland.intake.readers.encoding import decode
from clearland.intake.readers.vector import closed_ring
from clearland.intake.submissions import submissions_of
from clearland.intake.tables import Cell, Hints, Table

_GEOMETRY_TYPES = frozenset(
    {
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    }
)


def read_json(path: Path, hints: Hints, limits: Limits) -> list[Table]:
    """One table: a row per feature or per object. Raises RefusedInput E-JSON-*."""
    text, findings = decode(path.read_bytes(), path.name, hints.encoding)
    content = _load(text, path)
    if isinstance(content, dict) and content.get("type") == "FeatureCollection":
        features = content.get("features")
        if not isinstance(features, list):
            _refuse(path, "the FeatureCollection has no list of features")
        crs = _old_crs(content, path)
        return [_features(features, str(content.get("name") or path.stem), crs, path, findings)]
    if submissions := submissions_of(content, path):
        return submissions
    if isinstance(content, list) and content and isinstance(content[0], dict) and content[0].get("type") == "Feature":
        return [_features(content, path.stem, WGS84, path, findings)]
    if isinstance(content, dict) and content.get("type") == "Feature":
        return [_features([content], path.stem, WGS84, path, findings)]
    if isinstance(content, list) and content:
        return [_objects(content, path, findings)]
    return _refuse(path, "it is neither GeoJSON nor a list of objects")


def _load(text: str, path: Path) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise RefusedInput(
            "E-JSON-DAMAGED",
            "The JSON is nested too deeply.",
            place=Place(file=path.name),
            remedy="Export it again.",
        ) from error
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        if error.msg == "Extra data" and len(lines) > 1:
            return _load_lines(lines, path)
        raise RefusedInput(
            "E-JSON-DAMAGED",
            f"The JSON is damaged or was cut off ({error.msg}).",
            place=Place(file=path.name, row=error.lineno),
            remedy="Export it again and compare its size with the original.",
        ) from error
    except ValueError as error:
        raise RefusedInput(
            "E-JSON-DAMAGED",
            f"The JSON cannot be read ({error}).",
            place=Place(file=path.name),
            remedy="Export it again.",
        ) from error


def _load_lines(lines: Sequence[str], path: Path) -> list[object]:
    content = []
    for number, line in enumerate(lines, 1):
        line = line.strip("\x1e \t")  # noqa: PLW2901  RFC 8142 starts each text with a record separator
        if not line:
            continue
        try:
            content.append(json.loads(line, parse_constant=_no_constant))
        except (ValueError, RecursionError) as error:
            raise RefusedInput(
                "E-JSON-DAMAGED",
                "A line is not JSON.",
                place=Place(file=path.name, row=number),
                remedy="Export it again.",
            ) from error
    return content


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _old_crs(content: Mapping[str, object], path: Path) -> str:
    """The `crs` member of GeoJSON before RFC 7946, which many programmes still write."""
    member = content.get("crs")
    if not isinstance(member, dict):
        return WGS84
    properties = member.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        _refuse(path, "its `crs` member has no name")
    return name


def _features(features: Sequence[object], name: str, crs: str, path: Path, findings: Sequence[Finding]) -> Table:
    rows: list[Mapping[str, Cell]] = []
    shapes: list[object] = []
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            _refuse(path, "it is no Feature", row=number)
        properties = feature.get("properties")
        row = dict(properties) if isinstance(properties, dict) else {}
        if "id" in feature and "id" not in row:
            row["id"] = feature["id"]
        rows.append(row)
        shapes.append(feature.get("geometry"))
    table = _table(rows, name, path, "GeoJSON", findings)
    geometries, broken = _geometries(shapes, table)
    moved, said = to_wgs84(geometries, crs, Place(file=path.name, sheet=name))
    return replace(table, geometries=moved, crs=WGS84, findings=(*table.findings, *broken, *said))


def _geometries(shapes: Sequence[object], table: Table) -> tuple[NDArray[np.object_], list[Finding]]:
    geometries = np.empty(len(shapes), dtype=object)
    findings = []
    point_at, point_xy = [], []
    for index, shape in enumerate(shapes):
        if shape is None:
            continue
        xy = _plain_point(shape)
        if xy is not None:
            point_at.append(index)
            point_xy.append(xy)
            continue
        try:
            geometries[index] = _one_geometry(shape)
            if _with_closed_rings(shape) != shape:
                findings.append(closed_ring(table, index))
        except (ShapelyError, ValueError, TypeError) as error:
            findings.append(
                Finding(
                    code="E-GEOM-UNREADABLE",
                    severity="error",
                    place=table.place(index),
                    rule=13,
                    sentence=f"The geometry cannot be read ({str(error).strip() or 'it is not GeoJSON'}).",
                    remedy="A ring needs at least four positions, and its last repeats its first; draw it again.",
                )
            )
    if point_at:
        geometries[point_at] = shapely.points(np.array(point_xy, dtype=float))
    return geometries, findings


def _plain_point(shape: object) -> tuple[float, float] | None:
    """The coordinates of the commonest case, so that points are made in bulk."""
    if not isinstance(shape, dict) or shape.get("type") != "Point":
        return None
    position = shape.get("coordinates")
    if isinstance(position, list) and len(position) >= 2 and all(type(part) in (int, float) for part in position[:2]):
        try:
            return float(position[0]), float(position[1])
        except OverflowError:
            return None
    return None


def _one_geometry(shape: object) -> object:
    if not isinstance(shape, dict) or shape.get("type") not in _GEOMETRY_TYPES:
        raise ValueError("its type is no geometry type")
    geometry = shapely.from_geojson(json.dumps(_with_closed_rings(shape)))
    return shapely.force_2d(geometry)


def _with_closed_rings(shape: Any) -> Any:
    """The same GeoJSON with every ring of a polygon that ends elsewhere led back to its first position."""
    kind, coordinates = shape.get("type"), shape.get("coordinates")
    if kind == "GeometryCollection" and isinstance(shape.get("geometries"), list):
        return {**shape, "geometries": [_with_closed_rings(part) for part in shape["geometries"] if isinstance(part, dict)]}
    if kind == "Polygon" and isinstance(coordinates, list):
        return {**shape, "coordinates": [_closed(ring) for ring in coordinates]}
    if kind == "MultiPolygon" and isinstance(coordinates, list):
        return {**shape, "coordinates": [[_closed(ring) for ring in part] for part in coordinates]}
    return shape


def _closed(ring: Any) -> Any:
    open_end = isinstance(ring, list) and len(ring) > 2 and ring[0] != ring[-1]
    return [*ring, ring[0]] if open_end else ring


def _objects(items: Sequence[object], path: Path, findings: Sequence[Finding]) -> Table:
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            _refuse(path, "it is no object with named values", row=number)
    return _table([item for item in items if isinstance(item, dict)], None, path, "JSON", findings)


def _table(
    rows: Sequence[Mapping[str, Cell]], sheet: str | None, path: Path, format_name: str, findings: Sequence[Finding]
) -> Table:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    cells = {name: [_plain(row.get(name)) for row in rows] for name in columns}
    return Table(
        file=path.name,
        sheet=sheet,
        format=format_name,
        columns=columns,
        cells=cells,
        numbers=range(1, len(rows) + 1),
        findings=tuple(findings),
    )


def _plain(value: Cell) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def _refuse(path: Path, sentence: str, row: int | None = None) -> NoReturn:
    raise RefusedInput(
        "E-JSON-SHAPE",
        f"The JSON cannot be read as a table: {sentence}.",
        place=Place(file=path.name, row=row),
        remedy="Add GeoJSON (a FeatureCollection) or a list of objects with the same names.",
    )
