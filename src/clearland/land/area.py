"""Area on the WGS 84 ellipsoid, edges being geodesics (Karney 2013, through PROJ).

Input is EPSG:4326 in degrees (longitude, latitude); output is m². Nothing here is planar: degrees and Web Mercator
have no square metres (rule 20 of the validator list). The overlay uses `projection.py`, which agrees to 1e-6.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

WGS84 = Geod(ellps="WGS84")
Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[Any]

_POLYGON = int(shapely.GeometryType.POLYGON)
_FIRST_COLLECTION = int(shapely.GeometryType.MULTIPOINT)


def simple_parts(geometries: Geometries) -> tuple[Geometries, npt.NDArray[np.intp]]:
    """The polygons inside, collections opened to any depth, and the index of the geometry each came from."""
    parts, index = shapely.get_parts(geometries, return_index=True)
    while (nested := shapely.get_type_id(parts) >= _FIRST_COLLECTION).any():
        opened, inner = shapely.get_parts(parts[nested], return_index=True)
        parts = np.concatenate([parts[~nested], opened])
        index = np.concatenate([index[~nested], index[nested][inner]])
    polygon = shapely.get_type_id(parts) == _POLYGON
    return parts[polygon], index[polygon]


def areas_m2(geometries: Sequence[BaseGeometry | None] | Geometries) -> Floats:
    """Geodesic area in m² of each geometry (EPSG:4326). What has no area (None, empty, points, lines) gives 0.

    Ring direction and ring start do not matter: a shell adds its size, a hole takes its size away.
    """
    array = np.asarray(geometries, dtype=object)
    areas = np.zeros(len(array))
    parts, part_index = simple_parts(array)
    rings, ring_index = shapely.get_rings(parts, return_index=True)
    if not len(rings):
        return areas
    coordinates = shapely.get_coordinates(rings)
    stops = np.cumsum(shapely.get_num_coordinates(rings))
    shell = np.diff(ring_index, prepend=-1) != 0
    start = 0
    for ring, stop in enumerate(stops):
        size = abs(WGS84.polygon_area_perimeter(coordinates[start:stop, 0], coordinates[start:stop, 1])[0])
        areas[part_index[ring_index[ring]]] += size if shell[ring] else -size
        start = stop
    return areas


def area_m2(geometry: BaseGeometry | None) -> float:
    """Geodesic area in m² of one geometry in EPSG:4326; 0 for None, empty, points and lines."""
    return float(areas_m2([geometry])[0])
