"""Which finds belong to which released polygon, and where finds lie.

A find belongs to the product it names; else to the polygons of the work it names, where it lies in or near them (or
has no position); else to polygons it lies in whose work was going on that day.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from clearland.checks.model import Find, Known, Work
from clearland.core.errors import ClearlandError
from clearland.land.area import Geometries
from clearland.land.columns import Ints
from clearland.land.days import days_of
from clearland.land.model import Product
from clearland.land.overlay import unions

LONGEST_WORK_DAYS = 366  # how far back a find can belong to work whose start nobody stated


class Ground:
    """The finds on the ground of the partition: positions in the plane and what they touch, each computed once."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.book = known.cut.register
        self.works = {work.record: work for work in known.works}
        self.product_at = {name: place for place, name in enumerate(self.book.products.id.tolist())}
        self.hazard_at = self.book.position

    def in_plane(self, points: Sequence[shapely.Geometry | None]) -> Geometries:
        """Points in the plane of the partition, in m; an empty point where there is none that can be measured."""
        project = self.book.projection.to_plane
        given = np.array([point if _on_earth(point) else shapely.Point() for point in points], dtype=object)
        try:
            return project(given)
        except ClearlandError:  # one point on the far side of the Earth must not silence the rest
            return np.array([_one(project, point) for point in given], dtype=object)

    @cached_property
    def points(self) -> Geometries:
        """Per find its point in the plane."""
        return self.in_plane([find.point for find in self.known.finds])

    @cached_property
    def newest(self) -> Geometries:
        """Per hazard its newest outline, in the plane."""
        return self.book.versions.shape[self.book.start[1:] - 1]

    @cached_property
    def finds_of(self) -> list[list[int]]:
        """Per product the positions of the finds that belong to it, in order."""
        belongs: list[set[int]] = [set() for _ in self.book.products]
        near = self._near()
        by_activity: dict[str, list[int]] = {}
        for place, product in enumerate(self.book.products):
            if product.activity:
                by_activity.setdefault(product.activity, []).append(place)
        for number, find in enumerate(self.known.finds):
            for place in self._owners(number, find, near[number], by_activity):
                belongs[place].add(number)
        return [sorted(found) for found in belongs]

    def _owners(self, number: int, find: Find, near: list[int], by_activity: dict[str, list[int]]) -> list[int]:
        if find.product in self.product_at:
            return [self.product_at[find.product]]
        if find.activity in by_activity:
            polygons = by_activity[find.activity]
            return polygons if find.point is None else [place for place in polygons if place in near]
        lies_in = [place for place in near if shapely.intersects(self.book.product_shape[place], self.points[number])]
        return [place for place in lies_in if self._going_on(find, self.book.products[place])]

    def _near(self) -> list[list[int]]:
        """Per find the products within reach of it."""
        found: list[list[int]] = [[] for _ in self.known.finds]
        tree = shapely.STRtree(self.book.product_shape)
        pairs = tree.query(self.points, predicate="dwithin", distance=self.known.limits.near_m)
        for number, place in zip(*pairs.tolist(), strict=True):
            found[number].append(place)
        return [sorted(several) for several in found]

    def _going_on(self, find: Find, product: Product) -> bool:
        """Whether the find was made while the product's work went on."""
        if find.found_on is None or product.ended is None:
            return False
        work = self.works.get(product.activity or "")
        ended = days_of(product.ended)[1]
        began = days_of(work.started)[0] if work and work.started else ended - LONGEST_WORK_DAYS
        first, last = days_of(find.found_on)
        return began <= last and first <= ended

    def wanted(self, product: Product) -> frozenset[str]:
        """The categories the product looked for: its targets, else the contamination of its hazards; empty: any find."""
        if product.targets:
            return product.targets
        named = [self.book.hazards[self.hazard_at[name]] for name in product.hazards if name in self.hazard_at]
        return frozenset[str]().union(*(hazard.versions[-1].contamination for hazard in named))

    def target_finds(self, place: int) -> list[Find]:
        """The finds of a product that are of the categories it looked for."""
        wanted = self.wanted(self.book.products[place])
        finds = [self.known.finds[number] for number in self.finds_of[place]]
        return [find for find in finds if find.counts and (not wanted or find.category in wanted or find.category == "UNK")]

    def work_of(self, product: Product) -> Work | None:
        """The survey or clearance a product came from."""
        return self.works.get(product.activity or "")

    def outlines_named(self, products: Ints) -> tuple[Ints, Geometries]:
        """Those of the products that name a hazard with an outline, and per product the union of all such outlines."""
        count = max(len(self.book.hazards), 1)
        product, hazard = np.divmod(np.unique(self.book.named), count)
        keep = np.isin(product, products) & self.book.drawn[hazard] if len(hazard) else np.zeros(0, dtype=bool)
        product, hazard = product[keep], hazard[keep]
        if not len(product):
            return product, np.empty(0, dtype=object)
        found, group = np.unique(product, return_inverse=True)
        return found, unions(np.asarray(shapely.geometrycollections(self.book.extent[hazard], indices=group), dtype=object))


def _on_earth(point: shapely.Geometry | None) -> bool:
    return isinstance(point, shapely.Point) and not point.is_empty and abs(point.x) <= 180 and abs(point.y) <= 90


def _one(project: Callable[[Sequence[Any]], Geometries], point: Any) -> Any:
    try:
        return project([point])[0]
    except ClearlandError:
        return shapely.Point()
