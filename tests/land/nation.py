"""A generated country for tests and benches: hazards and products with overlaps, slivers, holes and odd shapes.

    nation(products=100_000, seed=7) -> Nation(hazards, products)

One hazard per five products. Of the hazards one in twenty overlaps its neighbour, some of another type, and one in
fifty was redrawn; products overlap each other and stick out of their hazard; one in fifty failed, was too shallow or
looked for something else. The country lies in the open Atlantic. The same seed gives the same nation.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from clearland.core.partial_dates import PartialDate
from clearland.land.model import Hazard, HazardVersion, Product
from clearland.land.projection import Projection

PLANE = Projection(-28, 41)
SPACING_M = 700.0
TYPES = ("AP", "CMR", "UXO")
DISTRICTS = ("North", "East", "South", "West")
OPERATORS = ("Invented Demining One", "Invented Demining Two", "Invented Demining Three")


@dataclass(frozen=True)
class Nation:
    hazards: list[Hazard]
    products: list[Product]


def nation(products: int = 1_000, seed: int = 7) -> Nation:
    """Hazards and products in EPSG:4326."""
    random = np.random.default_rng(seed)
    count = max(products // 5, 1)
    side = int(np.ceil(np.sqrt(count)))
    centre = np.column_stack([np.arange(count) % side, np.arange(count) // side]) * SPACING_M
    centre -= side * SPACING_M / 2
    centre[random.random(count) < 0.05] += (SPACING_M * 0.45, 0)  # these run into their neighbour
    radius = random.uniform(120, 330, count)
    grounds = _blobs(random, centre, radius, random.integers(5, 24, count))
    holed = random.random(count) < 0.05
    grounds[holed] = shapely.difference(grounds[holed], shapely.buffer(shapely.points(centre[holed]), 30, quad_segs=2))
    redrawn = np.nonzero(random.random(count) < 0.02)[0]
    smaller = _blobs(random, centre, radius * 0.6, np.full(count, 9))
    lonlat, second = PLANE.to_earth(grounds), PLANE.to_earth(smaller[redrawn])
    hazards = [_hazard(random, number, shape) for number, shape in enumerate(lonlat)]
    for number, shape in zip(redrawn.tolist(), second, strict=True):
        hazards[number] = _redrawn(hazards[number], shape)
    return Nation(hazards, _products(random, products, hazards, centre, radius))


def _products(random, count, hazards, centre, radius):
    owner = random.integers(0, len(hazards), count)
    angle, reach = random.uniform(0, 2 * np.pi, count), random.uniform(0, 1.0, count) * radius[owner]
    middle = centre[owner] + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    shapes = PLANE.to_earth(_blobs(random, middle, random.uniform(20, 130, count), random.integers(4, 14, count)))
    kinds = random.choice(["cancelled", "reduced", "cleared"], count, p=[0.2, 0.3, 0.5]).tolist()
    day = random.integers(0, 365 * 14, count)
    fault = random.random(count)
    made = []
    for number in range(count):
        hazard = hazards[owner[number]]
        date = PartialDate.of((np.datetime64("2010-01-01") + day[number]).astype(object))
        made.append(Product(
            id=f"p{number}", local_id=f"SYNTHETIC-P-{number:07d}", product_type=kinds[number], ended=date,
            geometry=shapes[number], hazards=frozenset({hazard.id}),
            targets=frozenset({"CMR"}) if fault[number] < 0.005 else hazard.versions[0].contamination,
            depth_cm=10.0 if 0.005 < fault[number] < 0.012 else 20.0,
            qc_state="failed" if fault[number] > 0.99 else "passed",
            organisation=OPERATORS[number % len(OPERATORS)], place=hazard.versions[0].place,
        ))
    return made


def _hazard(random, number, shape):
    kind = TYPES[min(int(random.integers(0, 8)), 2) if random.random() < 0.3 else 0]
    return Hazard(
        id=f"h{number}", local_id=f"SYNTHETIC-H-{number:06d}", organisation=OPERATORS[number % len(OPERATORS)],
        versions=(HazardVersion(
            geometry=shape, area_type="CHA" if random.random() < 0.6 else "SHA", contamination=frozenset({kind}),
            valid_from=PartialDate.of((np.datetime64("2004-01-01") + int(random.integers(0, 365 * 12))).astype(object)),
            required_depth_cm=15.0, place=DISTRICTS[number % len(DISTRICTS)],
        ),),
    )


def _redrawn(hazard, shape):
    first = hazard.versions[0]
    second = HazardVersion(
        geometry=shape, area_type="CHA", contamination=first.contamination, valid_from=PartialDate.parse("2019-06-30"),
        required_depth_cm=first.required_depth_cm, place=first.place, change_reason="nts",
    )
    return Hazard(id=hazard.id, local_id=hazard.local_id, organisation=hazard.organisation, versions=(first, second))


def _blobs(random, middle, radius, corners):
    """Star-shaped polygons: always valid, seldom convex."""
    ring = np.repeat(np.arange(len(middle)), corners)
    step = np.arange(len(ring)) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = 2 * np.pi * (step + random.uniform(-0.3, 0.3, len(ring))) / corners[ring]
    reach = radius[ring] * random.uniform(0.55, 1.0, len(ring))
    points = middle[ring] + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    first = np.cumsum(corners) - corners
    order = np.argsort(np.concatenate([ring, np.arange(len(middle))]), kind="stable")
    points = np.concatenate([points, points[first]])[order]
    return shapely.polygons(shapely.linearrings(points, indices=np.concatenate([ring, np.arange(len(middle))])[order]))
