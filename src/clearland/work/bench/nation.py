"""A generated country for benches and laws: hazards and products with overlaps, slivers, holes and odd shapes.

    nation(products=100_000, seed=7) -> Nation(hazards, products)

One hazard per five products. Of the hazards one in twenty overlaps its neighbour, some of another type, and one in
fifty was redrawn; products overlap each other and stick out of their hazard; one in fifty failed, was too shallow or
looked for something else. The country lies in the open Atlantic. The same seed gives the same nation.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import shapely

from clearland.core.partial_dates import PartialDate
from clearland.land.area import Floats, Geometries
from clearland.land.columns import Ints
from clearland.land.model import Hazard, HazardVersion, Product
from clearland.land.projection import Projection

PLANE = Projection(-28, 41)
SPACING_M = 700.0
TYPES = ("AP", "CMR", "UXO")
DISTRICTS = ("North", "East", "South", "West")
OPERATORS = ("Invented Demining One", "Invented Demining Two", "Invented Demining Three")
_PRODUCT_TYPES: tuple[Literal["cancelled", "reduced", "cleared"], ...] = ("cancelled", "reduced", "cleared")


@dataclass(frozen=True)
class Nation:
    """Hazards and products in EPSG:4326."""

    hazards: list[Hazard]
    products: list[Product]


@dataclass(frozen=True)
class Grounds:
    """Hazardous ground in the plane: centres and radii in metres, and the polygons."""

    centre: Floats
    radius: Floats
    shape: Geometries


def nation(products: int = 1_000, seed: int = 7) -> Nation:
    """A nation of `products` products and a fifth as many hazards."""
    random = np.random.default_rng(seed)
    count = max(products // 5, 1)
    ground = grounds(random, count)
    redrawn = np.nonzero(random.random(count) < 0.02)[0]
    smaller = _blobs(random, ground.centre, ground.radius * 0.6, np.full(count, 9))
    lonlat, second = PLANE.to_earth(ground.shape), PLANE.to_earth(smaller[redrawn])
    hazards = [_hazard(random, number, shape) for number, shape in enumerate(lonlat)]
    for number, shape in zip(redrawn.tolist(), second, strict=True):
        hazards[number] = _redrawn(hazards[number], shape)
    return Nation(hazards, _products(random, products, hazards, ground))


def grounds(random: np.random.Generator, count: int) -> Grounds:
    """Hazardous ground on a grid of 700 m; one in twenty runs into its neighbour, one in twenty has a hole."""
    side = int(np.ceil(np.sqrt(count)))
    place = np.column_stack([np.arange(count) % side, np.arange(count) // side])
    centre = place.astype(np.float64) * SPACING_M - side * SPACING_M / 2
    centre[random.random(count) < 0.05] += (SPACING_M * 0.45, 0)
    radius = random.uniform(120, 330, count)
    shape = _blobs(random, centre, radius, random.integers(5, 24, count))
    holed = random.random(count) < 0.05
    shape[holed] = shapely.difference(shape[holed], shapely.buffer(shapely.points(centre[holed]), 30, quad_segs=2))
    return Grounds(centre, radius, shape)


def _products(random: np.random.Generator, count: int, hazards: list[Hazard], ground: Grounds) -> list[Product]:
    owner = random.integers(0, len(hazards), count)
    angle, reach = random.uniform(0, 2 * np.pi, count), random.uniform(0, 1.0, count) * ground.radius[owner]
    middle = ground.centre[owner] + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    shapes = PLANE.to_earth(_blobs(random, middle, random.uniform(20, 130, count), random.integers(4, 14, count)))
    kinds = random.choice(len(_PRODUCT_TYPES), count, p=[0.2, 0.3, 0.5])
    day = random.integers(0, 365 * 14, count)
    fault = random.random(count)
    made = []
    for number in range(count):
        hazard = hazards[owner[number]]
        made.append(Product(
            id=f"p{number}", local_id=f"SYNTHETIC-P-{number:07d}", product_type=_PRODUCT_TYPES[kinds[number]],
            ended=_day(date(2010, 1, 1), int(day[number])), geometry=shapes[number], hazards=frozenset({hazard.id}),
            targets=frozenset({"CMR"}) if fault[number] < 0.005 else hazard.versions[0].contamination,
            depth_cm=10.0 if 0.005 < fault[number] < 0.012 else 20.0,
            qc_state="failed" if fault[number] > 0.99 else "passed",
            organisation=OPERATORS[number % len(OPERATORS)], place=hazard.versions[0].place,
        ))
    return made


def _hazard(random: np.random.Generator, number: int, shape: Any) -> Hazard:
    kind = TYPES[min(int(random.integers(0, 8)), 2) if random.random() < 0.3 else 0]
    return Hazard(
        id=f"h{number}", local_id=f"SYNTHETIC-H-{number:06d}", organisation=OPERATORS[number % len(OPERATORS)],
        versions=(HazardVersion(
            geometry=shape, area_type="CHA" if random.random() < 0.6 else "SHA", contamination=frozenset({kind}),
            valid_from=_day(date(2004, 1, 1), int(random.integers(0, 365 * 12))),
            required_depth_cm=15.0, place=DISTRICTS[number % len(DISTRICTS)],
        ),),
    )


def _redrawn(hazard: Hazard, shape: Any) -> Hazard:
    first = hazard.versions[0]
    second = HazardVersion(
        geometry=shape, area_type="CHA", contamination=first.contamination, valid_from=PartialDate.parse("2019-06-30"),
        required_depth_cm=first.required_depth_cm, place=first.place, change_reason="nts",
    )
    return Hazard(id=hazard.id, local_id=hazard.local_id, organisation=hazard.organisation, versions=(first, second))


def _day(first: date, days: int) -> PartialDate:
    return PartialDate.of(first + timedelta(days=days))


def _blobs(random: np.random.Generator, middle: Floats, radius: Floats, corners: Ints) -> Geometries:
    """Star-shaped polygons: always valid, seldom convex."""
    ring = np.repeat(np.arange(len(middle)), corners)
    step = np.arange(len(ring)) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = 2 * np.pi * (step + random.uniform(-0.3, 0.3, len(ring))) / corners[ring]
    reach = radius[ring] * random.uniform(0.55, 1.0, len(ring))
    points = middle[ring] + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    first = np.cumsum(corners) - corners
    order = np.argsort(np.concatenate([ring, np.arange(len(middle))]), kind="stable")
    points = np.concatenate([points, points[first]])[order]
    rings = shapely.linearrings(points, indices=np.concatenate([ring, np.arange(len(middle))])[order])
    return np.asarray(shapely.polygons(rings), dtype=object)
