"""The tables that make the programme file a GeoPackage 1.3 (OGC 12-128r17), and the rows that register its layers.

`gpkg_spatial_ref_sys`, `gpkg_contents`, `gpkg_geometry_columns` (clauses 1.1.2, 1.1.3, 2.1.5) and `gpkg_extensions`
(2.3.2) stand beside Django's tables. Kinds without geometry are registered as `attributes`: while none is, GDAL lists
every table of the file; with one it lists what is registered and nothing else.
"""

from collections.abc import Iterable
from typing import Any

from pyproj import CRS

from clearland.ledger.fields import SRS_ID

APPLICATION_ID = 0x47504B47  # "GPKG" (clause 1.1.1.1.1)
USER_VERSION = 10_300
GEOMETRY_COLUMN = "geom"
_TABLES = (
    """CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE IF NOT EXISTS gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
        z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE IF NOT EXISTS gpkg_extensions (
        table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
        CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
)
_RTREE_EXTENSION = ("gpkg_rtree_index", "http://www.geopackage.org/spec120/#extension_rtree", "write-only")
_NOW = "strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now')"


def install(cursor: Any) -> None:
    """The marks and tables of a GeoPackage. Idempotent."""
    cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    cursor.execute(f"PRAGMA user_version = {USER_VERSION}")
    for table in _TABLES:
        cursor.execute(table)
    wgs84 = CRS.from_epsg(SRS_ID).to_wkt("WKT1_GDAL")
    systems = (
        ("Undefined Cartesian", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
        ("Undefined geographic", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
        ("WGS 84 geodetic", SRS_ID, "EPSG", SRS_ID, wgs84, "longitude and latitude in degrees on WGS 84"),
    )
    cursor.executemany("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (%s, %s, %s, %s, %s, %s)", systems)


def register(cursor: Any, view: str, title: str, description: str, *, with_geometry: bool) -> None:
    """Lists a view as a layer: `features` with an R-tree, or `attributes`. Bounds are those of the view's records."""
    if not with_geometry:
        cursor.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES (%s, 'attributes', %s, %s, 0)",
            [view, title, description],
        )
        return
    cursor.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id, min_x, min_y, max_x, max_y)"
        " SELECT %s, 'features', %s, %s, %s, min(min_x), min(min_y), max(max_x), max(max_y)"
        " FROM record WHERE kind = %s",
        [view, title, description, SRS_ID, view],
    )
    # GEOMETRY, not POLYGON: one kind may hold polygons and multipolygons, and GDAL warns where a row departs.
    cursor.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (%s, %s, 'GEOMETRY', %s, 0, 0)", [view, GEOMETRY_COLUMN, SRS_ID]
    )
    cursor.execute(
        "INSERT INTO gpkg_extensions VALUES (%s, %s, %s, %s, %s)", [view, GEOMETRY_COLUMN, *_RTREE_EXTENSION]
    )


def unregister_all(cursor: Any) -> None:
    """Takes every layer off the list."""
    for table in ("gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"):
        cursor.execute(f"DELETE FROM {table}")


def feature_layers(cursor: Any) -> set[str]:
    """The registered layers with geometry."""
    cursor.execute("SELECT table_name FROM gpkg_geometry_columns")
    return {row[0] for row in cursor.fetchall()}


def retitle(cursor: Any, mark: str, marks: str) -> None:
    """Puts further marks beside the one that every layer's title bears."""
    cursor.execute(
        "UPDATE gpkg_contents SET identifier = replace(identifier, %s, %s) WHERE instr(identifier, %s) = 0",
        [mark, marks, marks],
    )


def touch(cursor: Any, layer: str, boxes: Iterable[tuple[float, float, float, float]]) -> None:
    """Notes that a layer changed and widens its bounds to boxes of min x, min y, max x, max y in degrees.

    Bounds never shrink here (they need only contain the layer); `register` makes them anew.
    """
    sides = list(zip(*boxes, strict=True))
    if not sides:
        cursor.execute(f"UPDATE gpkg_contents SET last_change = {_NOW} WHERE table_name = %s", [layer])
        return
    box = [min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])]
    cursor.execute(
        f"""UPDATE gpkg_contents SET last_change = {_NOW},
               min_x = min(coalesce(min_x, %s), %s), min_y = min(coalesce(min_y, %s), %s),
               max_x = max(coalesce(max_x, %s), %s), max_y = max(coalesce(max_y, %s), %s)
            WHERE table_name = %s""",
        [*(side for each in box for side in (each, each)), layer],
    )
