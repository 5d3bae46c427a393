"""Layers that GDAL reads: GeoPackage, Shapefile (zipped), file geodatabase, KML, GPX; local files only.

`dispatch` has looked at the bytes before anything here opens them, so that no driver is chosen by surprise: a "KML"
that is really a virtual data source could name other files of the machine.
"""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pyogrio.errors
import shapely
from numpy.typing import NDArray

from clearland.core.errors import Finding, Place, RefusedInput
from clearland.intake.crs import WGS84, to_wgs84
from clearland.intake.readers.encoding import guess
from clearland.intake.tables import Cell, Hints, Table, name_columns
from clearland.land.geometry import CODES

# Points of routes and tracks are the same coordinates a second time, one row each.
_REPEATED_LAYERS = frozenset({"route_points", "track_points"})
_FAILURES = (
    pyogrio.errors.CRSError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pa.ArrowException,
    ValueError,
    RuntimeError,
    OSError,
    OverflowError,
    KeyError,
    NameError,  # pyogrio stumbles over a .prj that it can open and not write back as WKT
)


def read_layers(target: str, path: Path, hints: Hints, *, format: str, encoding: str | None = None) -> list[Table]:  # noqa: A002
    """A table per layer with rows, geometry in EPSG:4326 where the layer says its reference system.

    `target` is what GDAL opens (a path or a /vsizip/ member of `path`). Raises RefusedInput E-LAYER-*.
    """
    pyogrio.set_gdal_config_options({"CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE": "NO", "OGR_GPKG_FOREIGN_KEY_CHECK": "NO"})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            layers = [str(name) for name, _ in pyogrio.list_layers(target)]
            wanted = [
                name for name in layers if (name in hints.sheets if hints.sheets is not None else name not in _REPEATED_LAYERS)
            ]
            tables = [_read_layer(target, name, path, format, encoding) for name in wanted]
        except _FAILURES as error:
            raise damaged_layer(path, format, str(error)) from error
    if hints.sheets is not None and not wanted:
        raise RefusedInput(
            "E-LAYER-NONE",
            f"There is no layer called {', '.join(hints.sheets)}.",
            place=Place(file=path.name),
            remedy=f"Its layers are: {', '.join(layers)}.",
        )
    filled = [table for table in tables if len(table)]
    if not filled:
        raise RefusedInput(
            "E-LAYER-EMPTY",
            "The file holds no feature.",
            place=Place(file=path.name),
            remedy="Export the layer again.",
        )
    return [replace(filled[0], findings=(*filled[0].findings, *_said_by_driver(caught, path))), *filled[1:]]


def _read_layer(target: str, layer: str, path: Path, format_name: str, encoding: str | None) -> Table:
    meta, content = pyogrio.raw.read_arrow(target, layer=layer, encoding=encoding, return_fids=False)
    place = Place(file=path.name, sheet=layer)
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    has_geometry = geometry_name in content.column_names and meta["geometry_type"] is not None
    names = [name for name in content.column_names if name != geometry_name]
    columns, findings = name_columns(names, place)
    cells = {column: plain_column(content.column(name)) for column, name in zip(columns, names, strict=True)}
    numbers = range(1, content.num_rows + 1)
    table = Table(
        file=path.name,
        sheet=layer,
        format=format_name,
        columns=tuple(columns),
        cells=cells,
        numbers=numbers,
        findings=tuple(findings),
    )
    if not has_geometry:
        return table
    geometries, unreadable = geometries_from_wkb(content.column(geometry_name).to_pylist(), table)
    crs = meta["crs"]
    findings += unreadable
    if crs:
        geometries, said = to_wgs84(geometries, crs, place)
        findings += said
    return replace(table, geometries=geometries, crs=WGS84 if crs else None, findings=tuple(findings))


def geometries_from_wkb(values: Sequence[bytes | None], table: Table) -> tuple[NDArray[np.object_], list[Finding]]:
    """Geometries; those whose bytes cannot be read become None with an error finding, never an exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        read = np.asarray(shapely.from_wkb(np.asarray(values, dtype=object), on_invalid="ignore"), dtype=object)
        lost = [index for index, value in enumerate(values) if value and read[index] is None]
        read[lost] = shapely.from_wkb(np.array([values[index] for index in lost], dtype=object), on_invalid="fix")
        geometries = np.asarray(shapely.force_2d(read), dtype=object)
    findings = [closed_ring(table, index) for index in lost if geometries[index] is not None]
    findings += [
        Finding(
            code="E-GEOM-UNREADABLE",
            severity="error",
            place=table.place(index),
            rule=13,
            sentence="The geometry cannot be read: a ring has too few points, or the bytes are damaged.",
            remedy="Draw it again in the GIS it came from.",
        )
        for index, (value, geometry) in enumerate(zip(values, geometries, strict=True))
        if value and geometry is None
    ]
    return geometries, findings


def plain_column(column: pa.ChunkedArray) -> list[Cell]:
    """An Arrow column as cells: text stripped, whole floats as integers, pictures as nothing."""
    values: list[Cell] = column.to_pylist()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return [value.strip() or None if isinstance(value, str) else None for value in values]
    if pa.types.is_floating(column.type):
        return [
            int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value for value in values
        ]
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return [None] * len(values)  # pictures and attachments are not fields
    return values


def shapefile_encoding(dbf_head: bytes, has_cpg: bool) -> str | None:
    """The code page to read a Shapefile's table with: what its .cpg says (None here), else UTF-8 or a guess."""
    if has_cpg or dbf_head.isascii():
        return None
    body = dbf_head[32:]
    try:
        body[: body.rfind(b" ")].decode("utf-8")
    except UnicodeDecodeError:
        return guess(body.replace(b"  ", b"\n"))
    return "utf-8"


def damaged_layer(path: Path, format_name: str, detail: str) -> RefusedInput:
    """A layer file that GDAL cannot read."""
    return RefusedInput(
        "E-LAYER-DAMAGED",
        f"The {format_name} is damaged or was cut off ({detail or 'it does not open'}).",
        place=Place(file=path.name),
        remedy="Open it in the GIS it came from and export it again.",
    )


def _said_by_driver(caught: Sequence[warnings.WarningMessage], path: Path) -> list[Finding]:
    said = sorted({str(warning.message) for warning in caught if issubclass(warning.category, (RuntimeWarning, UserWarning))})
    return [
        Finding(
            code="W-LAYER-DRIVER",
            severity="warning",
            sentence=f"The reader remarks: {text}",
            place=Place(file=path.name),
            remedy="Check the rows concerned in the GIS the file came from.",
        )
        for text in said
    ]


def closed_ring(table: Table, index: int) -> Finding:
    """What is said of an outline that had to be closed."""
    severity, rule, sentence, remedy = CODES["G-UNCLOSED"]
    return Finding(
        code="G-UNCLOSED", severity=severity, place=table.place(index), rule=rule, sentence=sentence, remedy=remedy
    )
