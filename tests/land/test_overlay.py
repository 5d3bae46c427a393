"""Cutting goes on where GEOS gives up, and no input breaks the balance."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.errors import GEOSException

from clearland.core.partial_dates import PartialDate
from clearland.land import overlay
from clearland.land.balance import balance
from clearland.land.model import Hazard, HazardVersion, Product

LEFT = np.array([shapely.box(0, 0, 2, 2), shapely.box(10, 0, 12, 2)], dtype=object)
RIGHT = np.array([shapely.box(1, 0, 3, 2), shapely.box(11, 0, 13, 2)], dtype=object)


def failing(operation, *, unless):
    """The operation, refusing like GEOS unless the condition on its arguments holds."""

    def refuse(*arguments, **options):
        if not unless(*arguments, **options):
            raise GEOSException("TopologyException: made up")
        return operation(*arguments, **options)

    return refuse


@pytest.mark.parametrize(
    "unless",
    [
        lambda a, _, **options: isinstance(a, shapely.Polygon),
        lambda a, _, **options: isinstance(a, shapely.Polygon) and "grid_size" in options,
    ],
    ids=["one by one", "on the grid"],
)
def test_a_failing_cut_is_tried_again_smaller(monkeypatch, unless):
    monkeypatch.setattr(shapely, "intersection", failing(shapely.intersection, unless=unless))
    monkeypatch.setattr(shapely, "difference", failing(shapely.difference, unless=unless))
    assert shapely.area(overlay.intersections(LEFT, RIGHT)) == pytest.approx([2, 2])
    assert shapely.area(overlay.differences(LEFT, RIGHT)) == pytest.approx([2, 2])


def test_a_failing_union_is_tried_again_on_the_grid(monkeypatch):
    groups = np.array([shapely.GeometryCollection([left, right]) for left, right in zip(LEFT, RIGHT, strict=True)])
    monkeypatch.setattr(
        shapely, "union_all", failing(shapely.union_all, unless=lambda _, **options: "grid_size" in options)
    )
    assert shapely.area(overlay.unions(groups)) == pytest.approx([6, 6])


def test_what_has_no_area_is_left_out_of_a_cut():
    touching = np.array([shapely.box(2, 0, 3, 2), shapely.Point(11, 1)], dtype=object)
    cut = overlay.intersections(LEFT, touching)
    assert shapely.area(cut).tolist() == [0, 0]
    assert set(shapely.get_type_id(cut).tolist()) <= {3, 6}


corners = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=7)
outlines = st.builds(
    lambda points: shapely.Polygon([(-28 + x / 500 + x * y / 10_000, 41 + y / 500) for x, y in points]), corners
)


@settings(max_examples=60, deadline=None)
@given(st.lists(outlines, min_size=1, max_size=4), st.lists(outlines, max_size=5))
def test_any_outlines_valid_or_not_give_a_balance_that_closes(grounds, works):
    hazards = [
        Hazard(id=f"h{number}", local_id=f"H-{number}", versions=(
            HazardVersion(geometry=ground, area_type="CHA", contamination=frozenset({"AP"}), valid_from=PartialDate(2018)),
        ))
        for number, ground in enumerate(grounds)
    ]
    products = [
        Product(id=f"p{number}", local_id=f"P-{number}", product_type="cleared", ended=PartialDate(2019 + number),
                geometry=work, targets=frozenset({"AP"}))
        for number, work in enumerate(works)
    ]
    result = balance(hazards, products, period_from=date(2019, 1, 1), period_to=date(2021, 12, 31))
    assert result.closes
    assert result.gap_m2 < 1e-3
    assert all((row.closing_m2 or 0) > -1e-3 for row in result.rows)
