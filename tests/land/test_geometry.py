"""Repair: never a traceback, never silent, the cautious reading kept."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.land.area import area_m2
from clearland.land.geometry import fits_if_swapped, repair, ring_from_points, waits_for_a_person

SQUARE = shapely.box(46, 40, 46.01, 40.01)


def codes(findings):
    return [finding.code for finding in findings]


def quietly(make, *arguments):
    """GEOS warns about infinite coordinates while the test builds them; the repair itself must not."""
    with np.errstate(all="ignore"):
        return make(*arguments)


numbers = st.one_of(
    st.floats(-0.01, 0.01).map(lambda x: round(x, 3)), st.floats(-200, 200), st.sampled_from([math.inf, 0.0, 46.0])
)
points = st.tuples(numbers, numbers)
lists = st.lists(points, min_size=3, max_size=8)
lines = st.builds(quietly, st.just(shapely.LineString), lists)
polygons = st.builds(quietly, st.just(shapely.Polygon), lists)
with_holes = st.builds(quietly, st.just(shapely.Polygon), lists, st.lists(lists, max_size=2))
multipart = st.builds(shapely.MultiPolygon, st.lists(polygons, max_size=3))
single = st.one_of(st.builds(shapely.Point, points), lines, polygons, with_holes)
flat = st.one_of(single, multipart, st.just(shapely.Polygon()), st.just(SQUARE))
collections = st.builds(shapely.GeometryCollection, st.lists(flat, max_size=3))
nested = st.builds(shapely.GeometryCollection, st.lists(st.one_of(flat, collections), max_size=3))
anything = st.one_of(flat, collections, nested)


@settings(deadline=None)
@given(st.one_of(st.none(), anything), st.sampled_from(["hazard", "product"]))
def test_whatever_comes_in_a_valid_polygon_or_a_refusal_goes_out(geometry, role):
    repaired, findings = repair(geometry, role)
    if repaired is None:
        assert any(finding.severity == "error" for finding in findings)
    else:
        assert repaired.is_valid
        assert repaired.geom_type in {"Polygon", "MultiPolygon"}
        assert area_m2(repaired) > 0
        assert not any(finding.severity == "error" for finding in findings)
        again, more = repair(repaired, role)
        assert again is not None
        assert shapely.equals(again, repaired) or "G-DOUBLE-VERTEX" in codes(more)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=3, max_size=9))
def test_a_hazard_never_reads_smaller_than_a_product(corners):
    outline = shapely.Polygon([(46 + x / 1000, 40 + y / 1000) for x, y in corners])
    larger, smaller = repair(outline, "hazard")[0], repair(outline, "product")[0]
    assert (larger is None) == (smaller is None)
    if larger is not None:
        assert area_m2(larger) >= area_m2(smaller) * (1 - 1e-9)


def mended(geometry, role):
    repaired, findings = repair(geometry, role)
    assert repaired is not None
    return repaired, findings


def test_a_valid_polygon_passes_untouched():
    repaired, findings = mended(SQUARE, "hazard")
    assert repaired.equals_exact(SQUARE, 0)
    assert findings == []


def test_swapped_turning_points_read_as_the_square_for_a_hazard_and_as_the_bow_tie_for_a_product():
    bow_tie = shapely.Polygon([(46, 40), (46.01, 40.01), (46.01, 40), (46, 40.01)])
    hazard, findings = repair(bow_tie, "hazard")
    product, _ = repair(bow_tie, "product")
    assert area_m2(hazard) == pytest.approx(area_m2(SQUARE), rel=1e-9)
    assert area_m2(product) == pytest.approx(area_m2(SQUARE) / 2, rel=1e-3)
    assert codes(findings) == ["G-CROSSES-ITSELF", "G-REPAIR-WAITS"]
    assert waits_for_a_person(findings)
    assert findings[-1].values["m2_after"] == pytest.approx(area_m2(SQUARE))


def test_a_part_inside_a_part_is_an_island_for_a_hazard_and_a_hole_for_a_product():
    island = shapely.MultiPolygon([SQUARE, shapely.box(46.002, 40.002, 46.004, 40.004)])
    assert area_m2(repair(island, "hazard")[0]) == pytest.approx(area_m2(SQUARE))
    smaller, findings = repair(island, "product")
    assert area_m2(smaller) < area_m2(SQUARE)
    assert "G-PARTS-OVERLAP" in codes(findings)


def test_overlapping_parts_count_once_for_both():
    parts = shapely.MultiPolygon([SQUARE, shapely.box(46.005, 40, 46.015, 40.01)])
    whole = area_m2(shapely.box(46, 40, 46.015, 40.01))
    assert area_m2(repair(parts, "hazard")[0]) == pytest.approx(whole)
    assert area_m2(repair(parts, "product")[0]) == pytest.approx(whole)


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "G-NULL"),
        (shapely.Polygon(), "G-EMPTY"),
        (shapely.Point(46, 40), "G-NO-AREA"),
        (shapely.LineString([(46, 40), (47, 41)]), "G-NO-AREA"),
        (shapely.Polygon([(46, 40), (46.5, 40), (46.25, 40)]), "G-ZERO-AREA"),
        (quietly(shapely.Polygon, [(46, 40), (math.inf, 40), (46.25, 41)]), "G-NOT-FINITE"),
        (shapely.box(4600, 40, 4601, 41), "G-RANGE"),
        (shapely.Polygon([(0, 0), (46, 40), (46.1, 40)]), "G-ZERO-ZERO"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_its_reason(geometry, code):
    repaired, findings = repair(geometry, "hazard")
    assert repaired is None
    assert codes(findings)[-1] == code


def test_out_of_range_says_when_swapping_would_help():
    assert codes(repair(shapely.box(40, 146, 40.1, 146.1), "hazard")[1]) == ["G-SWAPPED"]


def test_small_tidying_is_told_and_does_not_wait():
    doubled = shapely.Polygon([(46, 40), (46, 40), (46.01, 40), (46.01, 40.0000001), (46.01, 40.01), (46, 40.01)])
    repaired, findings = repair(doubled, "product")
    assert codes(findings) == ["G-DOUBLE-VERTEX"]
    assert findings[0].values["vertices"] == 2
    assert area_m2(repaired) == pytest.approx(area_m2(SQUARE))


def test_points_beside_polygons_are_left_out_and_told():
    mixed = shapely.GeometryCollection([SQUARE, shapely.Point(46, 40)])
    repaired, findings = mended(mixed, "hazard")
    assert repaired.equals(SQUARE)
    assert codes(findings) == ["G-PARTS-DROPPED"]


def test_entered_turning_points_are_closed():
    corners = [(46.0, 40.0), (46.01, 40.0), (46.01, 40.01), (46.0, 40.01)]
    open_ring, findings = ring_from_points(corners, "hazard")
    closed_ring, silent = ring_from_points([*corners, corners[0]], "hazard")
    assert shapely.equals(open_ring, closed_ring)
    assert codes(findings) == ["G-UNCLOSED"]
    assert silent == []
    assert codes(ring_from_points(corners[:2], "hazard")[1]) == ["G-NO-AREA"]
    assert codes(ring_from_points([*corners, (math.nan, 40.0)], "hazard")[1]) == ["G-NOT-FINITE"]


def test_swapped_latitude_and_longitude_are_seen_against_the_country():
    country = (44.7, 38.3, 51.0, 42.0)
    assert fits_if_swapped((40.0, 46.0, 40.1, 46.1), country)
    assert not fits_if_swapped((46.0, 40.0, 46.1, 40.1), country)
    assert not fits_if_swapped((10.0, 10.0, 10.1, 10.1), country)
