"""A geometry column for both databases: shapely geometry in, shapely geometry out, EPSG:4326 (longitude, latitude).

SQLite stores GeoPackage binary (OGC 12-128r17, clause 2.1.3), so the programme file is a GeoPackage as it stands;
PostgreSQL stores PostGIS `geometry(Geometry, 4326)`. Not GeoDjango: it needs system libraries (design section 4).
"""

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import shapely
from django.db import models
from shapely.geometry.base import BaseGeometry

SRS_ID = 4326
_WKB_POINT = 1
_HEADER_EMPTY = struct.pack("<2sBBi", b"GP", 0, 0b0001_0001, SRS_ID)
_HEADER_POINT = struct.pack("<2sBBi", b"GP", 0, 0b0000_0001, SRS_ID)
_HEADER_ENVELOPE = struct.pack("<2sBBi", b"GP", 0, 0b0000_0011, SRS_ID)
_ENVELOPE = struct.Struct("<4d")
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def to_gpkg(geometry: BaseGeometry) -> bytes:
    """GeoPackage binary, little-endian, with an XY envelope unless the geometry is a point or empty."""
    return gpkg_from_wkb(to_wkb(geometry), None if geometry.is_empty else geometry.bounds)


def gpkg_from_wkb(wkb: bytes, bounds: Sequence[float] | None) -> bytes:
    """GeoPackage binary around little-endian WKB; `bounds` are min x, min y, max x, max y, None for an empty
    geometry."""
    if bounds is None:
        return _HEADER_EMPTY + wkb
    if wkb[1] == _WKB_POINT:
        return _HEADER_POINT + wkb
    return _HEADER_ENVELOPE + _ENVELOPE.pack(bounds[0], bounds[2], bounds[1], bounds[3]) + wkb


def from_gpkg(blob: bytes) -> BaseGeometry:
    """The geometry of a GeoPackage binary. Raises ValueError when the header is not one."""
    if blob[:2] != b"GP":
        raise ValueError("not a GeoPackage geometry")
    envelope = (blob[3] >> 1) & 0b111
    return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[envelope] :])


def to_wkb(geometry: BaseGeometry) -> bytes:
    """Two-dimensional little-endian WKB: the bytes that are hashed."""
    return bytes(shapely.to_wkb(geometry, byte_order=1, output_dimension=2))


if TYPE_CHECKING:
    _GeometryBase = models.Field[BaseGeometry | None, BaseGeometry | None]
else:
    _GeometryBase = models.Field  # Django's class takes type parameters in its stubs only


class GeometryField(_GeometryBase):
    """A nullable geometry of any type in EPSG:4326."""

    description = "Geometry (EPSG:4326)"

    def db_type(self, connection: Any) -> str:
        """`geometry(Geometry,4326)` on PostgreSQL, `BLOB` on SQLite."""
        return "geometry(Geometry,4326)" if connection.vendor == "postgresql" else "BLOB"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> BaseGeometry | None:
        """shapely geometry from what the driver returns."""
        if value is None:
            return None
        return shapely.from_wkb(value) if connection.vendor == "postgresql" else from_gpkg(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """What the driver takes: hexadecimal EWKB on PostgreSQL, GeoPackage binary on SQLite."""
        if value is None or isinstance(value, (bytes, str)):
            return value
        if connection.vendor == "postgresql":
            return shapely.to_wkb(shapely.set_srid(value, SRS_ID), hex=True, include_srid=True, output_dimension=2)
        return to_gpkg(value)
