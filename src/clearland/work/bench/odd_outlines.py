"""A file as countries hand it over: hazards and released polygons with every fault that outlines have.

    write(folder, 10_000) -> Files(hazards, released, hazard_mapping, released_mapping)

Null and empty ones, bow-ties, rings that are not closed or given twice, holes outside their shell, slivers, spikes,
collections with points and lines, 1 mm overlaps, Z values, multiparts that touch or overlap, exchanged axes. The
polygons are SYNTHETIC and lie in the open Atlantic; the same seed gives the same files.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from clearland.work.bench.nation import nation

Shape = dict[str, Any]
IDENTIFIED = "2004-01-01"  # before all work, so that what may be released is a question of geometry alone
_MILLIMETRE_DEGREES = 1.2e-8
_SLIVER_DEGREES = 1e-7
HAZARD_MAPPING = """\
kind: hazard
series: odd-hazards
local_id: "{nr}"
key: [nr]
geometry: {missing: allow, unusable: leave_out, swapped: where_outside}
fields:
  area_type: {constant: CHA}
  contamination: {constant: AP}
  identified_on: found
  required_depth_cm: {constant: 10}
"""
RELEASED_MAPPING = """\
kind: land_release
series: odd-released
local_id: "{nr}"
key: [nr]
geometry: {missing: allow, unusable: leave_out, swapped: where_outside}
fields:
  product_type: what
  release_date: ended
  depth_cm: {constant: 20}
  targets: {constant: AP}
  qc_state: {constant: passed}
"""


@dataclass(frozen=True)
class Files:
    """Two GeoJSON files and a mapping for each."""

    hazards: Path
    released: Path
    hazard_mapping: Path
    released_mapping: Path


def write(folder: Path, polygons: int, seed: int = 7) -> Files:
    """`polygons` in all: one hazard in five, the rest released polygons on them."""
    country = nation(polygons * 4 // 5, seed)
    random = np.random.default_rng(seed)
    hazards = [
        _feature(random, place, hazard.versions[0].geometry, nr=hazard.local_id, found=IDENTIFIED)
        for place, hazard in enumerate(country.hazards)
    ]
    released = [
        _feature(random, place, product.geometry, nr=product.local_id, what=product.product_type, ended=str(product.ended))
        for place, product in enumerate(country.products)
    ]
    files = Files(folder / "hazards.geojson", folder / "released.geojson", folder / "hazards.yaml", folder / "released.yaml")
    for path, features in ((files.hazards, hazards), (files.released, released)):
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    files.hazard_mapping.write_text(HAZARD_MAPPING, encoding="utf-8")
    files.released_mapping.write_text(RELEASED_MAPPING, encoding="utf-8")
    return files


def _feature(random: np.random.Generator, place: int, geometry: Any, **words: str) -> Shape:
    ring = [list(map(float, point)) for point in geometry.exterior.coords]
    kind = place % (2 * len(_FAULTS))  # every second polygon is as it should be
    shape = _FAULTS[kind](random, ring) if kind < len(_FAULTS) else _polygon(ring)
    return {"type": "Feature", "properties": words, "geometry": shape}


def _polygon(*rings: Sequence[Any]) -> Shape:
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


def _null(_: np.random.Generator, ring: list[Any]) -> Any:
    return None


def _bow_tie(random: np.random.Generator, ring: list[Any]) -> Shape:
    points = ring[:-1]
    swap = int(random.integers(0, len(points) - 1))
    points[swap], points[swap + 1] = points[swap + 1], points[swap]
    return _polygon([*points, points[0]])


def _unclosed(_: np.random.Generator, ring: list[Any]) -> Shape:
    return _polygon(ring[:-1])


def _twice(_: np.random.Generator, ring: list[Any]) -> Shape:
    return {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}


def _repeated_vertices(_: np.random.Generator, ring: list[Any]) -> Shape:
    return _polygon([point for point in ring for _ in range(2)])


def _hole_outside(_: np.random.Generator, ring: list[Any]) -> Shape:
    west = min(x for x, _ in ring) - 1e-3
    return _polygon(ring, [[west, ring[0][1]], [west + 2e-4, ring[0][1]], [west, ring[0][1] + 2e-4], [west, ring[0][1]]])


def _sliver(_: np.random.Generator, ring: list[Any]) -> Shape:
    (x, y), (u, v) = ring[0], ring[1]
    return _polygon([[x, y], [u, v], [u, v + _SLIVER_DEGREES], [x, y + _SLIVER_DEGREES], [x, y]])


def _spike(_: np.random.Generator, ring: list[Any]) -> Shape:
    (x, y), (u, v) = ring[0], ring[1]
    return _polygon([[x, y], [x + (x - u) / 3, y + (y - v) / 3], *ring])


def _collection(_: np.random.Generator, ring: list[Any]) -> Shape:
    parts = [{"type": "Point", "coordinates": ring[0]}, {"type": "LineString", "coordinates": ring[:2]}, _polygon(ring)]
    return {"type": "GeometryCollection", "geometries": parts}


def _moved_a_millimetre(_: np.random.Generator, ring: list[Any]) -> Shape:
    moved = [[x + _MILLIMETRE_DEGREES, y] for x, y in ring]
    return {"type": "MultiPolygon", "coordinates": [[ring], [moved]]}


def _with_z(_: np.random.Generator, ring: list[Any]) -> Shape:
    return _polygon([[*point, 120.5] for point in ring])


def _touching_parts(_: np.random.Generator, ring: list[Any]) -> Shape:
    west, south, east, north = shapely.Polygon(ring).bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    return {"type": "MultiPolygon", "coordinates": [[list(map(list, half.exterior.coords))] for half in halves]}


def _exchanged(_: np.random.Generator, ring: list[Any]) -> Shape:
    return _polygon([[y, x] for x, y in ring])


_FAULTS: tuple[Callable[[np.random.Generator, list[Any]], Any], ...] = (
    _null, _bow_tie, _unclosed, _twice, _repeated_vertices, _hole_outside, _sliver, _spike, _collection,
    _moved_a_millimetre, _with_z, _touching_parts, _exchanged,
)  # fmt: skip
