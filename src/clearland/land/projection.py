"""The plane in which polygons are cut: Lambert azimuthal equal-area, centred on the programme (design section 6).

The projection keeps areas exactly; a straight edge in it is not quite a geodesic, so edges longer than 500 m are first
cut along the geodesic. Geodesic area and plane area then agree to 1e-6 (tests/land/test_projection.py).
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import ClearlandError
from clearland.land.area import WGS84, Floats, Geometries

LONGEST_EDGE_M = 500.0
# In the plane an edge may look up to this much shorter than it is, thousands of kilometres from the centre.
PLANE_SCALE_AT_LEAST = 0.9
_cache = threading.local()  # a PROJ transformer must not be shared between threads


@dataclass(frozen=True)
class Projection:
    """Equal-area plane in metres around a centre given in degrees (EPSG:4326)."""

    lon: float
    lat: float

    @property
    def definition(self) -> str:
        """The plane in PROJ's words."""
        return f"+proj=laea +lat_0={self.lat!r} +lon_0={self.lon!r} +ellps=WGS84 +units=m +no_defs"

    @classmethod
    def around(cls, geometries: Sequence[BaseGeometry | None] | Geometries) -> "Projection":
        """Centred on the middle of all bounds, rounded to whole degrees so that one more polygon rarely moves it."""
        bounds = shapely.total_bounds(np.asarray(geometries, dtype=object)) if len(geometries) else np.full(4, np.nan)
        return cls.amid(bounds)

    @classmethod
    def amid(cls, bounds: Floats) -> "Projection":
        """The same, of known bounds: west, south, east, north in degrees, NaN where there are none."""
        if not np.isfinite(bounds).all():
            return cls(0.0, 0.0)
        return cls(float(np.round((bounds[0] + bounds[2]) / 2)), float(np.round((bounds[1] + bounds[3]) / 2)))

    def to_plane(self, geometries: Sequence[BaseGeometry | None] | Geometries) -> Geometries:
        """EPSG:4326 to plane metres, long edges cut along the geodesic. None stays None.

        Raises ClearlandError (E-LAND-FAR) for coordinates that have no image, on the other side of the Earth.
        """
        degrees = np.asarray(geometries, dtype=object)
        plane = self._transformed(degrees, "FORWARD")
        long = _with_long_edges(plane)
        if len(long):
            cut = np.array([cut_long_edges(geometry) for geometry in degrees[long]], dtype=object)
            plane[long] = self._transformed(cut, "FORWARD")
        return plane

    def to_earth(self, geometries: Sequence[BaseGeometry | None] | Geometries) -> Geometries:
        """Plane metres to EPSG:4326."""
        return self._transformed(np.asarray(geometries, dtype=object), "INVERSE")

    def moved(self, xy: Floats, direction: str = "FORWARD") -> Floats:
        """Points (n × 2) in degrees to plane metres; back with `INVERSE`. Raises ClearlandError (E-LAND-FAR)."""
        transformer = self._transformer()
        moved = np.column_stack(transformer.transform(xy[:, 0], xy[:, 1], direction=direction))
        if direction == "INVERSE":  # PROJ's series is a millimetre off; one step back and forth mends that
            again = np.column_stack(transformer.transform(moved[:, 0], moved[:, 1]))
            aim = xy + (xy - again)
            moved = np.column_stack(transformer.transform(aim[:, 0], aim[:, 1], direction=direction))
        if not np.isfinite(moved).all():
            raise ClearlandError(
                "E-LAND-FAR", "Coordinates lie too far from the centre of the programme to be measured with it.",
                remedy="Check the coordinates, or the centre in the programme's settings.",
            )
        return moved

    def _transformed(self, geometries: Geometries, direction: str) -> Geometries:
        moved = shapely.transform(geometries, lambda xy: self.moved(xy, direction))
        return np.asarray(moved, dtype=object)

    def _transformer(self) -> Transformer:
        known: dict[Projection, Transformer] = _cache.__dict__.setdefault("transformers", {})
        if self not in known:
            # Given as steps, not as two systems to be looked up: fifty times as fast to make, for each thread anew.
            known[self] = Transformer.from_pipeline(
                "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
                f"+step +proj=laea +lat_0={self.lat!r} +lon_0={self.lon!r} +ellps=WGS84"
            )
        return known[self]


def _with_long_edges(plane: Geometries) -> Any:
    """Positions of the geometries that may have an edge longer than LONGEST_EDGE_M."""
    xy, index = shapely.get_coordinates(plane, return_index=True)
    if len(xy) < 2:
        return np.empty(0, dtype=np.intp)
    length = np.hypot(*np.diff(xy, axis=0).T)
    same = index[1:] == index[:-1]  # jumps between rings of one geometry only make it a candidate: harmless
    return np.unique(index[1:][same & (length > LONGEST_EDGE_M * PLANE_SCALE_AT_LEAST)])


def cut_long_edges(geometry: BaseGeometry, longest_m: float = LONGEST_EDGE_M) -> BaseGeometry:
    """The same geometry (EPSG:4326) with every longer edge cut into equal steps along its geodesic."""
    if shapely.is_empty(geometry):
        return geometry
    if geometry.geom_type == "Polygon":
        rings = [_cut_ring(shapely.get_coordinates(ring), longest_m) for ring in shapely.get_rings(geometry)]
        return shapely.Polygon(rings[0], rings[1:])
    if hasattr(geometry, "geoms"):
        return type(geometry)([cut_long_edges(part, longest_m) for part in geometry.geoms])
    return geometry


def _cut_ring(lonlat: Any, longest_m: float) -> Any:
    first, second = lonlat[:-1], lonlat[1:]
    # Both neighbours of a shared border must get the same points: measure each edge from the same of its two ends.
    turned = (first[:, 0] > second[:, 0]) | ((first[:, 0] == second[:, 0]) & (first[:, 1] > second[:, 1]))
    start = np.where(turned[:, None], second, first)
    end = np.where(turned[:, None], first, second)
    azimuth, _, length = WGS84.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    steps = np.maximum(np.ceil(np.nan_to_num(length) / longest_m).astype(int), 1)
    edge = np.repeat(np.arange(len(first)), steps)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(steps) - steps, steps)
    along = np.where(turned[edge], steps[edge] - step, step) / steps[edge]
    lon, lat, _ = WGS84.fwd(start[edge, 0], start[edge, 1], azimuth[edge], length[edge] * along)
    points = np.column_stack([lon, lat])
    points[step == 0] = first  # entered vertices stay to the last bit
    return np.vstack([points, lonlat[-1:]])
