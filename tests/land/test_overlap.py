"""The ground two polygons share, without an overlay, is what the overlay cuts out: touching, holes and parts included."""

from functools import reduce

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.land.net_area import Cover
from clearland.land.overlap import common, edges_of, shared_m2
from clearland.land.overlay import intersections

# A coarse grid makes shared corners, shared edges and one polygon drawn twice the rule.
corners = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=7)
FAR = 1_200_000.0


@st.composite
def grounds(draw):
    """A polygon or several, often with holes, somewhere in the plane."""
    rings = draw(st.lists(corners, min_size=1, max_size=3))
    shapes = shapely.make_valid([shapely.Polygon(ring) for ring in rings], method="structure")
    made = reduce(shapely.symmetric_difference, shapes)
    parts = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
    moved = shapely.transform(shapely.union_all(parts), lambda xy: xy * 30 + FAR)
    return moved if moved.geom_type in ("Polygon", "MultiPolygon") else shapely.Polygon()


@settings(max_examples=150, deadline=None)
@given(grounds(), grounds(), grounds())
def test_shared_ground_is_what_the_overlay_cuts_out(one, other, third):
    shapes = np.array([one, other, third], dtype=object)
    edges = edges_of(shapes)
    first, second = np.array([0, 0, 1, 0]), np.array([1, 2, 2, 0])
    cut = intersections(shapes[first], shapes[second])
    assert shared_m2(edges, first, edges, second) == pytest.approx(shapely.area(cut), abs=1e-5)
    both = common(edges, first[:1], edges, second[:1])
    of_three = intersections(cut[:1], shapes[2:])[0].area
    assert shared_m2(both, np.array([0]), edges, np.array([2])) == pytest.approx([of_three], abs=1e-5)


def test_long_outlines_are_overlaid():
    circles = shapely.buffer(shapely.points([[0, 0], [30, 0]]), 50, quad_segs=200)
    edges = edges_of(circles)
    expected = shapely.area(shapely.intersection(*circles))
    assert shared_m2(edges, np.array([0]), edges, np.array([1])) == pytest.approx([expected], rel=1e-12)
    inner = edges_of(shapely.buffer(shapely.points([[2, 2]]), 10, quad_segs=200))
    assert shared_m2(inner, np.array([0]), edges, np.array([0])) == pytest.approx(shapely.area(inner.shape), rel=1e-12)


def test_nothing_shares_nothing():
    edges = edges_of(np.array([shapely.Polygon(), shapely.box(0, 0, 1, 1)], dtype=object))
    assert shared_m2(edges, np.array([0, 1]), edges, np.array([1, 0])).tolist() == [0, 0]
    none = np.empty(0, dtype=np.int64)
    assert len(shared_m2(edges, none, edges, none)) == 0
    assert common(edges, none, edges, none).start.tolist() == [0]


def test_many_products_on_one_ground_and_long_outlines_are_shared_out_alike():
    random = np.random.default_rng(5)
    for corners, ground_corners in ((2, 2), (30, 2), (2, 30), (30, 30)):
        grounds = shapely.buffer(shapely.points([[0, 0], [400, 0]]), 150, quad_segs=ground_corners)
        ground = np.repeat([0, 1], 25)
        middle = random.uniform(-150, 150, (50, 2)) + np.column_stack([ground * 400, np.zeros(50)])
        shapes = shapely.buffer(shapely.points(middle), random.uniform(10, 60, 50), quad_segs=corners)
        covered = shapely.area(shapely.intersection(shapes, grounds[ground]))
        releases = random.random(50) < 0.8
        cover = Cover(
            edges_of(shapes), np.arange(50), edges_of(grounds), ground, shapely.within(shapes, grounds[ground]), covered,
            releases,
        )
        expected = []
        for number, shape in enumerate(shapes):
            gone = shapely.union_all(shapes[:number][releases[:number] & (ground[:number] == ground[number])])
            expected.append(shapely.area(shapely.intersection(shapely.difference(shape, gone), grounds[ground[number]])))
        assert cover.net_m2() == pytest.approx(expected, abs=1e-5)
