"""GeoPackage and GeoParquet: typed columns, geometry as WKB in EPSG:4326."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from clearland.exchange.cells import floats_of, text_of
from clearland.exchange.export import Column, Export

GEOMETRY = "geometry"
_GEOPARQUET = "1.1.0"
_UNUSED_KEY = "clearland_fid"  # the key column GDAL needs; a dictionary may well have a field called fid


def write_geopackage(export: Export, target: Path) -> None:
    """One layer named after the kind; lists are text, since the format has no lists. An existing file is replaced."""
    target.unlink(missing_ok=True)
    table = pa.table({column.name: _array(column, lists=False) for column in export.columns})
    options = {"IDENTIFIER": export.kind.plural_label("en"), "DESCRIPTION": export.about.line(export.kind), "FID": _UNUSED_KEY}
    if not export.with_geometry:
        pyogrio.write_arrow(table, target, layer=export.kind.name, driver="GPKG", layer_options=options)
        return
    table = table.append_column(GEOMETRY, _wkb(export))
    pyogrio.write_arrow(
        table, target, layer=export.kind.name, driver="GPKG", geometry_name=GEOMETRY, geometry_type="Unknown", crs="EPSG:4326",
        layer_options=options,
    )  # fmt: skip


def write_geoparquet(export: Export, target: Path) -> None:
    """GeoParquet 1.1; plain Parquet for a kind without geometry. Longitude before latitude, WGS 84, as the format's default."""
    table = pa.table({column.name: _array(column, lists=True) for column in export.columns})
    metadata = {"clearland": json.dumps({"about": export.about.line(export.kind), "audience": export.about.audience.upper()})}
    if export.with_geometry:
        table = table.append_column(GEOMETRY, _wkb(export))
        column = {"encoding": "WKB", "geometry_types": [], "edges": "spherical"}
        geo = {"version": _GEOPARQUET, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
        metadata["geo"] = json.dumps(geo)
    pq.write_table(table.replace_schema_metadata(metadata), target, compression="zstd")


def _wkb(export: Export) -> pa.Array:
    return pa.array([None if each is None else shapely.to_wkb(each, byte_order=1) for each in export.geometries], pa.binary())


def _array(column: Column, *, lists: bool) -> pa.Array:
    values = column.values
    match column.type:
        case "integer":
            return pa.array(values, pa.int64())
        case "boolean":
            return pa.array(values, pa.bool_())
        case "date":
            return pa.array([date.fromisoformat(str(value)) if value else None for value in values], pa.date32())
        case "decimal" if (floats := floats_of(column)) is not None:
            return pa.array(floats, pa.float64())
        case "list" if lists:
            return pa.array(values, pa.list_(pa.string()))
        case _:
            return pa.array([text_of(value) for value in values], pa.string())
