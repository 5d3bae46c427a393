"""Geodesic and plane area agree; area does not depend on how a ring is written."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from clearland.core.errors import ClearlandError
from clearland.land.area import area_m2, areas_m2
from clearland.land.projection import Projection, cut_long_edges

sizes = st.floats(0.0005, 0.2)


def star(lon, lat, size, radii):
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    reach = size * np.array(radii)
    return shapely.Polygon(np.column_stack([lon + reach * np.cos(angles), lat + reach * np.sin(angles)]))


stars = st.builds(
    star, st.floats(-3, 3), st.floats(-3, 3), sizes, st.lists(st.floats(0.2, 1), min_size=3, max_size=12)
)


@settings(deadline=None)
@given(stars, st.floats(-170, 170), st.floats(-60, 60))
def test_plane_area_agrees_with_geodesic_area_to_one_in_a_million(polygon, lon, lat):
    placed = shapely.transform(polygon, lambda xy: np.add(xy, (lon, lat)))
    plane = Projection(lon, lat).to_plane([placed])[0]
    assert plane.area == pytest.approx(area_m2(placed), rel=1e-6)


@settings(deadline=None)
@given(stars, st.integers(0, 11), st.booleans())
def test_area_does_not_depend_on_ring_start_or_direction(polygon, shift, backwards):
    points = list(polygon.exterior.coords)[:-1]
    shift %= len(points)
    points = points[shift:] + points[:shift]
    again = shapely.Polygon(points[::-1] if backwards else points)
    assert area_m2(again) == pytest.approx(area_m2(polygon), rel=1e-9)


def test_area_of_holes_parts_and_things_without_area():
    outer, hole = shapely.box(46, 40, 46.01, 40.01), shapely.box(46.002, 40.002, 46.004, 40.004)
    ring = shapely.Polygon(outer.exterior.coords, [hole.exterior.coords])
    far = shapely.box(47, 40, 47.01, 40.01)
    inner = shapely.GeometryCollection([hole, shapely.Point(1, 1)])
    nested = shapely.GeometryCollection([shapely.MultiPolygon([ring, far]), inner])
    sizes = areas_m2([ring, None, shapely.Point(1, 2), shapely.Polygon(), nested])
    assert sizes[0] == pytest.approx(area_m2(outer) - area_m2(hole), rel=1e-12)
    assert list(sizes[1:4]) == [0, 0, 0]
    assert sizes[4] == pytest.approx(area_m2(outer) + area_m2(far), rel=1e-12)


def test_area_is_that_of_the_ellipsoid():
    """One degree square at the equator on WGS 84, by an independent call on a denser ring."""
    square = cut_long_edges(shapely.box(0, 0, 1, 1), 1000)
    expected = abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.box(0, 0, 1, 1))[0])
    assert area_m2(square) == pytest.approx(expected, rel=1e-10)


def test_long_edges_are_cut_to_at_most_500_m_and_neighbours_share_the_points():
    left = shapely.Polygon([(46, 40), (46.1, 40), (46.1, 40.1), (46, 40.1)])
    right = shapely.Polygon([(46.2, 40), (46.2, 40.1), (46.1, 40.1), (46.1, 40)])
    cut = [cut_long_edges(left), cut_long_edges(right)]
    lon, lat = shapely.get_coordinates(cut[0]).T
    assert Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2].max() <= 500.001
    shared = [{xy for xy in shape.exterior.coords if abs(xy[0] - 46.1) < 1e-9} for shape in cut]
    assert len(shared[0]) > 20
    assert shared[0] == shared[1]


def test_there_and_back_again():
    polygon = shapely.box(46, 40, 46.004, 40.004)
    back = Projection(46, 40).to_earth(Projection(46, 40).to_plane([polygon]))[0]
    assert shapely.hausdorff_distance(back, polygon) < 1e-12


def test_the_other_side_of_the_earth_is_refused():
    with pytest.raises(ClearlandError, match="E-LAND-FAR"):
        Projection(46, 40).to_plane([shapely.Point(-134, -40)])


def test_centre_is_whole_degrees_and_defined_for_nothing():
    assert Projection.around([shapely.box(46.1, 40.2, 46.3, 40.4), None]) == Projection(46, 40)
    assert Projection.around([]) == Projection(0, 0)
