"""The tile encoder against an independent decoder."""

import mapbox_vector_tile
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.web.tiles.mvt import EXTENT, TileLayer, encode, tile_bounds


def layer(*geometries, properties=None):
    rows = properties or [{"n": i} for i in range(len(geometries))]
    return TileLayer("hazard", list(geometries), rows, list(range(1, len(geometries) + 1)))


def decode(data):
    return mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})


def square(west, south, side):
    return shapely.box(west, south, west + side, south + side)


def test_polygon_with_a_hole_keeps_it_and_turns_as_the_specification_asks():
    ring = square(0.0, 0.0, 0.01)
    hole = square(0.003, 0.003, 0.002)
    data = encode([layer(ring.difference(hole))], 14, 8192, 8191)
    feature = decode(data)["hazard"]["features"][0]
    assert feature["geometry"]["type"] == "Polygon"
    outer, inner = feature["geometry"]["coordinates"]
    # with y pointing down an outer ring is clockwise on the screen: anticlockwise in plain coordinates
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(inner).is_ccw
    west, _, east, _ = tile_bounds(14, 8192, 8191, 0)
    expected = 0.01 / (east - west) * EXTENT
    assert abs(max(x for x, _ in outer) - expected) <= 1
    assert feature["id"] == 1


def test_points_lines_and_collections():
    data = encode(
        [
            layer(
                shapely.Point(0.001, 0.001),
                shapely.MultiPoint([(0.001, 0.001), (0.002, 0.002)]),
                shapely.LineString([(0, 0), (0.005, 0.005), (0.01, 0)]),
                shapely.GeometryCollection([square(0, 0, 0.005), shapely.Point(0.01, 0.01)]),
            )
        ],
        14, 8192, 8191,
    )
    kinds = {f["id"]: f["geometry"]["type"] for f in decode(data)["hazard"]["features"]}
    assert kinds == {1: "Point", 2: "MultiPoint", 3: "LineString", 4: "Polygon"}


def test_property_types_survive():
    properties = [{"name": "Füzuli", "m2": 12.5, "count": -3, "open": True}]
    data = encode([layer(shapely.Point(0.001, 0.001), properties=properties)], 14, 8192, 8191)
    assert decode(data)["hazard"]["features"][0]["properties"] == properties[0]


def test_what_lies_elsewhere_is_left_out_and_an_empty_tile_is_empty():
    assert encode([layer(square(40, 40, 0.01))], 14, 8192, 8191) == b""
    assert encode([layer()], 14, 8192, 8191) == b""
    data = encode([layer(square(40, 40, 0.01), square(0, 0, 0.01))], 14, 8192, 8191)
    assert [f["id"] for f in decode(data)["hazard"]["features"]] == [2]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 0.02), st.floats(0.0, 0.02), st.floats(0.0005, 0.01), st.integers(3, 40), st.booleans()
        ),
        min_size=1, max_size=12,
    )
)
def test_area_in_tile_units_agrees_with_the_clipped_polygon(blobs):
    """Every polygon decodes to the area that clipping leaves, within rounding of its outline."""
    shapes = []
    for x, y, radius, corners, holed in blobs:
        angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
        ring = np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle)))
        shape = shapely.Polygon(ring)
        shapes.append(shape.difference(shape.buffer(-radius * 0.4)) if holed else shape)
    west, south, east, north = tile_bounds(14, 8192, 8191)
    unit = (tile_bounds(14, 8192, 8191, 0)[2] - tile_bounds(14, 8192, 8191, 0)[0]) / EXTENT
    data = encode([layer(*shapes)], 14, 8192, 8191)
    decoded = {f["id"]: f for f in decode(data).get("hazard", {"features": []})["features"]}
    for number, shape in enumerate(shapes, start=1):
        clipped = shape.intersection(shapely.box(west, south, east, north))
        area = clipped.area / unit**2
        got = shapely.geometry.shape(decoded[number]["geometry"]).area if number in decoded else 0.0
        assert abs(got - area) <= 6 * clipped.length / unit + 40


def test_varints_of_large_coordinates():
    data = encode([layer(shapely.LineString([(-0.0003, 0.0005), (0.0225, 0.0005)]))], 14, 8192, 8191)
    (feature,) = decode(data)["hazard"]["features"]
    assert feature["geometry"]["coordinates"][0][0] < 0
    assert feature["geometry"]["coordinates"][-1][0] > EXTENT
