"""Outlines read from a table's own buffer are what shapely reads, plain or not; records from columns are the records."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from clearland.figures.land_columns import hazards_from, products_from
from clearland.land.balance import balance
from clearland.land.columns import Lists, Words
from clearland.land.outlines import bounds_of, plain_in_plane, rings_of
from clearland.land.partition import partition
from clearland.work.bench.nation_rows import hazard_rows, product_rows
from tests.land.nation import PLANE, nation

SQUARE = shapely.box(-28.001, 41, -28, 41.001)
ODD = [
    SQUARE, None, shapely.Polygon(), shapely.MultiPolygon([SQUARE]), shapely.force_3d(SQUARE), shapely.Point(-28, 41),
    shapely.Polygon([(-28, 41), (-27, 41), (-27, 42)]),  # long edges
    shapely.Polygon([(-28, 41), (-27.999, 41.001), (-27.999, 41), (-28, 41.001)]),  # crosses itself
    shapely.Polygon(SQUARE.exterior.coords, [shapely.box(-28.0008, 41.0002, -28.0006, 41.0004).exterior.coords]),
    shapely.Polygon([(0, 0), (200, 0), (200, 1)]),
]  # fmt: skip


def stored(shapes):
    rows = {"record": [f"r{place}" for place in range(len(shapes))], "geometry": shapely.to_wkb(np.array(shapes, dtype=object))}
    wanted = product_rows(nation(len(shapes)).products).drop_columns(["record", "geometry"])
    return products_from(pa.table({**dict(zip(wanted.column_names, wanted.columns, strict=True)),
                                   "record": pa.array(rows["record"]), "geometry": pa.array(rows["geometry"], pa.binary())}))


@pytest.mark.parametrize("order", [1, -1])
def test_plain_outlines_are_projected_at_once_and_others_left(order):
    outlines = stored(ODD).take(np.arange(len(ODD))[::order]).geometry
    given = np.array(ODD, dtype=object)[::order]
    assert [outlines[row] is None for row in range(len(ODD))] == [shape is None for shape in given]
    plane = plain_in_plane(outlines, PLANE, threads=2).shape
    drawn = [row for row, shape in enumerate(plane) if shape is not None]
    assert [given[row] for row in drawn] == [SQUARE]
    assert shapely.equals_exact(plane[drawn[0]], PLANE.to_plane([SQUARE])[0], 1e-9)
    same = plain_in_plane(given, PLANE).shape
    assert [given[row].equals(SQUARE) for row, shape in enumerate(same) if shape is not None] == [True, True]  # one had a Z


def test_bounds_are_those_of_all_outlines_that_can_be_read():
    assert bounds_of(stored(ODD[:9]).geometry) == pytest.approx(shapely.total_bounds(np.array(ODD[:9], dtype=object)))
    assert np.isnan(bounds_of(stored([None]).geometry)).all()
    assert len(rings_of(stored([None]).geometry, np.arange(1)).row) == 0


def test_few_outlines_of_a_large_table_are_read_as_all_are():
    drawn = [shapely.box(place, 0, place + 1, 1 + place % 3) for place in range(60)]
    whole = stored(drawn).geometry
    for chosen in ([3, 57], [57, 3, 30], list(range(60))):
        found = rings_of(whole, np.array(chosen))
        assert found.row.tolist() == sorted(chosen)
        assert found.xy.tolist() == shapely.get_coordinates([drawn[row] for row in sorted(chosen)]).tolist()


def test_a_table_gives_the_records_it_was_made_of():
    country = nation(200)
    hazards, products = hazards_from(hazard_rows(country.hazards)), products_from(product_rows(country.products))
    assert list(hazards) == country.hazards
    assert list(products) == country.products
    period: dict[str, Any] = {"period_from": date(2012, 1, 1), "period_to": date(2020, 12, 31)}
    by_columns = balance(hazards, products, **period, cut=partition(hazards, products, threads=2))
    by_records = balance(country.hazards, country.products, **period)
    assert by_columns.as_json() == by_records.as_json()


def test_a_word_nobody_says_has_no_number():
    words = Words.of(["b", None, "a", "b"])
    assert [words[row] for row in range(4)] == ["b", None, "a", "b"]
    assert words.numbered({"a": 7}, -2).tolist() == [-2, -2, 7, -2]
    lists = Lists.of([frozenset({"x", "y"}), frozenset(), frozenset({"y"})])
    assert lists.take(np.array([2, 0]))[1] == {"x", "y"}
    assert lists.bits({"y": 0, "x": 3}).tolist() == [9, 0, 1]
