"""Seeded shapes for the synthetic nation: blobs, cuts and districts, in degrees (EPSG:4326).

Everything lies in the South Pacific, more than a thousand kilometres from any land, so that no invented polygon can
ever be taken for ground where people walk.
"""

import math
import random

import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

CENTRE_LON, CENTRE_LAT = -128.0, -38.0
M_PER_DEGREE_LAT = 111_000.0
DECIMALS = 6


def metres(lon: float, lat: float, east_m: float, north_m: float) -> tuple[float, float]:
    """The point `east_m`, `north_m` from (lon, lat), good to a few metres over a country; six decimals."""
    dlat = north_m / M_PER_DEGREE_LAT
    dlon = east_m / (M_PER_DEGREE_LAT * math.cos(math.radians(lat)))
    return round(lon + dlon, DECIMALS), round(lat + dlat, DECIMALS)


def blob(rng: random.Random, lon: float, lat: float, radius_m: float, corners: int = 12) -> Polygon:
    """An uneven polygon around a point, always simple, mean radius `radius_m`."""
    points = []
    for corner in range(corners):
        angle = 2 * math.pi * corner / corners
        reach = radius_m * rng.uniform(0.7, 1.3)
        points.append(metres(lon, lat, reach * math.cos(angle), reach * math.sin(angle)))
    return Polygon(points)


def strip(polygon: BaseGeometry, low: float, high: float) -> BaseGeometry:
    """The part of a polygon between two shares (0 to 1) of its width, west to east."""
    min_x, min_y, max_x, max_y = polygon.bounds
    width = max_x - min_x
    part = polygon.intersection(shapely.box(min_x + low * width, min_y - 1, min_x + high * width, max_y + 1))
    return shapely.set_precision(part, 10**-DECIMALS)


def inner_point(rng: random.Random, polygon: BaseGeometry) -> Point:
    """A point inside a polygon, six decimals."""
    min_x, min_y, max_x, max_y = polygon.bounds
    for _ in range(50):
        point = Point(round(rng.uniform(min_x, max_x), DECIMALS), round(rng.uniform(min_y, max_y), DECIMALS))
        if polygon.contains(point):
            return point
    inside = polygon.representative_point()
    return Point(round(inside.x, DECIMALS), round(inside.y, DECIMALS))


def island(rng: random.Random, radius_m: float, corners: int = 144) -> Polygon:
    """A coast of a few slow waves around the centre of the nation, mean radius `radius_m`."""
    waves = [(count, size * rng.uniform(0.7, 1.3), rng.uniform(0, 2 * math.pi))
             for count, size in ((2, 0.14), (3, 0.09), (5, 0.05), (9, 0.025), (16, 0.012))]  # fmt: skip
    points = []
    for corner in range(corners):
        angle = 2 * math.pi * corner / corners
        reach = radius_m * (1 + sum(size * math.sin(count * angle + phase) for count, size, phase in waves))
        points.append(metres(CENTRE_LON, CENTRE_LAT, 1.25 * reach * math.cos(angle), reach * math.sin(angle)))
    return Polygon(points)


def districts(rng: random.Random, count: int, radius_m: float) -> list[Polygon]:
    """`count` touching districts that fill one island, ordered from north to south."""
    coast = island(rng, radius_m)
    centre = coast.centroid
    seeds = [
        Point(metres(centre.x, centre.y, 0.62 * radius_m * math.cos(angle), 0.55 * radius_m * math.sin(angle)))
        for angle in (2 * math.pi * (number + rng.uniform(-0.2, 0.2)) / (count - 1) for number in range(count - 1))
    ] + [centre]
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=coast.envelope)
    parts = [shapely.set_precision(cell.intersection(coast), 10**-DECIMALS) for cell in cells.geoms]
    largest = [max(shapely.get_parts(part), key=lambda piece: piece.area) for part in parts if not part.is_empty]
    return sorted(largest, key=lambda part: (-part.centroid.y, part.centroid.x))
